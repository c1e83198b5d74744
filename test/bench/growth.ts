import { newLake, putLanding } from './bench-lake.ts';
import { firstLanding, type Size } from './generate.ts';
import { adlake, type Measured } from './measure.ts';
import type { Bench, Found } from './sections.ts';
import { inTurn, ratioOf, settle, shown } from './turns.ts';

/** Three times the rows over the same days, each on an empty lake. */
export async function growthSection(bench: Bench): Promise<Found> {
  const { size } = bench;
  const larger = { ...size, rows: size.rows * 3 };
  const turns = inTurn(bench.times, runOf(size), runOf(larger));
  return {
    goals: [
      {
        what: '3 times the rows: time',
        unit: 'x',
        must: 3.3,
        aim: 3.1,
        measured: ratioOf(turns, 'seconds'),
        byCpu: ratioOf(turns, 'cpuSeconds'),
      },
      {
        what: '3 times the rows: peak RSS',
        unit: 'x',
        must: 1.2,
        aim: 1.1,
        measured: ratioOf(turns, 'rssMegabytes'),
      },
    ],
    notes: [
      `${size.rows} ad-days took ${shown(turns.map(({ base }) => base))}`,
      `${larger.rows} ad-days took ${shown(turns.map(({ other }) => other))}`,
    ],
  };
}

function runOf(size: Size): () => Measured {
  const { landing } = firstLanding(size);
  return () => {
    const home = newLake('growth');
    putLanding(home, landing);
    settle(landing);
    return adlake('run', '--offline', '--lake', home);
  };
}
