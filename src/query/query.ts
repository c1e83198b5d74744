import { resolve } from 'node:path';
import type { DuckDBConnection, DuckDBResultReader } from '@duckdb/node-api';
import { literalPath, openEngine, quoteText } from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { type Lake, zoneDir } from '../zone.ts';
import { readingStatement, refusal } from './reading-statement.ts';
import { type AnswerTable, formatAnswer, type QueryFormat } from './text.ts';
import { viewStatements } from './views.ts';

/** How a question is answered. */
export interface QueryOptions {
  readonly format: QueryFormat;
  /** Rows to give at most; 100,000 when absent. */
  readonly maxRows?: number;
  /** Seconds after which the engine is stopped; 60 when absent. */
  readonly seconds?: number;
  /** Memory of the engine, for example `2GB`; 1GB when absent. */
  readonly memory?: string;
}

/** The answer, ready to be printed. */
export interface QueryAnswer {
  /** In the format that was asked for, with a newline at the end. */
  readonly text: string;
  /** Rows in `text`. */
  readonly rows: number;
  /** True when there were more rows than `maxRows`. */
  readonly isCutShort: boolean;
}

const MAX_ROWS = 100_000;
const MAX_SECONDS = 60;
const MEMORY = '1GB';
const THREADS = 2;

/**
 * Answers one reading SQL statement over the curated tables, each of which is there under its name.
 * The engine is in memory and locked: it reads files of the curated zone and no other, writes none,
 * loads no extension and takes no setting. Throws `SQL_REFUSED` for anything but one reading
 * statement, for what the engine does not understand, and when time or memory run out.
 */
export async function runQuery(
  lake: Lake,
  sql: string,
  options: QueryOptions,
): Promise<QueryAnswer> {
  const memory = options.memory ?? MEMORY;
  const engine = await openEngine({ threads: THREADS, memory, spillInto: null });
  const seconds = options.seconds ?? MAX_SECONDS;
  const clock = startClock(engine.connection, seconds);
  try {
    for (const statement of viewStatements(lake, sql)) await engine.connection.run(statement);
    await lock(engine.connection, lake);
    const statement = await readingStatement(engine.connection, sql);
    const maxRows = options.maxRows ?? MAX_ROWS;
    const reader = await statement.streamAndReadUntil(maxRows + 1);
    const table = tableOf(reader, maxRows);
    const isCutShort = reader.currentRowCount > maxRows;
    return { text: formatAnswer(table, options.format), rows: table.rows.length, isCutShort };
  } catch (cause) {
    throw cause instanceof AdlakeError ? cause : refusalOf(cause, clock.hasRung() ? seconds : null);
  } finally {
    clock.stop();
    engine.close();
  }
}

/** The engine compares paths as they are written, so the folder is allowed as views write it too. */
async function lock(connection: DuckDBConnection, lake: Lake): Promise<void> {
  const curated = resolve(zoneDir(lake, 'curated'));
  const allowed = [...new Set([curated, literalPath(curated)])].map(quoteText).join(', ');
  await connection.run(`set allowed_directories = [${allowed}]`);
  await connection.run('set enable_external_access = false');
  await connection.run('set lock_configuration = true');
}

function tableOf(reader: DuckDBResultReader, maxRows: number): AnswerTable {
  const names = reader.deduplicatedColumnNames();
  const columns = names.map((name, index) => ({
    name,
    type: reader.columnType(index).toString(),
  }));
  return { columns, rows: reader.getRowsJson().slice(0, maxRows) };
}

function startClock(
  connection: DuckDBConnection,
  seconds: number,
): { readonly stop: () => void; readonly hasRung: () => boolean } {
  let rung = false;
  const timer = setTimeout(() => {
    rung = true;
    connection.interrupt();
  }, seconds * 1000);
  return { stop: () => clearTimeout(timer), hasRung: () => rung };
}

function refusalOf(cause: unknown, seconds: number | null): AdlakeError {
  if (seconds !== null) {
    return refusal(`The statement was stopped after ${seconds} seconds.`, {
      remedy: 'Ask for fewer days or columns, or give it more time.',
    });
  }
  const message = cause instanceof Error ? cause.message : String(cause);
  if (/permission error/i.test(message)) {
    return refusal(`The statement reaches outside the curated tables: ${shortened(message)}`, {
      cause,
    });
  }
  return refusal(shortened(message), {
    remedy:
      'Correct the statement. `show tables` lists the tables, `describe <table>` its columns.',
    cause,
  });
}

const SHOWN_LINES = 6;
const SHOWN_CHARACTERS = 1000;

function shortened(message: string): string {
  return message.split('\n').slice(0, SHOWN_LINES).join('\n').slice(0, SHOWN_CHARACTERS).trim();
}
