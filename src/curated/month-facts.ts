import type { DuckDBConnection } from '@duckdb/node-api';
import {
  columnTypes,
  csvSource,
  emptySelect,
  quoteName,
  quoteText,
  rowsOf,
  unreadable,
} from '../duckdb/duckdb.ts';
import { columnsNamed, type Model, modelSql, splitOf, sqlName, type TableName } from '../model.ts';
import type { InputFile } from '../staging/file.ts';
import { MONTH } from './made.ts';
import { monthlyTables, schemaOf, type Unit } from './month-unit.ts';
import { parquetAt } from './shown.ts';

/** Rows lie in a staging file of another account or month: then no month can be made on its own. */
export class Misfiled extends Error {}

/** A connection that makes one chunk of months after the other, and what is in its tables. */
export interface Lane {
  readonly model: Model;
  readonly connection: DuckDBConnection;
  /** The tables that are read month by month. */
  readonly monthly: readonly TableName[];
  /** What is in each table of the connection, by its name. */
  readonly loaded: Map<string, Loaded>;
  tables: number;
}

interface Loaded {
  /** The table whose rows they are, by its name in SQL. */
  readonly of: string;
  /** Names of its files. */
  readonly names: ReadonlySet<string>;
  /** Numbers of its rows, by the partition of the model that they are in. */
  readonly counts: ReadonlyMap<string, number>;
}

/** Months that are made together; mixed when rows may lie in the file of another month. */
export interface Chunk {
  readonly chunk: readonly Unit[];
  readonly isMixed: boolean;
}

/** A lane of a connection in which nothing is loaded. */
export function newLane(model: Model, connection: DuckDBConnection): Lane {
  return { model, connection, monthly: monthlyTables(model), loaded: new Map(), tables: 0 };
}

/**
 * Shows the rows that a chunk is made of, and few others, under the names that `factsText` uses. Throws
 * `Misfiled` when a staging file that is named for a partition holds rows of another one.
 */
export async function showFacts(lane: Lane, of: Chunk): Promise<void> {
  for (const table of lane.monthly) {
    const source = await sourceOf(lane, table, of);
    await lane.connection.run(
      `create or replace temp view ${table.name} as select * from ${source}`,
    );
  }
}

/** The text of the model, reading what `showFacts` shows. */
export function factsText({ model, monthly }: Lane): string {
  return monthly.reduce(
    (text, table) =>
      text.replaceAll(new RegExp(`\\b${sqlName(table)}\\b`, 'g'), `temp.main.${table.name}`),
    textOf(model),
  );
}

/** Rows that are counted among those that are shown, by the partition that they are in. */
export function countedIn({ model, loaded }: Lane): ReadonlyMap<string, number> {
  const counted = new Map<string, number>();
  const facts = [...loaded.values()].filter((each) => each.of === sqlName(model.countedFrom));
  for (const { counts } of facts) {
    for (const [place, rows] of counts) counted.set(place, (counted.get(place) ?? 0) + rows);
  }
  return counted;
}

/** The lane goes on to somebody else. */
export async function hideFacts({ connection, monthly, loaded }: Lane): Promise<void> {
  const views = monthly.map(({ name }) => `drop view if exists temp.main.${name}`);
  const tables = [...loaded.keys()].map((name) => `drop table if exists temp.main.${name}`);
  await connection.run([...views, ...tables].join('; ')).catch(() => {});
}

/** Rows of a table that a chunk needs, and few others, as what follows `select * from`. */
async function sourceOf(lane: Lane, table: TableName, of: Chunk): Promise<string> {
  const isCounted = sqlName(table) === sqlName(lane.model.countedFrom);
  if (table.layer === 'intermediate') return rowsInMemory(lane, { table, isCounted, ...of });
  const needed = of.chunk.flatMap((unit) =>
    isCounted ? unit.needed : (unit.beside.get(sqlName(table)) ?? []),
  );
  const files = [...new Map(needed.map((file) => [file.name, file])).values()];
  if (files.length === 0) return `(${emptySelect(schemaOf(table))})`;
  if (table.layer === 'curated' && !isCounted) return parquetAt(files.map(({ path }) => path));
  return loadedRows(lane, { table, isCounted, files, isMixed: of.isMixed });
}

async function rowsInMemory(
  lane: Lane,
  of: Chunk & { readonly table: TableName; readonly isCounted: boolean },
): Promise<string> {
  const { chunk, isMixed, isCounted } = of;
  const name = sqlName(of.table);
  const months = chunk.map(({ month }) => quoteText(month));
  const rows = isMixed ? name : `${name} where ${MONTH} in (${months.join(', ')})`;
  if (isCounted) {
    const counts = await countRows(lane, { rows, isCounted, path: 'null', files: null });
    lane.loaded.set(IN_MEMORY, { of: name, names: new Set(), counts });
  }
  return rows;
}

/** Stands for the counts of rows that are in no table of the connection's own. */
const IN_MEMORY = 'in_memory';

interface Wanted {
  readonly table: TableName;
  readonly isCounted: boolean;
  readonly files: readonly InputFile[];
  readonly isMixed: boolean;
}

/** Loads files that are not there yet, and lets go of those that are not needed any more. */
async function loadedRows(lane: Lane, of: Wanted): Promise<string> {
  const needed = new Set(of.files.map(({ name }) => name));
  const mine = [...lane.loaded].filter(([, each]) => each.of === sqlName(of.table));
  const kept = mine.filter(([, { names }]) => [...names].some((name) => needed.has(name)));
  for (const each of mine.filter((one) => !kept.includes(one))) {
    await lane.connection.run(`drop table temp.main.${each[0]}`);
    lane.loaded.delete(each[0]);
  }
  const there = new Set(kept.flatMap(([, { names }]) => [...names]));
  const missing = of.files.filter(({ name }) => !there.has(name));
  const tables = kept.map(([table]) => table);
  if (missing.length > 0) tables.push(await loadFiles(lane, { ...of, files: missing }));
  const columns = columnsRead(lane, of.table);
  return `(${tables.map((table) => `select ${columns} from temp.main.${table}`).join(' union all ')})`;
}

/** The columns of a table that the model reads, as a select list. */
function columnsRead(lane: Lane, table: TableName): string {
  const columns = columnTypes(schemaOf(table)).map(([column]) => column);
  return columnsNamed(textOf(lane.model), { table, columns }).map(quoteName).join(', ');
}

/** Gives the name of the new table that holds the rows of the files. */
async function loadFiles(lane: Lane, of: Wanted): Promise<string> {
  const { files } = of;
  const { layer } = of.table;
  const into = `facts_${lane.tables++}`;
  const paths = files.map(({ path }) => path);
  const [only, ...others] = paths;
  // A path beside every row is a column of long texts: only where rows are of several files.
  const path = only !== undefined && others.length === 0 ? quoteText(only) : 'file_path';
  const pathAs = path === 'file_path' ? path : undefined;
  const source =
    layer === 'staging'
      ? csvSource(columnTypes(schemaOf(of.table)), paths, pathAs)
      : parquetAt(paths, pathAs);
  const list = [columnsRead(lane, of.table), ...(pathAs === undefined ? [] : [pathAs])].join(', ');
  try {
    await lane.connection.run(
      `create or replace temp table ${into} as select ${list} from ${source}`,
    );
  } catch (cause) {
    throw unreadable({ table: sqlName(of.table), paths }, cause);
  }
  const filed = of.isMixed || layer !== 'staging' ? null : files;
  const rows = `temp.main.${into}`;
  const counts = await countRows(lane, { ...of, rows, path, files: filed });
  lane.loaded.set(into, {
    of: sqlName(of.table),
    names: new Set(files.map(({ name }) => name)),
    counts,
  });
  return into;
}

/**
 * Counts rows by the partition of the model that they are in. Where files are told, one that is named for
 * a partition must hold its rows and no others.
 */
async function countRows(
  lane: Lane,
  of: {
    /** What follows `from`. */
    readonly rows: string;
    readonly isCounted: boolean;
    readonly path: string;
    readonly files: readonly InputFile[] | null;
  },
): Promise<ReadonlyMap<string, number>> {
  const expected = new Map(of.files?.map((file) => [file.path, `${file.account}/${file.month}`]));
  const value = of.isCounted ? quoteName(splitOf(lane.model)) : 'null';
  const found = await rowsOf(
    lane.connection,
    `select ${of.path} as file_path, account_id, ${value} as value, ${MONTH} as month, count(*) as total from ${of.rows} group by 1, 2, 3, 4`,
  );
  const counts = new Map<string, number>();
  for (const { file_path, account_id, value, month, total } of found) {
    const filed = expected.get(String(file_path)) ?? null;
    if (filed !== null && filed !== `${String(account_id)}/${String(month)}`) throw new Misfiled();
    const place = `${String(value)}/${String(month)}`;
    counts.set(place, (counts.get(place) ?? 0) + Number(total));
  }
  return counts;
}

function textOf(model: Model): string {
  return modelSql({ layer: 'curated', name: model.name });
}
