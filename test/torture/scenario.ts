import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { listTemporaries } from '../../src/activity/sweep.ts';
import { lockFile } from '../../src/lock.ts';
import { viewsFile } from '../../src/query/views.ts';
import type { Lake } from '../../src/zone.ts';
import { landGoldenWorld } from '../helpers/golden.ts';
import { fingerprints } from '../helpers/world.ts';
import { type Ended, type Faults, runAdlake } from './child.ts';

/** A command on a prepared lake, and what it must leave when nothing disturbs it. */
export interface Scenario {
  readonly name: string;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly run: (home: string, faults: Faults | null) => Promise<Ended>;
  /** A lake as it is before the command; never touched. */
  readonly template: string;
  /** Path and SHA-256 of each file that must be there afterwards. */
  readonly expected: Readonly<Record<string, string>>;
  /** The files of a lake that are compared, as in `expected`. */
  readonly zones: (lake: Lake) => Readonly<Record<string, string>>;
  /** Operations of the undisturbed command, in order, as `name path`. */
  readonly operations: readonly string[];
}

/** What a disturbed run left: null when it is what an undisturbed run leaves. */
export type Difference = string | null;

/**
 * A full run over a landing that is there, on a lake that has nothing else; `more` narrows it, as typed
 * on the command line.
 */
export function fullRun(more: readonly string[] = []): Promise<Scenario> {
  const prepare = async (lake: Lake) => landGoldenWorld(lake);
  return scenario({ name: 'full', prepare, ...OFFLINE, argv: [...OFFLINE.argv, ...more] });
}

/** A run over what has landed since the last one: the answers of the newest day. */
export function incrementalRun(more: readonly string[] = []): Promise<Scenario> {
  const argv = [...OFFLINE.argv, ...more];
  const prepare = async (lake: Lake) => {
    landGoldenWorld(lake, ({ head }) => head.today <= '2026-10-03');
    await runAdlake(argv, { home: lake.home, env: OFFLINE.env, isClockFixed: true });
    landGoldenWorld(lake, ({ head }) => head.today > '2026-10-03');
  };
  return scenario({ name: 'incremental', prepare, ...OFFLINE, argv });
}

/**
 * A first pull of two days of one account from the sandbox, on an empty lake. When an answer lands is
 * part of landing and of the lineage, so what is compared is what follows from them: rows and tables.
 */
export function pullingRun(): Promise<Scenario> {
  return scenario({
    name: 'pull',
    prepare: async () => {},
    argv: ['run', '--today', '2026-11-20'],
    env: { META_FIRST_PULL_DAYS: '2' },
    isCompared: (path) => !/^zones\/landing|lineage\.csv$|\/batches\//.test(path),
  });
}

type Sketch = Pick<Scenario, 'name'> & {
  readonly prepare: (lake: Lake) => Promise<void>;
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Takes a path from the lake's home. */
  readonly isCompared: (path: string) => boolean;
};

/** One record of the golden world is refused, on purpose. */
const OFFLINE: Omit<Sketch, 'name' | 'prepare'> = {
  argv: ['run', '--offline', '--today', '2026-10-29'],
  env: { ADLAKE_MAX_QUARANTINE_SHARE: '0.5' },
  isCompared: () => true,
};

/** Copies the scenario's lake, disturbs the command on it, runs it again, and compares. */
export async function disturb(of: Scenario, faults: Faults): Promise<Difference> {
  const home = copyOf(of);
  try {
    const disturbed = await of.run(home, faults);
    const wrong = wrongEnd(of, faults, disturbed);
    if (wrong !== null) return wrong;
    return await healed(of, home);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

/** A run takes a few operations more or fewer than another: the last points may lie behind its end. */
const VARYING_OPERATIONS = 20;

function wrongEnd(of: Scenario, faults: Faults, { code, signal, stderr }: Ended): Difference {
  if ('kill' in faults || 'killAfter' in faults) {
    const isLate = Number(faults.kill) >= (of.operations.length - VARYING_OPERATIONS) * 2;
    const isOver = signal === 'SIGKILL' || (isLate && code === 0);
    return isOver ? null : `was not killed, but ended with ${code}`;
  }
  const isTold = code === 74 && /^What to do: /m.test(stderr) && !/^\s+at /m.test(stderr);
  return isTold ? null : `ended with ${code ?? signal} and said: ${stderr}`;
}

/** Runs the command undisturbed, and says how the lake then differs from what it must be. */
export async function healed(of: Scenario, home: string): Promise<Difference> {
  const { code, stderr } = await of.run(home, null);
  return code === 0 ? leftBy(of, home) : `the next run ended with ${code}: ${stderr}`;
}

/** How a lake differs from what an undisturbed command leaves. */
export function leftBy(of: Scenario, home: string): Difference {
  const left = listTemporaries({ home });
  if (left.length > 0) return `unfinished files are left: ${left.join(', ')}`;
  if (existsSync(lockFile({ home }))) return 'the lock is left';
  return difference(of.expected, of.zones({ home }));
}

/** A copy of the lake as it is before the command, in a new temporary folder. */
export function copyOf({ template }: Pick<Scenario, 'template'>): string {
  const home = mkdtempSync(join(tmpdir(), 'adlake-torture-'));
  cpSync(template, home, { recursive: true, preserveTimestamps: true });
  return home;
}

async function scenario(sketch: Sketch): Promise<Scenario> {
  const { name, argv, env, isCompared } = sketch;
  const template = mkdtempSync(join(tmpdir(), `adlake-torture-${name}-`));
  await sketch.prepare({ home: template });
  const run = (home: string, faults: Faults | null) =>
    runAdlake(argv, { home, faults, env, isClockFixed: true });
  const zones = (lake: Lake) =>
    Object.fromEntries(Object.entries(zonesOf(lake)).filter(([path]) => isCompared(path)));
  const bare = { name, argv, env, run, template, zones, expected: {}, operations: [] };
  const home = copyOf(bare);
  const report = `${template}.operations`;
  const ended = await run(home, { report });
  if (ended.code !== 0) throw new Error(`The undisturbed run failed: ${ended.stderr}`);
  const operations = readFileSync(report, 'utf8').trim().split('\n');
  const expected = zones({ home });
  rmSync(home, { recursive: true, force: true });
  rmSync(report);
  return { ...bare, expected, operations };
}

/** The views name the lake's own folder: their text counts without it. */
function zonesOf(lake: Lake): Readonly<Record<string, string>> {
  const found = fingerprints(lake, ['landing', 'raw', 'staging', 'curated', 'quarantine']);
  const path = relative(lake.home, viewsFile(lake));
  if (found[path] === undefined) return found;
  const text = readFileSync(viewsFile(lake), 'utf8').replaceAll(lake.home, '');
  return { ...found, [path]: text };
}

function difference(
  expected: Readonly<Record<string, string>>,
  found: Readonly<Record<string, string>>,
): Difference {
  const paths = [...new Set([...Object.keys(expected), ...Object.keys(found)])].sort();
  const path = paths.find((each) => expected[each] !== found[each]);
  if (path === undefined) return null;
  if (found[path] === undefined) return `${path} is missing`;
  return expected[path] === undefined ? `${path} is there and should not` : `${path} differs`;
}
