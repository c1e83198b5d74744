import { readFileSync, writeFileSync } from 'node:fs';
import { rebuild } from './rebuild.ts';

/**
 * Fails when a stage, or all of them, takes more than 1.5 times as many times the floor as is
 * recorded: `npm run bench:guard`. With `--record` it writes down what it finds.
 */
const RECORDED = new URL('./recorded.json', import.meta.url);
const SLACK = 1.5;
const TIMES = 3;

interface Recorded {
  readonly rows: number;
  /** Times the floor, by stage. */
  readonly ratios: Readonly<Record<string, number>>;
}

async function main(): Promise<void> {
  const recorded = JSON.parse(readFileSync(RECORDED, 'utf8')) as Recorded;
  const size = { rows: recorded.rows, days: 365, seed: 1 };
  const { lines } = await rebuild(size, TIMES, false);
  const secondsOf = (who: string, stage: string): number =>
    lines.find((line) => line.who === who && line.stage === stage)?.seconds ?? Number.NaN;
  const found = Object.keys(recorded.ratios).map((stage) => ({
    stage,
    recorded: recorded.ratios[stage] ?? 0,
    found: Number((secondsOf('adlake', stage) / secondsOf('floor', stage)).toFixed(2)),
  }));
  console.table(found);
  if (process.argv.includes('--record')) {
    const ratios = Object.fromEntries(found.map((one) => [one.stage, one.found]));
    writeFileSync(RECORDED, `${JSON.stringify({ rows: recorded.rows, ratios }, null, 2)}\n`);
    return;
  }
  const slower = found.filter((one) => !(one.found <= one.recorded * SLACK));
  for (const { stage } of slower) {
    console.error(`${stage} is more than ${SLACK} times as far from the floor as recorded.`);
  }
  process.exitCode = slower.length > 0 ? 1 : 0;
}

await main();
