import { mkdirSync } from 'node:fs';
import { type DuckDBConnection, DuckDBInstance, type Json, version } from '@duckdb/node-api';
import { type Contract, contractAt } from './contract.ts';
import { AdlakeError } from './errors.ts';

/** Version of the engine: part of every fingerprint of what the engine makes. */
export const DUCKDB_VERSION = version();

/** A row as the engine gives it for JSON: decimals and 64-bit integers are text, never floats. */
export type JsonRow = Readonly<Record<string, Json>>;

/** What an engine may use. */
export interface EngineLimits {
  readonly threads: number;
  /** For example `1GB`. */
  readonly memory: string;
  /** Folder to spill into when memory is short; null: never spill. */
  readonly spillInto: string | null;
}

/** An in-memory database with one connection. Close it when done. */
export interface Engine {
  readonly connection: DuckDBConnection;
  /** Releases memory and files. Closing twice is harmless. */
  readonly close: () => void;
}

/**
 * Opens an in-memory engine that loads no extension and speaks UTC. It writes no file but what a
 * statement says. Throws what the engine throws.
 */
export async function openEngine(limits: EngineLimits): Promise<Engine> {
  if (limits.spillInto !== null) mkdirSync(limits.spillInto, { recursive: true });
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(limits.threads),
    memory_limit: limits.memory,
    temp_directory: limits.spillInto ?? '',
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run("set TimeZone = 'UTC'");
  let isOpen = true;
  return {
    connection,
    close: () => {
      if (isOpen) closeBoth(connection, instance);
      isOpen = false;
    },
  };
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

/**
 * Makes a table with the columns of a contract and fills it from CSV files of the lake: every value
 * is read as the contract's type, an empty cell is NULL and `""` is empty text. Without files the
 * table is empty. Throws `FILE_UNREADABLE` when a file does not fit.
 */
export async function loadCsv(
  connection: DuckDBConnection,
  into: { readonly table: string; readonly schema: string; readonly paths: readonly string[] },
): Promise<void> {
  const columns = columnTypes(into.schema);
  const declared = columns.map(([name, type]) => `${quoteName(name)} ${type}`).join(', ');
  await connection.run(`create or replace table ${into.table} (${declared})`);
  if (into.paths.length === 0) return;
  try {
    await connection.run(
      `insert into ${into.table} select * from ${csvSource(columns, into.paths)}`,
    );
  } catch (cause) {
    throw unreadable(into, cause);
  }
}

/**
 * The CSV files as a table in a from clause, read as the lake writes them: nothing is guessed.
 */
export function csvSource(
  columns: ReadonlyArray<readonly [string, string]>,
  paths: readonly string[],
): string {
  const types = columns.map(([name, type]) => `${quoteText(name)}: ${quoteText(type)}`).join(', ');
  const files = paths.map((path) => quoteText(literalPath(path))).join(', ');
  return `read_csv([${files}], columns = {${types}}, ${CSV_DIALECT})`;
}

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
  'max_line_size = 33554432',
].join(', ');

function typeOf(contract: Contract, name: string): string {
  const type = contract.properties[name]?.['x-sql'];
  if (type !== undefined) return type;
  throw new AdlakeError({
    code: 'CONTRACT_INVALID',
    message: `The contract schemas/${contract.path} gives no x-sql type for column ${name}.`,
    remedy: 'Add "x-sql" with the DuckDB type of the column.',
  });
}

function unreadable(
  into: { readonly table: string; readonly paths: readonly string[] },
  cause: unknown,
): AdlakeError {
  const reason = cause instanceof Error ? cause.message.split('\n\n')[0] : String(cause);
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `A staging file of ${into.table} does not fit its contract: ${reason}`,
    remedy: 'Remove the file that is named and run raw-to-staging again: it is made anew from raw.',
    cause,
  });
}

function closeBoth(connection: DuckDBConnection, instance: DuckDBInstance): void {
  connection.closeSync();
  instance.closeSync();
}
