import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runQuery } from '../../src/query.ts';
import { ROOT } from './measure.ts';
import type { Bench, Found } from './sections.ts';

/**
 * The ten queries of the README, each from the statement to the text of its answer, in a process that
 * has already started. The slowest counts.
 */
export async function queriesSection(bench: Bench): Promise<Found> {
  const { home } = await bench.rebuilt();
  const slowest: { readonly number: number; readonly milliseconds: number }[] = [];
  for (const { number, sql } of recipes()) {
    const all: number[] = [];
    for (let time = 0; time < TIMES; time++) {
      const started = performance.now();
      await runQuery({ home }, sql, { format: 'csv' });
      all.push(performance.now() - started);
    }
    all.sort((left, right) => left - right);
    slowest.push({ number, milliseconds: all[Math.floor(TIMES / 2)] ?? 0 });
  }
  slowest.sort((left, right) => right.milliseconds - left.milliseconds);
  const [first] = slowest;
  return {
    goals: [
      {
        what: `the slowest of the ${slowest.length} README queries (number ${first?.number})`,
        unit: 'ms',
        must: 500,
        aim: 100,
        measured: first?.milliseconds ?? 0,
      },
    ],
    notes: [
      `queries, ms: ${slowest.map(({ number, milliseconds }) => `${number}: ${milliseconds.toFixed(0)}`).join(', ')}`,
    ],
  };
}

const TIMES = 3;

function recipes(): readonly { readonly number: number; readonly sql: string }[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = /^\*\*(\d+)\. .+?\*\*.*\n\n```sql\n([\s\S]+?)\n```$/gm;
  return [...readme.matchAll(block)].map(([, number, sql = '']) => ({
    number: Number(number),
    sql,
  }));
}
