import { mkdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection, DuckDBInstance, Json } from '@duckdb/node-api';
import { CHECKOUT } from '../checkout.ts';
import { type Contract, contractAt } from '../contract.ts';
import { AdlakeError } from '../errors.ts';

/**
 * Version of the engine: part of every fingerprint of what the engine makes. It is pinned exactly, so
 * it can be known without loading the engine, which takes longer than all else in a run with nothing to do.
 */
export const DUCKDB_VERSION = pinnedVersion();

/** A row as the engine gives it for JSON: decimals and 64-bit integers are text, never floats. */
export type JsonRow = Readonly<Record<string, Json>>;

/** What an engine may use. */
export interface EngineLimits {
  readonly threads: number;
  /** For example `1GB`. */
  readonly memory: string;
  /** Folder to spill into when memory is short; null: never spill. */
  readonly spillInto: string | null;
  /**
   * True: statements are run as they are written. For a few hundred rows, looking for a better way takes
   * longer than going; for many, it must not be left out. Results are the same.
   */
  readonly isHasty?: boolean;
}

/** An in-memory database with one connection. Close it when done. */
export interface Engine {
  readonly connection: DuckDBConnection;
  /** One more connection, for a second statement at the same time; it ends with the engine. */
  readonly connect: () => Promise<DuckDBConnection>;
  /** Releases memory and files. Closing twice is harmless. */
  readonly close: () => void;
}

/**
 * Opens an in-memory engine that loads no extension and speaks UTC, in its texts too: left to itself
 * the client shows instants in the machine's zone. It writes no file but what a
 * statement says. Throws what the engine throws.
 */
export async function openEngine(limits: EngineLimits): Promise<Engine> {
  if (limits.spillInto !== null) mkdirSync(limits.spillInto, { recursive: true });
  const { DuckDBInstance, DuckDBTimestampTZValue } = await loadEngine();
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: limits.memory,
    temp_directory: limits.spillInto ?? '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
    allocator_flush_threshold: '16MB',
    allocator_bulk_deallocation_flush_threshold: '32MB',
  });
  const opened: DuckDBConnection[] = [];
  const connect = async (): Promise<DuckDBConnection> => {
    const connection = await instance.connect();
    opened.push(connection);
    const hasty = limits.isHasty === true ? '; pragma disable_optimizer' : '';
    await connection.run(`set TimeZone = 'UTC'${hasty}`);
    return connection;
  };
  const connection = await connect();
  DuckDBTimestampTZValue.timezoneOffsetInMinutes = 0;
  let isOpen = true;
  return {
    connection,
    connect,
    close: () => {
      if (isOpen) closeAll(opened, instance);
      isOpen = false;
    },
  };
}

/** Loads the engine's code, so that opening one later does not wait for it. */
export function loadEngine(): Promise<typeof import('./code.ts')> {
  return import('./code.ts');
}

/** Every row of a query, for small results: decimals and 64-bit integers are text. */
export async function rowsOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<readonly JsonRow[]> {
  return (await connection.runAndReadAll(sql)).getRowObjectsJson();
}

/** Text as a SQL literal: `it's` becomes `'it''s'`. */
export function quoteText(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}

/** A name as a quoted SQL identifier. */
export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/**
 * A path as the engine's file functions want it: they take `*`, `?` and `[` for patterns, so these
 * stand in brackets.
 */
export function literalPath(path: string): string {
  return path.replaceAll(/[*?[]/g, '[$&]');
}

/** Column names and DuckDB types of a contract, in order. Throws `CONTRACT_INVALID` without a type. */
export function columnTypes(schema: string): ReadonlyArray<readonly [name: string, type: string]> {
  const contract = contractAt(schema);
  return contract.columns.map((name) => [name, typeOf(contract, name)] as const);
}

/** The columns of a contract, cast to their types, as a select list. */
export function typedColumns(schema: string): string {
  return columnTypes(schema)
    .map(([name, type]) => `cast(${quoteName(name)} as ${type}) as ${quoteName(name)}`)
    .join(', ');
}

/** A select with the columns of a contract, or with those of them that are wanted, and no rows. */
export function emptySelect(schema: string, wanted?: readonly string[]): string {
  const columns = columnTypes(schema)
    .filter(([name]) => wanted?.includes(name) ?? true)
    .map(([name, type]) => `cast(null as ${type}) as ${quoteName(name)}`);
  return `select ${columns.join(', ')} where false`;
}

/**
 * Makes a table with the columns of a contract and fills it from CSV files of the lake: every value
 * is read as the contract's type, an empty cell is NULL and `""` is empty text. Without files the
 * table is empty. Gives the number of its rows. Throws `FILE_UNREADABLE` when a file does not fit.
 */
export async function loadCsv(connection: DuckDBConnection, into: CsvLoad): Promise<number> {
  const columns = columnTypes(into.schema);
  const wanted = columns.filter(([name]) => into.columns?.includes(name) ?? true);
  if (into.paths.length === 0) {
    const declared = wanted.map(([name, type]) => `${quoteName(name)} ${type}`);
    await connection.run(`create or replace table ${into.table} (${declared.join(', ')})`);
    return 0;
  }
  const list = wanted.map(([name]) => quoteName(name));
  const select = `select ${list.join(', ')} from ${csvSource(columns, into.paths)}`;
  try {
    return await createTable(connection, into.table, select);
  } catch (cause) {
    throw unreadable(into, cause);
  }
}

/** Makes a table of the rows of a select, in place of one of that name; gives the number of its rows. */
export async function createTable(
  connection: DuckDBConnection,
  table: string,
  select: string,
): Promise<number> {
  const [row] = await rowsOf(connection, `create or replace table ${table} as ${select}`);
  return Number(row?.Count ?? 0);
}

/** What is loaded into which table. */
export interface CsvLoad {
  /** Name in SQL. */
  readonly table: string;
  /** Path of the contract, as `contractAt` takes it. */
  readonly schema: string;
  readonly paths: readonly string[];
  /** Columns to load; all of them when absent. */
  readonly columns?: readonly string[];
}

/**
 * The CSV files as a table in a from clause, read as the lake writes them: nothing is guessed. With
 * `pathAs`, a column of that name says which file a row is from.
 */
export function csvSource(
  columns: ReadonlyArray<readonly [string, string]>,
  paths: readonly string[],
  pathAs?: string,
): string {
  const types = columns.map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`).join(', ');
  const files = paths.map((path) => quoteText(literalPath(path))).join(', ');
  const path = pathAs === undefined ? '' : `, filename = ${quoteText(pathAs)}`;
  return `read_csv([${files}], columns = {${types}}, ${CSV_DIALECT}, ${lineLimits(paths)}${path})`;
}

/**
 * Room for long lines (somebody's name of 10 MB) only where files are long enough to hold one: the
 * engine would otherwise set aside sixteen lines of the greatest length for every file. A line that is
 * longer than the buffer is not refused but read as other lines (1.5.6), so the buffer holds any line.
 */
function lineLimits(paths: readonly string[]): string {
  const longest = Math.max(0, ...paths.map((path) => statSync(path).size));
  const line = Math.min(Math.max(longest, LINE_BYTES), LONGEST_LINE_BYTES);
  return `max_line_size = ${line}, buffer_size = ${Math.max(line + 1, BUFFER_BYTES)}`;
}

/** Enough for all but strange files. */
const LINE_BYTES = 2_000_000;
const BUFFER_BYTES = 8_000_000;
/** A longer line is an error that names the file. */
const LONGEST_LINE_BYTES = 100_000_000;

/** The dialect of the lake's own CSV files; nothing is guessed. */
const CSV_DIALECT = [
  'auto_detect = false',
  'header = true',
  "delim = ','",
  `quote = '"'`,
  `escape = '"'`,
  "new_line = '\\n'",
  "nullstr = ''",
  'allow_quoted_nulls = false',
  'strict_mode = true',
  'hive_partitioning = false',
].join(', ');

function pinnedVersion(): string {
  const manifest = JSON.parse(readFileSync(join(CHECKOUT, 'package.json'), 'utf8')) as {
    readonly dependencies: Readonly<Record<string, string>>;
  };
  return manifest.dependencies['@duckdb/node-api'] ?? '';
}

function typeOf(contract: Contract, name: string): string {
  const type = contract.properties[name]?.['x-sql'];
  if (type !== undefined) return type;
  throw new AdlakeError({
    code: 'CONTRACT_INVALID',
    message: `The contract schemas/${contract.path} gives no x-sql type for column ${name}.`,
    remedy: 'Add "x-sql" with the DuckDB type of the column.',
  });
}

/** The error for CSV files that the engine refused. */
export function unreadable(
  into: { readonly table: string; readonly paths: readonly string[] },
  cause: unknown,
): AdlakeError {
  const said = cause instanceof Error ? cause.message : String(cause);
  const file = /^\s*file = (.*)$/m.exec(said)?.[1] ?? into.paths.join(', ');
  const reason = said.split('\n').slice(0, 3).map(short).join(' / ');
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${file} does not fit the contract of ${into.table}: ${reason}`,
    remedy: 'Remove that file and run raw-to-staging again: it is made anew from raw.',
    cause,
  });
}

const SHOWN_CHARACTERS = 200;

function short(line: string): string {
  return line.length <= SHOWN_CHARACTERS ? line : `${line.slice(0, SHOWN_CHARACTERS)}…`;
}

function closeAll(connections: readonly DuckDBConnection[], instance: DuckDBInstance): void {
  for (const connection of connections) connection.closeSync();
  instance.closeSync();
}
