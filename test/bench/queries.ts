import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openEngine, quoteText, rowsOf } from '../../src/duckdb/duckdb.ts';
import { runQuery } from '../../src/query/query.ts';
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
      await shareRead(home),
      `queries, ms: ${slowest.map(({ number, milliseconds }) => `${number}: ${milliseconds.toFixed(0)}`).join(', ')}`,
    ],
  };
}

const TIMES = 3;

/**
 * How much of a table's files a question about one campaign and month reads at most: the chunks of the
 * columns it names, in the row groups of that month's file that may hold the campaign. Footers are left out.
 */
async function shareRead(home: string): Promise<string> {
  const engine = await openEngine({ threads: 2, memory: '1GB', spillInto: null });
  try {
    const folder = join(home, 'zones', 'curated', 'metaads', 'ad_day');
    const files = `${folder}/*/*.parquet`;
    const [one] = await rowsOf(
      engine.connection,
      `select account_id, strftime(date, '%Y-%m') as month, campaign_id from read_parquet('${files}', hive_partitioning = false) order by date desc, campaign_id limit 1`,
    );
    const campaign = quoteText(String(one?.campaign_id));
    const file = `${folder}/account_id=${String(one?.account_id)}/month=${String(one?.month)}.parquet`;
    const [share] = await rowsOf(
      engine.connection,
      `with chunks as (select * from parquet_metadata('${files}')),
      groups as (
        select row_group_id from chunks
        where file_name = '${file}' and path_in_schema = 'campaign_id'
          and stats_min_value <= ${campaign} and stats_max_value >= ${campaign}
      )
      select
        sum(case when file_name = '${file}' and row_group_id in (select row_group_id from groups)
          and path_in_schema in ('date', 'campaign_id', 'spend', 'conversions') then total_compressed_size end)
          * 100.0 / sum(total_compressed_size) as of_table,
        sum(case when file_name = '${file}' and row_group_id in (select row_group_id from groups)
          and path_in_schema in ('date', 'campaign_id', 'spend', 'conversions') then total_compressed_size end)
          * 100.0 / sum(case when file_name = '${file}' then total_compressed_size end) as of_file
      from chunks`,
    );
    const [table, own] = [Number(share?.of_table), Number(share?.of_file)];
    return `spend and conversions of one campaign and month: ${table.toFixed(2)} % of ad_day is read, ${own.toFixed(1)} % of the month's file`;
  } finally {
    engine.close();
  }
}

function recipes(): readonly { readonly number: number; readonly sql: string }[] {
  const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
  const block = /^\*\*(\d+)\. .+?\*\*.*\n\n```sql\n([\s\S]+?)\n```$/gm;
  return [...readme.matchAll(block)].map(([, number, sql = '']) => ({
    number: Number(number),
    sql,
  }));
}
