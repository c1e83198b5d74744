import { rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import type { Area } from './area.ts';
import { CRASH_AREAS, scenarioFolders } from './crash-areas.ts';
import { DEFENCE_AREA } from './defence-area.ts';
import { FAST_AREA } from './fast-area.ts';
import { FUZZ_AREA } from './fuzz-area.ts';
import { LEAK_AREA } from './leak-area.ts';
import { reportOf, writeReport } from './report.ts';
import { type AreaResult, type Difference, type Tell, tryAll, tryOne } from './round.ts';
import { SOURCE_AREAS } from './source-areas.ts';
import { watch } from './watchdog.ts';

/** Every way to break adlake. */
export const AREAS: readonly Area[] = [
  FAST_AREA,
  FUZZ_AREA,
  ...CRASH_AREAS,
  ...SOURCE_AREAS,
  LEAK_AREA,
  DEFENCE_AREA,
];

/** Runs what the command line asks for, and gives the exit code: 1 when something did not hold. */
export async function torture(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: OPTIONS });
  const started = Temporal.Now.instant();
  const minutes = Number(values.minutes);
  const seed = Number(values.seed ?? Math.floor(started.epochMilliseconds / 1000) % 1_000_000);
  const chosen = values.only?.split(',');
  const areas = AREAS.filter(({ name }) => chosen?.includes(name) ?? true);
  if (!(minutes > 0) || !Number.isSafeInteger(seed) || areas.length === 0) return told(USAGE, 2);
  const watchdog = watch();
  const tell: Tell = { begins: watchdog.begins, ended: watchdog.ended, differs };
  process.stderr.write(`Seed ${seed}, ${minutes} minutes.\n`);
  const results =
    values.case === undefined
      ? await tryAll(areas, { seconds: minutes * 60, seed, tell })
      : [await tryOne(AREAS, values.case, tell)];
  await watchdog.stop();
  for (const folder of await scenarioFolders()) rmSync(folder, { recursive: true, force: true });
  const at = values.out ?? join(tmpdir(), `adlake-torture-report-${seed}`);
  return concluded(results, {
    at,
    minutes,
    seed,
    started: started.toString({ smallestUnit: 'second' }),
  });
}

const OPTIONS = {
  minutes: { type: 'string', default: '20' },
  seed: { type: 'string' },
  case: { type: 'string' },
  only: { type: 'string' },
  out: { type: 'string' },
} as const;

const USAGE = `npm run torture -- [--minutes 20] [--seed N] [--only ${AREAS.map(({ name }) => name).join(',')}] [--case ID] [--out FOLDER]\n`;

function concluded(
  results: readonly AreaResult[],
  asked: {
    readonly at: string;
    readonly minutes: number;
    readonly seed: number;
    readonly started: string;
  },
): number {
  const report = reportOf(results, asked);
  const path = writeReport(asked.at, report);
  for (const { name, cases, possible } of results) {
    process.stdout.write(`${name}: ${cases}${possible === null ? '' : ` of ${possible}`} cases\n`);
  }
  const { kill_points, inputs, differences, leaks } = report;
  return told(
    `${kill_points} kill points, ${inputs} inputs, ${differences} differences, ${leaks} leaks.\nReport: ${path}\n`,
    differences === 0 ? 0 : 1,
  );
}

function told(text: string, exitCode: number): number {
  process.stdout.write(text);
  return exitCode;
}

function differs({ case: id, what }: Difference): void {
  const [first = ''] = what.split('\n');
  process.stderr.write(
    `DIFFERS ${id}: ${first.slice(0, 300)}\n  npm run torture -- --case ${id}\n`,
  );
}
