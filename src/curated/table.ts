import type { DuckDBConnection } from '@duckdb/node-api';
import { contractAt } from '../contract.ts';
import { columnTypes, loadCsv, rowsOf } from '../duckdb.ts';
import { hashOf } from '../file.ts';
import { columnsNamed, MODELS, modelSql, sqlName, type TableName, tablesIn } from '../model.ts';
import { printOf } from '../staging-file.ts';
import type { Workspace } from '../workspace.ts';
import { loadPartial } from './partial.ts';
import { showModel } from './shown.ts';

/** Makes a table be there, and all that it is built on; a curated one must have been made current. */
export async function build(workspace: Workspace, table: TableName): Promise<void> {
  const name = sqlName(table);
  if (workspace.built.has(name)) return;
  const { connection } = workspace.engine;
  if (table.layer === 'staging') await loadStaging(workspace, table);
  else if (table.layer === 'partial') await loadPartial(workspace, table);
  else if (table.layer === 'curated') await showModel(workspace, table);
  else {
    const sql = modelSql(table);
    for (const each of tablesIn(sql)) await build(workspace, each);
    const kind = table.layer === 'checks' ? 'view' : 'table';
    await connection.run(`create or replace ${kind} ${name} as\n${sql}`);
  }
  workspace.built.add(name);
}

/**
 * The content hash of a table, which is built for it when only its rows can tell: of the bytes of its
 * files and their contract for staging and curated, of its rows for others.
 */
export async function digestOf(workspace: Workspace, table: TableName): Promise<string> {
  const name = sqlName(table);
  const known = workspace.digests.get(name);
  if (known !== undefined) return known;
  const digest = await makeDigest(workspace, table);
  workspace.digests.set(name, digest);
  return digest;
}

async function makeDigest(workspace: Workspace, table: TableName): Promise<string> {
  if (table.layer === 'staging') {
    const contract = contractAt(`staging/${table.name}.schema.json`).sha256;
    return `${contract} ${printOf(workspace.filesOf(table.name))}`;
  }
  if (table.layer === 'curated') {
    const files = workspace.published.get(table.name) ?? [];
    return hashOf(Buffer.from(JSON.stringify(files.map(({ path, sha256 }) => [path, sha256]))));
  }
  await build(workspace, table);
  return rowDigest(workspace.engine.connection, sqlName(table));
}

/** Number of the rows of a table and a sum over their hashes: equal for equal rows in any order. */
async function rowDigest(connection: DuckDBConnection, table: string): Promise<string> {
  const [row] = await rowsOf(
    connection,
    `select count(*) as total, sum(cast(hash(each) as hugeint)) as digest from ${table} as each`,
  );
  return `${String(row?.total)} ${String(row?.digest)}`;
}

async function loadStaging(workspace: Workspace, table: TableName): Promise<void> {
  const schema = `staging/${table.name}.schema.json`;
  const columns = columnTypes(schema).map(([name]) => name);
  await loadCsv(workspace.engine.connection, {
    table: sqlName(table),
    schema,
    paths: workspace.filesOf(table.name).map((file) => file.path),
    columns: columnsNamed(everyText(), { table, columns }),
  });
}

let text: string | undefined;

/** Every model and what it is built on, as one text: what it names is all that is ever asked for. */
function everyText(): string {
  text ??= [...allTables().values()].map(modelSql).join('\n');
  return text;
}

function allTables(): ReadonlyMap<string, TableName> {
  const found = new Map<string, TableName>();
  const add = (table: TableName): void => {
    if (table.layer === 'staging' || found.has(sqlName(table))) return;
    found.set(sqlName(table), table);
    for (const each of tablesIn(modelSql(table))) add(each);
  };
  for (const { name } of MODELS) add({ layer: 'curated', name });
  return found;
}
