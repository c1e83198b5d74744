import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { bytesBelow, newLake, putLanding } from './bench-lake.ts';
import { firstLanding, manyAccounts } from './generate.ts';
import { adlake, node, ROOT, repeated, script } from './measure.ts';
import { lineOf, STAGES } from './rebuild.ts';
import type { Bench, Found } from './sections.ts';

/** The plain path over the same landing, or over 100,000 rows of it: its rows per second do not grow. */
export async function plainSection(bench: Bench): Promise<Found> {
  const size = { ...bench.size, rows: Math.min(bench.size.rows, PLAIN_ROWS) };
  const made = firstLanding(size);
  const home = newLake('plain');
  const run = repeated(bench.times, () => script('plain.ts', made.landing, home));
  const seconds = JSON.parse(run.stdout) as Readonly<Record<string, number>>;
  const bytes = (zone: string): number =>
    zone === 'landing' ? made.bytes : bytesBelow(join(home, zone));
  const lines = STAGES.map(([stage, from, into]) =>
    lineOf('plain', stage, {
      made,
      took: { seconds: seconds[stage] ?? 0 },
      read: bytes(from),
      written: bytes(into),
    }),
  );
  const written = STAGES.reduce((sum, [, , zone]) => sum + bytes(zone), 0);
  return {
    lines: [...lines, lineOf('plain', 'all', { made, took: run, read: made.bytes, written })],
    notes: [`the plain path was measured with ${size.rows} rows`],
  };
}

const PLAIN_ROWS = 100_000;

/** A run that finds nothing to do in a lake of many partitions, all of them tiny. */
export async function noopSection(bench: Bench): Promise<Found> {
  const { accounts, months } = bench;
  const home = newLake('noop');
  putLanding(home, manyAccounts(accounts, months));
  adlake('run', '--offline', '--lake', home);
  const run = repeated(bench.times, () => adlake('run', '--offline', '--lake', home));
  return {
    goals: [
      {
        what: `a run with nothing to do, ${accounts} accounts, ${months} months`,
        unit: 's',
        must: 5,
        aim: 1,
        measured: run.seconds,
        byCpu: run.cpuSeconds,
      },
    ],
    notes: [`partitions of the run with nothing to do: ${accounts * months}, of one dataset`],
  };
}

/** The first `npm start`: the sandbox with 90 days of history. */
export async function startSection(): Promise<Found> {
  const home = newLake('start');
  const run = node([join(ROOT, 'scripts', 'run-all.mjs'), '--lake', home], home);
  return {
    goals: [
      {
        what: 'first npm start (sandbox, 90 days)',
        unit: 's',
        must: 60,
        aim: 20,
        measured: run.seconds,
      },
    ],
  };
}

/** `npm ci` on an empty cache; needs the network. */
export async function installSection(): Promise<Found> {
  const home = newLake('install');
  mkdirSync(home, { recursive: true });
  for (const name of ['package.json', 'package-lock.json']) {
    copyFileSync(join(ROOT, name), join(home, name));
  }
  const started = performance.now();
  const cache = join(home, 'cache');
  const run = spawnSync('npm', ['ci', '--cache', cache], { cwd: home, encoding: 'utf8' });
  if (run.status !== 0) throw new Error(run.stderr);
  const measured = (performance.now() - started) / 1000;
  return { goals: [{ what: 'npm ci on an empty cache', unit: 's', must: 120, aim: 75, measured }] };
}
