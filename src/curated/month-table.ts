import type { DuckDBConnection } from '@duckdb/node-api';
import {
  columnTypes,
  csvSource,
  quoteName,
  quoteText,
  rowsOf,
  unreadable,
} from '../duckdb/duckdb.ts';
import { columnsNamed, type Model, modelSql, splitOf, sqlName, type TableName } from '../model.ts';
import type { InputFile } from '../staging/file.ts';
import { MONTH } from './made.ts';
import { monthlyTables, schemaOf } from './month-unit.ts';
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
  /** True once it was seen that rows do not come in the order of the key. */
  isShuffled: boolean;
}

interface Loaded {
  /** The table whose rows they are, by its name in SQL. */
  readonly of: string;
  /** Names of its files. */
  readonly names: ReadonlySet<string>;
  /** True when it has only the columns of rows that are looked back into. */
  readonly isBehind: boolean;
  /** Numbers of its rows, by the partition of the model that they are in. */
  readonly counts: ReadonlyMap<string, number>;
}

/** A lane of a connection in which nothing is loaded. */
export function newLane(model: Model, connection: DuckDBConnection): Lane {
  const monthly = monthlyTables(model);
  return { model, connection, monthly, loaded: new Map(), tables: 0, isShuffled: false };
}

/** Files of a table whose rows are wanted. */
export interface Wanted {
  readonly table: TableName;
  readonly isCounted: boolean;
  readonly files: readonly InputFile[];
  /** Those that are only looked back into: few of their columns are kept. */
  readonly behind: readonly InputFile[];
  readonly isMixed: boolean;
}

/**
 * Loads files that are not there yet, and lets go of those that are not needed any more, and of columns of
 * those that are only looked back into from now on. Gives what follows `from`.
 */
export async function loadedRows(lane: Lane, of: Wanted): Promise<string> {
  await letGo(lane, of);
  const there = new Set(tablesOf(lane, of).flatMap(([, { names }]) => [...names]));
  for (const isBehind of [false, true]) {
    const files = of[isBehind ? 'behind' : 'files'].filter(({ name }) => !there.has(name));
    if (files.length > 0) await loadFiles(lane, { ...of, files, isBehind });
  }
  const tables = tablesOf(lane, of).map(
    ([name, { isBehind }]) =>
      `select ${columnsOf(lane, { ...of, isBehind })} from temp.main.${name}`,
  );
  return `(${tables.join(' union all by name ')})`;
}

function tablesOf(lane: Lane, { table }: Wanted): readonly (readonly [string, Loaded])[] {
  return [...lane.loaded].filter(([, each]) => each.of === sqlName(table));
}

async function letGo(lane: Lane, of: Wanted): Promise<void> {
  const own = new Set(of.files.map(({ name }) => name));
  const behind = new Set(of.behind.map(({ name }) => name));
  for (const [table, loaded] of tablesOf(lane, of)) {
    const isOwn = [...loaded.names].some((name) => own.has(name));
    const isNeeded = isOwn || [...loaded.names].some((name) => behind.has(name));
    if (isNeeded && isOwn !== loaded.isBehind) continue;
    if (isNeeded && !isOwn) await narrow(lane, [table, loaded]);
    else await drop(lane, table);
  }
}

async function drop(lane: Lane, table: string): Promise<void> {
  lane.loaded.delete(table);
  await lane.connection.run(`drop table temp.main.${table}`);
}

/** Keeps of rows that are made only what others look back into: the rest is not read again. */
export async function leaveBehind(lane: Lane): Promise<void> {
  if (lane.model.byMonth?.lookBack === undefined) return;
  const counted = sqlName(lane.model.countedFrom);
  const loaded = [...lane.loaded].filter(([, each]) => each.of === counted && !each.isBehind);
  for (const each of loaded) await narrow(lane, each);
}

async function narrow(lane: Lane, [table, loaded]: readonly [string, Loaded]): Promise<void> {
  const into = `facts_${lane.tables++}`;
  await lane.connection.run(
    `create or replace temp table ${into} as select ${behindIn(lane)} from temp.main.${table}`,
  );
  lane.loaded.set(into, { ...loaded, isBehind: true });
  await drop(lane, table);
}

type Loading = Wanted & { readonly isBehind: boolean };

/** Loads files into a new table. */
async function loadFiles(lane: Lane, of: Loading): Promise<void> {
  const { files, isBehind } = of;
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
  const list = [columnsOf(lane, of), ...(pathAs === undefined ? [] : [pathAs])].join(', ');
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
  const names = new Set(files.map(({ name }) => name));
  lane.loaded.set(into, { of: sqlName(of.table), names, isBehind, counts });
}

/** The columns of a table that the model reads, or those that are looked back into, as a select list. */
function columnsOf(lane: Lane, { table, isBehind }: Loading): string {
  if (isBehind) return behindIn(lane);
  const columns = columnTypes(schemaOf(table)).map(([column]) => column);
  const sql = modelSql({ layer: 'curated', name: lane.model.name });
  return columnsNamed(sql, { table, columns }).map(quoteName).join(', ');
}

function behindIn({ model }: Lane): string {
  return (model.byMonth?.lookBack?.columns ?? []).map(quoteName).join(', ');
}

/**
 * Counts rows by the partition of the model that they are in. Where files are told, one that is named for
 * a partition must hold its rows and no others.
 */
export async function countRows(
  lane: Lane,
  of: {
    /** What follows `from`. */
    readonly rows: string;
    readonly isCounted: boolean;
    /** The path of a row's file, as a column or a literal. */
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
