import { spawnSync } from 'node:child_process';
import { newLake, putLanding, readBelow } from './bench-lake.ts';
import { firstLanding } from './generate.ts';
import { adlake, type Measured } from './measure.ts';
import type { Bench, Found } from './sections.ts';

/**
 * Three times the rows over the same days. The speed of a machine drifts by more than what is asked here, so both are
 * measured in turn, and the middle one of the ratios of neighbours counts.
 */
export async function growthSection(bench: Bench): Promise<Found> {
  const { size } = bench;
  const larger = { ...size, rows: size.rows * 3 };
  const made = [size, larger].map((each) => firstLanding(each).landing);
  const turns = Array.from({ length: Math.max(bench.times, TURNS) }, () => made.map(freshRun));
  const ratio = (of: keyof Omit<Measured, 'stdout'>): number =>
    middle(turns.map(([one, three]) => (three?.[of] ?? 0) / (one?.[of] ?? 0)));
  return {
    goals: [
      {
        what: '3 times the rows: time',
        unit: 'x',
        must: 3.3,
        aim: 3.1,
        measured: ratio('seconds'),
        byCpu: ratio('cpuSeconds'),
      },
      {
        what: '3 times the rows: peak RSS',
        unit: 'x',
        must: 1.2,
        aim: 1.1,
        measured: ratio('rssMegabytes'),
      },
    ],
    notes: [size, larger].map(({ rows }, place) => {
      const took = turns.flatMap((turn) => turn.slice(place, place + 1)).map(shown);
      return `${rows} ad-days took ${took.join(', ')}`;
    }),
  };
}

/** How often what is compared is measured in turn. */
const TURNS = 3;

/**
 * A run on an empty lake whose landing has just been read, and after what was written before is on the disk: what
 * a pull has landed is in memory, too, and a larger landing that was made long ago would not be.
 */
function freshRun(landing: string): Measured {
  const home = newLake('growth');
  putLanding(home, landing);
  readBelow(landing);
  spawnSync('sync');
  return adlake('run', '--offline', '--lake', home);
}

/** Of an even number, the larger of the two in the middle. */
function middle(numbers: readonly number[]): number {
  const sorted = [...numbers].sort((left, right) => left - right);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

function shown({ seconds, cpuSeconds, rssMegabytes }: Measured): string {
  return `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} CPU s, ${rssMegabytes.toFixed(0)} MB)`;
}
