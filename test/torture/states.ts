import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { adlake } from '../helpers/command-line.ts';
import { CLOCK } from './child.ts';
import { copyOf, type Difference, leftBy, type Scenario } from './scenario.ts';

/**
 * Every state that the lake passes through while a command works: what a kill at that moment leaves,
 * since what was written stays written when a process ends. To begin from a state takes one run, not two.
 */
export interface States {
  /** States that differ from the one before. */
  readonly count: number;
  /** Begins the command anew on the lake as it was in a state, and compares what it leaves. */
  readonly resume: (index: number) => Promise<Difference>;
  readonly close: () => void;
}

interface Change {
  readonly at: string;
  /** Path to the name of its bytes; null for a folder. */
  readonly set: Readonly<Record<string, string | null>>;
  readonly gone: readonly string[];
}

/** Runs the scenario once, undisturbed, and keeps every state on the way. */
export async function statesOf(of: Scenario): Promise<States> {
  const folder = mkdtempSync(join(tmpdir(), 'adlake-torture-states-'));
  const home = copyOf(of);
  const ended = await of.run(home, { states: folder });
  rmSync(home, { recursive: true });
  if (ended.code !== 0) throw new Error(`The undisturbed run failed: ${ended.stderr}`);
  const changes = readFileSync(join(folder, 'states.ndjson'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Change);
  const ends = changes
    .map(({ set, gone }, index) => (Object.keys(set).length + gone.length > 0 ? index : -1))
    .filter((index) => index >= 0);
  return {
    count: ends.length,
    resume: (index) => resume(of, { folder, changes: changes.slice(0, (ends[index] ?? 0) + 1) }),
    close: () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function resume(
  of: Scenario,
  from: { readonly folder: string; readonly changes: readonly Change[] },
): Promise<Difference> {
  const home = mkdtempSync(join(tmpdir(), 'adlake-torture-'));
  try {
    put(home, from);
    const again = await atFixedTime(() => adlake([...of.argv, '--lake', home], of.env));
    const where = from.changes.at(-1)?.at;
    if (again.exitCode !== 0) return `${where}: the next run ended with ${again.stderr}`;
    const difference = leftBy(of, home);
    return difference === null ? null : `${where}: ${difference}`;
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** As in the processes of the scenario; nothing else runs in this one meanwhile. */
async function atFixedTime<T>(work: () => Promise<T>): Promise<T> {
  const real = Date.now;
  Date.now = () => Date.parse(CLOCK);
  try {
    return await work();
  } finally {
    Date.now = real;
  }
}

function put(
  home: string,
  from: { readonly folder: string; readonly changes: readonly Change[] },
): void {
  const state = new Map<string, string | null>();
  for (const { set, gone } of from.changes) {
    for (const path of gone) state.delete(path);
    for (const [path, name] of Object.entries(set)) state.set(path, name);
  }
  for (const [path, name] of state) {
    if (name === null) mkdirSync(join(home, path), { recursive: true });
    else {
      mkdirSync(dirname(join(home, path)), { recursive: true });
      writeFileSync(join(home, path), readFileSync(join(from.folder, name)));
    }
  }
}
