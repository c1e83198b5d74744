import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contractAt } from '../contract.ts';
import {
  columnTypes,
  csvSource,
  DUCKDB_VERSION,
  quoteText,
  rowsOf,
  unreadable,
} from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, listFiles, temporaryBeside } from '../file.ts';
import { columnsNamed, modelSql, sqlName, type TableName, tablesIn } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { cacheFile } from '../zone.ts';
import { CURATED_VERSION } from './fingerprint.ts';
import { parquetAt } from './shown.ts';

/** More files than this are put together into one. */
const MANY_FILES = 8;

/**
 * Loads a table of the layer `partial`: what each staging file of one dataset says, folded on its own
 * by the table's SQL, in which `input` names the file. What was folded before is in
 * `cache/curated/partial`, by the file's content; only files whose content is new are read.
 */
export async function loadPartial(workspace: Workspace, table: TableName): Promise<void> {
  const dataset = datasetOf(table);
  await loadInputs(workspace, dataset);
  await workspace.lanes.use((connection) => foldNew(workspace, { connection, table, dataset }));
}

async function foldNew(
  workspace: Workspace,
  of: {
    readonly connection: DuckDBConnection;
    readonly table: TableName;
    readonly dataset: string;
  },
): Promise<void> {
  const { connection, table, dataset } = of;
  const name = sqlName(table);
  const folder = folderOf(workspace, { table, dataset });
  const isKept = await loadKept(connection, { folder, name, dataset });
  const files = workspace.filesOf(dataset);
  const known = isKept ? await inputsIn(connection, name) : NONE;
  const paths = files.filter(({ sha256 }) => !known.has(sha256)).map(({ path }) => path);
  if (isKept && paths.length === 0) return;
  const into = isKept ? { kind: 'temp table', name: 'fresh' } : { kind: 'table', name };
  await fold(connection, { table, dataset, paths, into });
  if (isKept) await connection.run(`insert into ${name} select * from ${into.name}`);
  if (paths.length === 0) return;
  const isCrowded = listFiles(folder).length >= MANY_FILES;
  await keep(connection, { folder, rows: isCrowded ? name : into.name, isCrowded });
}

const NONE: ReadonlySet<string> = new Set();

async function inputsIn(connection: DuckDBConnection, name: string): Promise<ReadonlySet<string>> {
  const rows = await rowsOf(connection, `select distinct input from ${name}`);
  return new Set(rows.map(({ input }) => String(input)));
}

/** The one staging dataset that a table of this layer is folded from. */
function datasetOf(table: TableName): string {
  const [from, ...others] = tablesIn(modelSql(table));
  if (from?.layer === 'staging' && others.length === 0) return from.name;
  throw new AdlakeError({
    code: 'BUG',
    message: `src/sql/partial/${table.name}.sql must read one staging dataset and nothing else.`,
    remedy: 'Read other tables in a model of src/sql/intermediate.',
  });
}

/** `input.<dataset>`: the path of each staging file and its content hash. */
function loadInputs(workspace: Workspace, dataset: string): Promise<void> {
  const name = `input.${dataset}`;
  const known = workspace.built.get(name);
  if (known !== undefined) return known;
  const loading = workspace.lanes.use(async (connection) => {
    await connection.run(`create table ${name} (path varchar, input varchar)`);
    const appender = await connection.createAppender(dataset, 'input');
    for (const file of workspace.filesOf(dataset)) {
      appender.appendVarchar(file.path);
      appender.appendVarchar(file.sha256);
      appender.endRow();
    }
    appender.closeSync();
  });
  workspace.built.set(name, loading);
  return loading;
}

function folderOf(
  workspace: Workspace,
  of: { readonly table: TableName; readonly dataset: string },
): string {
  const contract = contractAt(`staging/${of.dataset}.schema.json`).sha256;
  const made = [CURATED_VERSION, DUCKDB_VERSION, contract, modelSql(of.table)];
  const print = hashOf(Buffer.from(JSON.stringify(made))).slice(0, 16);
  return cacheFile(workspace.context.lake, 'curated', 'partial', `${of.table.name}-${print}`);
}

/** Gives false when nothing is kept, or what is kept cannot be read. */
async function loadKept(
  connection: DuckDBConnection,
  from: { readonly folder: string; readonly name: string; readonly dataset: string },
): Promise<boolean> {
  const paths = keptIn(from.folder).map((name) => join(from.folder, name));
  if (paths.length === 0) return false;
  try {
    await connection.run(
      `create or replace table ${from.name} as select * from ${parquetAt(paths)} where input in (select input from input.${from.dataset})`,
    );
    return true;
  } catch {
    rmSync(from.folder, { recursive: true, force: true });
    return false;
  }
}

/** Files that count, sorted: the newest that holds everything, and those that came after it. */
function keptIn(folder: string): readonly string[] {
  const names = listFiles(folder).filter((name) => name.endsWith('.parquet'));
  const whole = names.findLastIndex((name) => name.endsWith(WHOLE));
  return whole === -1 ? names : names.slice(whole);
}

const WHOLE = '-all.parquet';

/** Makes a table of what the files at these paths say. */
async function fold(
  connection: DuckDBConnection,
  from: {
    readonly table: TableName;
    readonly dataset: string;
    readonly paths: readonly string[];
    readonly into: { readonly kind: string; readonly name: string };
  },
): Promise<void> {
  const { dataset, paths } = from;
  const sql = modelSql(from.table);
  const staging: TableName = { layer: 'staging', name: dataset };
  const types = columnTypes(`staging/${dataset}.schema.json`);
  const columns = columnsNamed(sql, { table: staging, columns: types.map(([name]) => name) });
  const list = columns.map((name) => `"${name}"`).join(', ');
  const empty = types.map(([name, type]) => `cast(null as ${type}) as "${name}"`).join(', ');
  const source =
    paths.length > 0
      ? `select ${list}, input from ${csvSource(types, paths, 'input')}`
      : `select ${empty}, cast(null as varchar) as input where false`;
  const text = sql.replaceAll(new RegExp(`\\b${sqlName(staging)}\\b`, 'g'), '"staging files"');
  try {
    const folded = `with "staging files" as (${source}) select * from (\n${text}\n)`;
    const sql = `create or replace ${from.into.kind} ${from.into.name} as select each.* replace (input.input as input) from (${folded}) as each inner join input.${dataset} as input on input.path = each.input`;
    await connection.run(sql);
  } catch (cause) {
    throw unreadable({ table: sqlName(staging), paths }, cause);
  }
}

async function keep(
  connection: DuckDBConnection,
  at: { readonly folder: string; readonly rows: string; readonly isCrowded: boolean },
): Promise<void> {
  mkdirSync(at.folder, { recursive: true });
  const before = listFiles(at.folder);
  const number = String(nextNumber(before)).padStart(9, '0');
  const path = join(at.folder, at.isCrowded ? `${number}${WHOLE}` : `${number}.parquet`);
  const temporary = temporaryBeside(path);
  await connection.run(
    `copy (select * from ${at.rows}) to ${quoteText(temporary)} (format parquet, compression zstd, use_tmp_file false)`,
  );
  renameSync(temporary, path);
  if (at.isCrowded) for (const name of before) rmSync(join(at.folder, name), { force: true });
}

function nextNumber(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Number.parseInt(name, 10) || 0)) + 1;
}
