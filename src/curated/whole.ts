import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contractAt } from '../contract.ts';
import { type CuratedFile, writeCsv, writeParquet } from '../curated-file.ts';
import { DUCKDB_VERSION, quoteName, quoteText, rowsOf, typedColumns } from '../duckdb.ts';
import { hashOf } from '../file.ts';
import {
  curatedSchema,
  type Model,
  modelSql,
  splitOf,
  sqlName,
  type TableName,
  tablesIn,
} from '../model.ts';
import { checkBlocking } from '../quality/blocking.ts';
import type { OutputFile } from '../stage.ts';
import { modelDir } from '../views.ts';
import type { Workspace } from '../workspace.ts';
import { zoneDir } from '../zone.ts';
import { CURATED_VERSION } from './fingerprint.ts';
import { type Made, MONTH, orderOf, partitionFile, removeOthers } from './made.ts';
import { fileChecks } from './recorded-file.ts';
import { checkRows } from './row-check.ts';
import { build, digestOf } from './table.ts';

/**
 * Makes a model current by making all of it, unless everything it reads is what it was when its files were
 * made: the bytes of staging and of other curated tables, the rows of what lies between.
 */
export async function makeWhole(workspace: Workspace, model: Model): Promise<Made> {
  const { lake } = workspace.context;
  const checks = fileChecks(lake, model.name);
  const print = await printOf(workspace, model);
  const recorded = workspace.context.outputsOf(`staging-to-curated/${model.name}`);
  const isSame = recorded.length > 0 && recorded.every((file) => noteOf(file)[0] === print);
  if (isSame && recorded.every(checks.isAsRecorded)) {
    checks.remember(recorded);
    const outputs = recorded.map((file) => ({ ...file, changed: false }));
    return { outputs, rowsIn: Number(noteOf(recorded[0])[1]) };
  }
  const rowsIn = await makeTable(workspace, model);
  const files = await publish(workspace, model);
  const outputs = files.map((file) => ({ ...file, digest: `${print} ${rowsIn}` }));
  removeOthers(workspace, model, outputs);
  checks.remember(outputs);
  return { outputs, rowsIn };
}

function noteOf(file: OutputFile | undefined): readonly string[] {
  return file?.digest?.split(' ') ?? [];
}

async function printOf(workspace: Workspace, model: Model): Promise<string> {
  const sql = modelSql(tableOf(model));
  const digests: string[] = [];
  for (const table of tablesIn(sql)) digests.push(await digestOf(workspace, table));
  const contract = contractAt(curatedSchema(model)).sha256;
  const parts = [CURATED_VERSION, DUCKDB_VERSION, contract, sql, digests];
  return hashOf(Buffer.from(JSON.stringify(parts)));
}

/** Builds the table under the model's name and gives the number of rows it was counted from. */
async function makeTable(workspace: Workspace, model: Model): Promise<number> {
  const { connection } = workspace.engine;
  const sql = modelSql(tableOf(model));
  const name = sqlName(tableOf(model));
  for (const table of [...tablesIn(sql), model.countedFrom]) await build(workspace, table);
  await connection.run(
    `create or replace table ${name} as select ${typedColumns(curatedSchema(model))} from (\n${sql}\n) as model`,
  );
  await checkRows(connection, { model, table: name });
  await checkBlocking(workspace, { connection, model, table: name });
  workspace.built.add(name);
  const [row] = await rowsOf(
    connection,
    `select count(*) as total from ${sqlName(model.countedFrom)}`,
  );
  return Number(row?.total ?? 0);
}

async function publish(workspace: Workspace, model: Model): Promise<readonly OutputFile[]> {
  const { lake } = workspace.context;
  const { connection } = workspace.engine;
  const file = (path: string, where = ''): CuratedFile => ({
    path,
    select: `select * from ${sqlName(tableOf(model))} ${where}`,
    order: orderOf(model),
    schema: curatedSchema(model),
  });
  if (model.layout === 'partitions') {
    const outputs: OutputFile[] = [];
    for (const place of await placesIn(connection, model)) {
      const where = `where ${quoteName(splitOf(model))} = ${quoteText(place.value)} and ${MONTH} = ${quoteText(place.month)}`;
      const made = file(partitionFile(workspace, model, place), where);
      outputs.push(await writeParquet(connection, lake, made));
    }
    return outputs;
  }
  const base = `${modelDir(lake, model)}/${model.name}`;
  const parquet = await writeParquet(connection, lake, file(`${base}.parquet`));
  if (model.layout === 'parquet') return [parquet];
  const csv = await writeCsv(connection, lake, file(`${base}.csv`));
  if (model.stagingCopy === undefined) return [csv, parquet];
  const copy = join(zoneDir(lake, 'staging'), model.stagingCopy);
  return [csv, parquet, await writeCsv(connection, lake, file(copy))];
}

async function placesIn(
  connection: DuckDBConnection,
  model: Model,
): Promise<readonly { readonly value: string; readonly month: string }[]> {
  const rows = await rowsOf(
    connection,
    `select distinct ${quoteName(splitOf(model))} as value, ${MONTH} as month from ${sqlName(tableOf(model))} order by value, month`,
  );
  return rows.map((row) => ({ value: String(row.value), month: String(row.month) }));
}

function tableOf(model: Model): TableName {
  return { layer: 'curated', name: model.name };
}
