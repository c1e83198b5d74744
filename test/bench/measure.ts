import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BENCH_FOLDER } from './generate.ts';

/** What one process took. */
export interface Measured {
  /** From start to end, the start of Node included. */
  readonly seconds: number;
  /** User and system time of all threads. */
  readonly cpuSeconds: number;
  /** The most memory it held at one time. */
  readonly rssMegabytes: number;
  readonly stdout: string;
}

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));

/** Runs adlake as a process of its own. Throws with what it said when its exit code is not 0. */
export function adlake(...argv: readonly string[]): Measured {
  return node([join(ROOT, 'scripts', 'adlake.mjs'), ...argv]);
}

/** Runs a script of this folder (TypeScript) as a process of its own. */
export function script(name: string, ...argv: readonly string[]): Measured {
  return node(['--import', 'tsx', join(ROOT, 'test', 'bench', name), ...argv]);
}

/** Runs Node as a process of its own, in the folder `cwd`, with hardly any environment. */
export function node(argv: readonly string[], cwd: string = ROOT): Measured {
  mkdirSync(BENCH_FOLDER, { recursive: true });
  const usage = join(BENCH_FOLDER, `usage-${process.pid}.json`);
  const preload = new URL('./usage.mjs', import.meta.url).href;
  const started = performance.now();
  const child = spawnSync(process.execPath, ['--import', preload, ...argv], {
    cwd,
    encoding: 'utf8',
    maxBuffer: 1e9,
    env: {
      PATH: process.env.PATH,
      HOME: BENCH_FOLDER,
      TMPDIR: process.env.TMPDIR,
      BENCH_USAGE: usage,
    },
  });
  const seconds = (performance.now() - started) / 1000;
  if (child.status !== 0) throw new Error(`${argv.join(' ')}\n${child.stderr}`);
  const used = JSON.parse(readFileSync(usage, 'utf8')) as Omit<Measured, 'seconds' | 'stdout'>;
  rmSync(usage);
  return { seconds, ...used, stdout: child.stdout };
}

/** The middle one by time; of an even number, the faster of the two in the middle. */
export function median<T extends { readonly seconds: number }>(all: readonly T[]): T {
  const sorted = [...all].sort((left, right) => left.seconds - right.seconds);
  const middle = sorted[Math.floor((sorted.length - 1) / 2)];
  if (middle === undefined) throw new Error('nothing was measured');
  return middle;
}

/** Does something `times` times and gives the middle one. */
export function repeated<T extends { readonly seconds: number }>(times: number, once: () => T): T {
  return median(Array.from({ length: times }, once));
}
