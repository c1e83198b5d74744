import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { StageReport } from '../../src/run.ts';
import { bytesBelow, lakeNamed, newLake, putLanding } from './bench-lake.ts';
import { differences } from './compare.ts';
import { firstLanding, type Made, type Size } from './generate.ts';
import { adlake, type Measured, median, script } from './measure.ts';
import { middleTurn, settle, type Turn } from './turns.ts';

/** One line of the table of stages. */
export interface StageLine {
  readonly who: 'adlake' | 'floor' | 'plain';
  /** A stage, or `all`: landing to curated in one process. */
  readonly stage: string;
  readonly rows: number;
  readonly seconds: number;
  readonly rowsPerSecond: number;
  /** Of what the stage reads. */
  readonly megabytesPerSecond: number;
  /** Null where the stage had no process of its own. */
  readonly cpuSeconds: number | null;
  readonly rssMegabytes: number | null;
  readonly writtenMegabytes: number;
}

/** A lake that was built from landing, and what that took. */
export interface Rebuilt {
  readonly home: string;
  /** Folder of what the floor made. */
  readonly floorHome: string;
  readonly made: Made;
  /** The floor and adlake, one after the other. */
  readonly turns: readonly Turn[];
  readonly lines: readonly StageLine[];
  /** Rows that were compared with the floor's, file by file, and found equal. */
  readonly compared: number;
}

/** Stages after landing with the zone that each reads and writes. */
export const STAGES = [
  ['landing-to-raw', 'landing', 'raw'],
  ['raw-to-staging', 'raw', 'staging'],
  ['staging-to-curated', 'staging', 'curated'],
] as const;

/**
 * Builds a lake from landing, whole and stage by stage, each in a process of its own, and the floor's
 * files from the same landing, in turn; a time counts only when both hold the same rows. Throws when they do
 * not, or when adlake did not refuse exactly the bad records. When it must be quick, the stages' times
 * are those of the whole run, and their CPU and memory are not known.
 */
export async function rebuild(size: Size, times: number, isQuick: boolean): Promise<Rebuilt> {
  const made = firstLanding(size);
  const name = `${size.rows}-${size.days}d`;
  const floorHome = newLake(`floor-${name}`);
  const apart = isQuick ? 0 : times;
  const stages = Array.from({ length: apart }, () => stageRuns(made, `${name}-stages`));
  const turns = Array.from({ length: times }, () => turnOf(made, { name, floorHome }));
  const { base: floor, other: run } = middleTurn(turns);
  const home = lakeNamed(name);
  checkRefused(run, made);
  const found = await differences(home, floorHome);
  const unequal = found.filter(
    ({ name, rows, onlyLake, onlyFloor }) =>
      onlyLake + onlyFloor > 0 || (rows === 0 && !name.startsWith('curated ')),
  );
  if (unequal.length > 0) throw new Error(`not the same as the floor: ${JSON.stringify(unequal)}`);
  return {
    home,
    floorHome,
    made,
    turns,
    lines: [...adlakeLines(made, home, { run, stages }), ...floorLines(made, floorHome, floor)],
    compared: found.reduce((sum, { rows }) => sum + rows, 0),
  };
}

function turnOf(made: Made, of: { readonly name: string; readonly floorHome: string }): Turn {
  settle(made.landing);
  const base = floorRun(made.landing, of.floorHome);
  settle(made.landing);
  return { base, other: wholeRun(made, newLake(of.name)) };
}

function floorRun(landing: string, out: string): Measured {
  mkdirSync(out, { recursive: true });
  return script('floor.ts', landing, out);
}

function wholeRun(made: Made, home: string): Measured {
  putLanding(home, made.landing);
  return adlake('run', '--offline', '--json', '--lake', home);
}

function stageRuns(made: Made, name: string): readonly Measured[] {
  const home = newLake(name);
  putLanding(home, made.landing);
  return STAGES.map(([stage]) => adlake(stage, '--lake', home));
}

function reportsOf(run: Measured): readonly StageReport[] {
  return (JSON.parse(run.stdout) as { readonly stages: readonly StageReport[] }).stages;
}

function checkRefused(run: Measured, made: Made): void {
  const refused = reportsOf(run).reduce((sum, stage) => sum + stage.counts.quarantined, 0);
  if (refused === made.bad) return;
  throw new Error(`${made.bad} records were made bad, and ${refused} were refused`);
}

function adlakeLines(
  made: Made,
  home: string,
  of: { readonly run: Measured; readonly stages: readonly (readonly Measured[])[] },
): readonly StageLine[] {
  const size = (zone: string): number => bytesBelow(join(home, 'zones', zone));
  const lines = STAGES.map(([stage, from, into], index) =>
    lineOf('adlake', stage, {
      made,
      took:
        of.stages.length === 0
          ? { seconds: reportsOf(of.run)[index]?.seconds ?? 0 }
          : median(of.stages.flatMap((stages) => stages.slice(index, index + 1))),
      read: size(from),
      written: size(into),
    }),
  );
  const written = STAGES.reduce((sum, [, , zone]) => sum + size(zone), 0);
  return [...lines, lineOf('adlake', 'all', { made, took: of.run, read: made.bytes, written })];
}

function floorLines(made: Made, home: string, floor: Measured): readonly StageLine[] {
  const seconds = JSON.parse(floor.stdout) as Readonly<Record<string, number>>;
  const size = (zone: string): number =>
    zone === 'landing' ? made.bytes : bytesBelow(join(home, zone));
  const lines = STAGES.map(([stage, from, into]) =>
    lineOf('floor', stage, {
      made,
      took: { seconds: seconds[stage] ?? 0 },
      read: size(from),
      written: size(into),
    }),
  );
  const written = STAGES.reduce((sum, [, , zone]) => sum + size(zone), 0);
  return [...lines, lineOf('floor', 'all', { made, took: floor, read: made.bytes, written })];
}

/** A line of the table; `took` has no CPU and memory where the stage was part of a process. */
export function lineOf(
  who: StageLine['who'],
  stage: string,
  of: {
    readonly made: Made;
    readonly took: Pick<Measured, 'seconds'> & Partial<Measured>;
    readonly read: number;
    readonly written: number;
  },
): StageLine {
  const rows = of.made.adDays + of.made.campaignDays;
  const { seconds, cpuSeconds = null, rssMegabytes = null } = of.took;
  return {
    who,
    stage,
    rows,
    seconds,
    rowsPerSecond: rows / seconds,
    megabytesPerSecond: of.read / 1e6 / seconds,
    cpuSeconds,
    rssMegabytes,
    writtenMegabytes: of.written / 1e6,
  };
}
