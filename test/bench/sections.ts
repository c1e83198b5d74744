import { newLake, putLanding } from './bench-lake.ts';
import { dailyLanding, firstLanding, type Size } from './generate.ts';
import type { Goal } from './goal.ts';
import { adlake, type Measured, median, repeated } from './measure.ts';
import { type Rebuilt, rebuild, type StageLine } from './rebuild.ts';
import { inTurn, middleTurn, ratioOf, settle, shown, TURNS } from './turns.ts';

/** What a section of the benchmark found. */
export interface Found {
  readonly lines?: readonly StageLine[];
  readonly goals?: readonly Goal[];
  readonly notes?: readonly string[];
}

/** What sections are given; a lake that one of them built is used by the others. */
export interface Bench {
  readonly size: Size;
  /** How often what is short is measured; the middle one counts. */
  readonly times: number;
  /** Size of the lake in which there is nothing to do. */
  readonly accounts: number;
  readonly months: number;
  /** A lake of the size in its state after the first pull, built once. */
  readonly rebuilt: () => Promise<Rebuilt>;
}

/** A bench over lakes of one size; when it must be quick, stages are not measured apart. */
export function benchOf(
  size: Size,
  limits: Pick<Bench, 'times' | 'accounts' | 'months'> & { readonly isQuick: boolean },
): Bench {
  let built: Promise<Rebuilt> | null = null;
  const rebuilt = (): Promise<Rebuilt> => {
    built ??= rebuild(size, Math.max(limits.times, TURNS), limits.isQuick);
    return built;
  };
  return { size, ...limits, rebuilt };
}

/** The full rebuild beside the floor. */
export async function rebuildSection(bench: Bench): Promise<Found> {
  const { turns, lines, compared } = await bench.rebuilt();
  return {
    lines,
    goals: [
      {
        what: 'full rebuild, landing to curated',
        unit: 'x floor',
        must: 1.2,
        aim: 0.6,
        measured: ratioOf(turns, 'seconds'),
        byCpu: ratioOf(turns, 'cpuSeconds'),
      },
      {
        what: 'peak RSS of it',
        unit: 'MB',
        must: 600,
        aim: 400,
        measured: Math.max(...turns.map(({ other }) => other.rssMegabytes)),
      },
    ],
    notes: [
      `${compared} rows of raw, staging and curated are the same as the floor's`,
      `the floor took ${shown(turns.map(({ base }) => base))}`,
      `adlake took ${shown(turns.map(({ other }) => other))}`,
    ],
  };
}

/** A day's run: 28 days were asked for again and all their figures are new. */
export async function dailySection(bench: Bench): Promise<Found> {
  const { home, turns } = await bench.rebuilt();
  const floor = middleTurn(turns).base;
  const run = dailyRun(home, bench.size);
  const runs = Array.from({ length: Math.max(bench.times, TURNS) }, (_, pull) => run(pull));
  const daily = median(runs);
  return {
    goals: [
      {
        what: 'daily run, 28 days restated, without the network',
        unit: 'x floor',
        must: 0.35,
        aim: 0.15,
        measured: daily.seconds / floor.seconds,
        byCpu: daily.cpuSeconds / floor.cpuSeconds,
      },
    ],
    notes: [`the daily run took ${shown(runs)}`],
  };
}

/** The same day's run on a lake that has three times the days. */
export async function olderSection(bench: Bench): Promise<Found> {
  const { size } = bench;
  const older = { ...size, rows: size.rows * 3, days: size.days * 3 };
  const turns = inTurn(
    bench.times,
    dailyRun(built(size, 'young'), size),
    dailyRun(built(older, 'old'), older),
  );
  return {
    goals: [
      {
        what: 'the same daily run on a lake three times as old',
        unit: 'x',
        must: 1.5,
        aim: 1.1,
        measured: ratioOf(turns, 'seconds'),
        byCpu: ratioOf(turns, 'cpuSeconds'),
      },
    ],
    notes: [
      `the daily run took ${shown(turns.map(({ base }) => base))}`,
      `on the older lake ${shown(turns.map(({ other }) => other))}`,
    ],
  };
}

/** A lake in its state after the first pull. */
function built(size: Size, name: string): string {
  const home = newLake(`daily-${name}`);
  putLanding(home, firstLanding(size).landing);
  adlake('run', '--offline', '--lake', home);
  return home;
}

/** Runs the day after the first pull, or so many days later, of which the landing has just been read. */
function dailyRun(home: string, size: Size): (later: number) => Measured {
  return (later) => {
    const { landing } = dailyLanding(size, later + 1);
    putLanding(home, landing);
    settle(landing);
    return adlake('run', '--offline', '--lake', home);
  };
}

/** A run of 100 rows on an empty lake. */
export async function smallSection(bench: Bench): Promise<Found> {
  const made = firstLanding({ rows: 100, days: 5, seed: bench.size.seed });
  const run = repeated(SHORT, () => {
    const home = newLake('small');
    putLanding(home, made.landing);
    return adlake('run', '--offline', '--lake', home);
  });
  return {
    goals: [
      {
        what: 'a run of 100 rows on an empty lake',
        unit: 's',
        must: 0.6,
        aim: 0.3,
        measured: run.seconds,
        byCpu: run.cpuSeconds,
      },
    ],
  };
}

/** `adlake --help`. */
export async function helpSection(): Promise<Found> {
  const run = repeated(SHORT * 3, () => adlake('--help'));
  const measured = run.seconds * 1000;
  const byCpu = run.cpuSeconds * 1000;
  return { goals: [{ what: 'adlake --help', unit: 'ms', must: 250, aim: 120, measured, byCpu }] };
}

/** How often what takes about a second is measured. */
const SHORT = 5;
