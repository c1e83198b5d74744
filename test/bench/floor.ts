import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { columnTypes, openEngine, quoteName } from '../../src/duckdb/duckdb.ts';
import type { Batch } from '../../src/landing/batch.ts';
import {
  curatedSchema,
  type Model,
  modelSql,
  sqlName,
  type TableName,
  withAncestors,
} from '../../src/model.ts';
import { FLOOR_MODELS, READ_AGAIN, STAGED } from './floor-models.ts';
import { FACTS, type Facts, flattenSql, stagedVersionsSql, versionsSql } from './floor-staging.ts';

/**
 * The floor: DuckDB alone makes what a rebuild makes from the same landing files, the fastest way
 * found. Columns are told, rows may come in any order, nothing is validated, no lineage is kept,
 * nothing is synced or read back, and a zone has one file per dataset instead of one per partition.
 * Usage: floor.ts LANDING OUT; the seconds of each stage are printed as JSON.
 */
const [landing = '', out = ''] = process.argv.slice(2);

async function main(): Promise<void> {
  const engine = await openEngine({
    threads: availableParallelism(),
    memory: '8GB',
    spillInto: join(out, 'spill'),
  });
  const { connection } = engine;
  await connection.run('set preserve_insertion_order = false');
  for (const zone of ['raw', 'staging', 'curated']) mkdirSync(join(out, zone), { recursive: true });
  const seconds = {
    'landing-to-raw': await timed(connection, makeRaw),
    'raw-to-staging': await timed(connection, makeStaging),
    'staging-to-curated': await timed(connection, makeCurated),
  };
  engine.close();
  process.stdout.write(`${JSON.stringify(seconds)}\n`);
}

async function timed(
  connection: DuckDBConnection,
  work: (connection: DuckDBConnection) => Promise<void>,
): Promise<number> {
  const started = performance.now();
  await work(connection);
  return (performance.now() - started) / 1000;
}

async function makeRaw(db: DuckDBConnection): Promise<void> {
  for (const dataset of FACTS) {
    const pages = join(landing, 'meta', dataset, '*', '*', 'page-*.json');
    await writeLines(
      db,
      `select unnest(data) from read_json('${pages}', columns = {data: 'JSON[]'})`,
      rawFile(dataset),
    );
  }
  const pages = join(landing, 'meta', 'insights_campaign_day', '*', '*', 'page-*.json');
  await db.run(
    `copy (${versionsSql(pages)}) to '${rawFile('campaign_day_versions')}' (format json)`,
  );
  const batches = join(landing, 'meta', '*', '*', '*', '_batch.json');
  await writeLines(
    db,
    `select json(json) from read_json_objects('${batches}')`,
    rawFile('batches'),
  );
  const rates = `select date, currency, usd_per_unit from read_csv('${join(landing, 'internal', 'fx_rates', '*.csv')}', all_varchar = true)`;
  await db.run(`copy (${rates}) to '${rawFile('fx_rates')}' (format json)`);
}

/** Text as it is, a line each. */
async function writeLines(db: DuckDBConnection, select: string, path: string): Promise<void> {
  await db.run(
    `copy (${select}) to '${path}' (format csv, header false, quote '', escape '', delimiter '\x01')`,
  );
}

async function makeStaging(db: DuckDBConnection): Promise<void> {
  for (const dataset of FACTS) {
    await writeCsv(db, flattenSql(dataset, rawFile(dataset), todayOf(dataset)), dataset);
  }
  const versions = stagedVersionsSql(rawFile('campaign_day_versions'), rawFile('batches'));
  await writeCsv(db, versions, 'campaign_day_versions');
  await writeCsv(db, batchesSql(), 'batches');
  const rates = `read_json('${rawFile('fx_rates')}', format = 'newline_delimited', columns = {date: 'VARCHAR', currency: 'VARCHAR', usd_per_unit: 'VARCHAR'})`;
  await writeCsv(
    db,
    `select date, currency, rtrim(rtrim(usd_per_unit, '0'), '.') as usd_per_unit from ${rates}`,
    'fx_rates',
  );
}

async function writeCsv(db: DuckDBConnection, select: string, dataset: string): Promise<void> {
  await db.run(`copy (${select}) to '${stagingFile(dataset)}' (format csv, header true)`);
}

/** The floor keeps no lineage: every answer of a dataset must be of the same day. */
function todayOf(dataset: Facts): string {
  const days = new Set<string>();
  const folder = join(landing, 'meta', dataset);
  for (const account of readdirSync(folder)) {
    for (const batch of readdirSync(join(folder, account))) {
      const text = readFileSync(join(folder, account, batch, '_batch.json'), 'utf8');
      days.add((JSON.parse(text) as Batch).today);
    }
  }
  const [today] = days;
  if (today === undefined || days.size > 1) throw new Error('the floor takes one day of asking');
  return today;
}

function batchesSql(): string {
  const types = `{account_id: 'VARCHAR', batch_id: 'VARCHAR', dataset: 'VARCHAR', source: 'VARCHAR',
    scope: 'STRUCT(since VARCHAR, until VARCHAR, complete BOOLEAN, campaigns STRUCT(kind VARCHAR, ids VARCHAR[]))',
    today: 'VARCHAR', landed_at: 'VARCHAR', api_version: 'VARCHAR', timezone: 'VARCHAR',
    currency: 'VARCHAR', pages: 'STRUCT("rows" BIGINT)[]'}`;
  return `select account_id, batch_id, dataset, source, scope.since, scope.until,
    scope.campaigns.kind as campaigns_kind,
    case when scope.campaigns.kind <> 'all' then len(scope.campaigns.ids) end as campaigns_count,
    scope.complete, today, landed_at, api_version, timezone, currency, len(pages) as pages,
    list_sum([page."rows" for page in pages]) as "rows"
    from read_json('${rawFile('batches')}', format = 'newline_delimited', columns = ${types})`;
}

/** The models of `src/sql` as they are, over the staging files; bad rows that do not fit are skipped. */
async function makeCurated(db: DuckDBConnection): Promise<void> {
  for (const layer of ['staging', 'partial', 'intermediate', 'checks', 'curated']) {
    await db.run(`create schema ${layer}`);
  }
  const made = new Set<string>();
  for (const model of FLOOR_MODELS) {
    const table: TableName = { layer: 'curated', name: model.name };
    for (const each of withAncestors(table)) {
      const isAsked = each.layer !== 'curated' || READ_AGAIN.has(each.name);
      if (isAsked && !made.has(sqlName(each))) await create(db, each);
      made.add(sqlName(each));
    }
    const rows = READ_AGAIN.has(model.name) ? `select * from ${sqlName(table)}` : typed(model);
    const file = join(out, 'curated', model.name);
    await db.run(`copy (${rows}) to '${file}.parquet' (format parquet, compression zstd)`);
    if (model.layout === 'csv-and-parquet') {
      await db.run(`copy (select * from '${file}.parquet') to '${file}.csv' (format csv, header)`);
    }
  }
}

async function create(db: DuckDBConnection, table: TableName): Promise<void> {
  if (table.layer !== 'staging') {
    const model = FLOOR_MODELS.find((each) => each.name === table.name);
    const select =
      table.layer === 'curated' && model !== undefined ? typed(model) : modelSql(table);
    const kind = table.layer === 'checks' ? 'view' : 'table';
    await db.run(`create ${kind} ${sqlName(table)} as ${select}`);
    return;
  }
  const columns = columnTypes(`staging/${table.name}.schema.json`);
  const types = columns.map(([name, type]) => `${quoteName(name)} ${type}`).join(', ');
  await db.run(`create table ${sqlName(table)} (${types}, input varchar)`);
  if (!STAGED.has(table.name)) return;
  const told = columns.map(([name, type]) => `'${name}': '${type}'`).join(', ');
  await db.run(
    `insert into ${sqlName(table)} by name from read_csv('${stagingFile(table.name)}', columns = {${told}}, header = true, auto_detect = false, ignore_errors = true)${GOOD_ROWS[table.name] ?? ''}`,
  );
}

/** The floor judges nothing, so it is told which ads are made for bad records: sums leave them out. */
const GOOD_ROWS: Readonly<Record<string, string>> = {
  insights_ad_day: " where ad_id like '1202%' and substr(ad_id, 7, 5) <> '30009'",
};

function typed(model: Model): string {
  const columns = columnTypes(curatedSchema(model)).map(
    ([name, type]) => `cast(${quoteName(name)} as ${type}) as ${quoteName(name)}`,
  );
  const table: TableName = { layer: 'curated', name: model.name };
  return `select ${columns.join(', ')} from (\n${modelSql(table)}\n) as model`;
}

function rawFile(dataset: string): string {
  return join(out, 'raw', `${dataset}.ndjson`);
}

function stagingFile(dataset: string): string {
  return join(out, 'staging', `${dataset}.csv`);
}

await main();
