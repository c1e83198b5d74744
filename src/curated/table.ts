import { contractAt } from '../contract.ts';
import { columnTypes, createTable, loadCsv, rowsOf } from '../duckdb/duckdb.ts';
import { hashOf } from '../file.ts';
import {
  columnsNamed,
  MODELS,
  modelSql,
  OWN_ROWS,
  sqlName,
  type TableName,
  tablesIn,
} from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { LARGE_ROWS, trim, withRoom } from './memory.ts';
import { loadPartial } from './partial.ts';
import { EACH_SEEN, NO_ROWS_SEEN, seenIn } from './row-check.ts';
import { showModel } from './shown.ts';

/** Makes a table be there, and all that it is built on; a curated one must have been made current. */
export function build(workspace: Workspace, table: TableName): Promise<void> {
  const name = sqlName(table);
  const known = workspace.built.get(name);
  if (known !== undefined) return known;
  const building = buildNew(workspace, table);
  workspace.built.set(name, building);
  return building;
}

/** Makes tables be there, and all that they are built on. */
export async function buildAll(workspace: Workspace, tables: readonly TableName[]): Promise<void> {
  const done = await Promise.allSettled(tables.map((table) => build(workspace, table)));
  const failed = done.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function buildNew(workspace: Workspace, table: TableName): Promise<void> {
  if (table.layer === 'staging') return loadStaging(workspace, table);
  if (table.layer === 'partial') return loadPartial(workspace, table);
  if (table.layer === 'curated') return showModel(workspace, table);
  const name = sqlName(table);
  const sql = modelSql(table);
  await buildAll(workspace, tablesIn(sql));
  await workspace.lanes.use(async (connection) => {
    if (table.layer === 'checks' || KEPT_AS_VIEW.test(sql)) {
      await connection.run(`create or replace view ${name} as\n${sql}`);
      return;
    }
    const rows = await createTable(connection, name, `\n${sql}`);
    workspace.rows.set(name, rows);
    if (rows > LARGE_ROWS) await trim(workspace, connection);
  });
}

/** What a text says of itself, in a comment, whose rows are too many to be held beside those they are from. */
const KEPT_AS_VIEW = /^-- Kept as a view:/m;

/** Number of the rows of a table, which is built only when that is not known without. */
export async function rowsIn(workspace: Workspace, table: TableName): Promise<number> {
  const name = sqlName(table);
  if (isEmpty(workspace, table)) return 0;
  if (table.layer === 'curated') return publishedRows(workspace, table);
  await build(workspace, table);
  const known = workspace.rows.get(name);
  if (known !== undefined) return known;
  const [row] = await workspace.lanes.use((connection) =>
    rowsOf(connection, `select count(*) as total from ${name}`),
  );
  return Number(row?.total ?? 0);
}

/**
 * True when it is known without building it that a table has no rows: there are no files of it, or of
 * anything that it is built on. Of nothing comes nothing: only `OWN_ROWS` have rows of their own.
 */
export function isEmpty(workspace: Workspace, table: TableName): boolean {
  const known = workspace.rows.get(sqlName(table));
  if (known !== undefined) return known === 0;
  if (table.layer === 'staging') return workspace.filesOf(table.name).length === 0;
  if (table.layer === 'curated') return publishedRows(workspace, table) === 0;
  return !OWN_ROWS.has(sqlName(table)) && areEmpty(workspace, tablesIn(modelSql(table)));
}

/** True when it is known that these tables have no rows; those that have rows of their own do not count. */
export function areEmpty(workspace: Workspace, tables: readonly TableName[]): boolean {
  return tables
    .filter((table) => !OWN_ROWS.has(sqlName(table)))
    .every((table) => isEmpty(workspace, table));
}

function publishedRows(workspace: Workspace, table: TableName): number {
  return (workspace.published.get(table.name) ?? [])
    .filter(({ path }) => path.endsWith('.parquet'))
    .reduce((sum, { rows }) => sum + rows, 0);
}

/**
 * The content hash of what a table is made of, without making it: of the bytes of its files and their
 * contract for staging and curated, of its text and all that it reads for others. It is the same whether or not the
 * table is there already, and what is known of it.
 */
export function originOf(workspace: Workspace, table: TableName): string {
  const files = digestOfFiles(workspace, table);
  if (files !== null) return files;
  const name = `origin of ${sqlName(table)}`;
  const kept = workspace.digests.get(name);
  if (kept !== undefined) return kept;
  const sql = modelSql(table);
  const parts = [sql, tablesIn(sql).map((each) => originOf(workspace, each))];
  const origin = hashOf(Buffer.from(JSON.stringify(parts)));
  workspace.digests.set(name, origin);
  return origin;
}

/**
 * The content hashes of tables, which are built for it when only their rows can tell: of the bytes of
 * their files and their contract for staging and curated, of their rows for others.
 */
export async function digestsOf(
  workspace: Workspace,
  tables: readonly TableName[],
): Promise<readonly string[]> {
  const unknown = tables.filter((table) => !workspace.digests.has(sqlName(table)));
  const asked: TableName[] = [];
  for (const table of unknown) {
    const known = knownDigest(workspace, table);
    if (known !== null) workspace.digests.set(sqlName(table), known);
    else asked.push(table);
  }
  await addRowDigests(workspace, asked);
  return tables.map((table) => workspace.digests.get(sqlName(table)) ?? '');
}

/** Null when only the rows can tell. */
function knownDigest(workspace: Workspace, table: TableName): string | null {
  const files = digestOfFiles(workspace, table);
  if (files !== null) return files;
  return isEmpty(workspace, table) ? NO_ROWS_SEEN.digest : null;
}

/** Null for a table that is of no files. */
function digestOfFiles(workspace: Workspace, table: TableName): string | null {
  if (table.layer === 'staging') {
    const contract = contractAt(`staging/${table.name}.schema.json`).sha256;
    return `${contract} ${workspace.filesOf.print(table.name)}`;
  }
  if (table.layer === 'curated') {
    const files = workspace.published.get(table.name) ?? [];
    return hashOf(Buffer.from(JSON.stringify(files.map(({ path, sha256 }) => [path, sha256]))));
  }
  return null;
}

/** Number of the rows of each table and a sum over their hashes: equal for equal rows in any order. */
async function addRowDigests(workspace: Workspace, tables: readonly TableName[]): Promise<void> {
  if (tables.length === 0) return;
  await buildAll(workspace, tables);
  const selects = tables.map(
    (table, index) => `select ${index} as place, ${EACH_SEEN} from ${sqlName(table)} as each`,
  );
  const found = await workspace.lanes.use((connection) =>
    rowsOf(connection, selects.join(' union all ')),
  );
  for (const row of found) {
    const table = tables[Number(row.place)];
    if (table !== undefined) workspace.digests.set(sqlName(table), seenIn(row).digest);
  }
}

async function loadStaging(workspace: Workspace, table: TableName): Promise<void> {
  const schema = `staging/${table.name}.schema.json`;
  const load = {
    table: sqlName(table),
    schema,
    paths: workspace.filesOf(table.name).map((file) => file.path),
    columns: columnsAsked(table),
  };
  const rows = await withRoom(workspace, () =>
    workspace.lanes.use((connection) => loadCsv(connection, load)),
  );
  workspace.rows.set(sqlName(table), rows);
}

/** The columns of a staging table that any model names. */
function columnsAsked(table: TableName): readonly string[] {
  const known = asked.get(table.name);
  if (known !== undefined) return known;
  const columns = columnTypes(`staging/${table.name}.schema.json`).map(([name]) => name);
  const named = columnsNamed(everyText(), { table, columns });
  asked.set(table.name, named);
  return named;
}

const asked = new Map<string, readonly string[]>();

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
