import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { encodeCsv } from './csv.ts';
import { columnTypes, csvSource, type JsonRow, literalPath, quoteText, rowsOf } from './duckdb.ts';
import { AdlakeError } from './errors.ts';
import { hashOf, publish, readIfThere, syncFile, temporaryBeside } from './file.ts';
import type { OutputFile } from './stage.ts';
import type { Lake } from './zone.ts';

/** A file to be made of rows of the engine. */
export interface CuratedFile {
  /** Where it goes, absolute. */
  readonly path: string;
  /** The rows, as a select without an order and without a semicolon. */
  readonly select: string;
  /** Columns that order the rows, as SQL. */
  readonly order: string;
  /** Path of the rows' contract, as `contractAt` takes it. */
  readonly schema: string;
}

/**
 * Writes rows as Parquet (zstd), reads the file back and compares it with the rows, then puts it in
 * place if its bytes differ from what is there. The same rows give the same bytes, whatever the
 * number of threads. Throws `BUG` when what was written does not read back.
 */
export async function writeParquet(
  connection: DuckDBConnection,
  lake: Lake,
  file: CuratedFile,
): Promise<OutputFile> {
  return write(connection, lake, {
    ...file,
    make: async (temporary) => {
      const target = quoteText(temporary);
      await connection.run(
        `copy (${ordered(file)}) to ${target} (format parquet, compression zstd, use_tmp_file false)`,
      );
    },
    source: (temporary) =>
      `read_parquet(${quoteText(literalPath(temporary))}, hive_partitioning = false)`,
  });
}

/**
 * Writes rows as the lake's CSV: decimals without trailing zeros, doubles as the shortest text that
 * reads back the same, NULL as an empty cell. Checked and put in place like `writeParquet`.
 */
export async function writeCsv(
  connection: DuckDBConnection,
  lake: Lake,
  file: CuratedFile,
): Promise<OutputFile> {
  const columns = columnTypes(file.schema);
  return write(connection, lake, {
    ...file,
    make: async (temporary) => {
      const rows = await rowsOf(connection, ordered(file));
      const names = columns.map(([name]) => name);
      writeFileSync(
        temporary,
        encodeCsv(
          names,
          rows.map((row) => cellsOf(row, columns)),
        ),
      );
    },
    source: (temporary) => csvSource(columns, [temporary]),
  });
}

function ordered(file: CuratedFile): string {
  return `${file.select} order by ${file.order}`;
}

interface Making extends CuratedFile {
  readonly make: (temporary: string) => Promise<void>;
  /** How the engine reads the file back, as a table in a from clause. */
  readonly source: (temporary: string) => string;
}

async function write(
  connection: DuckDBConnection,
  lake: Lake,
  making: Making,
): Promise<OutputFile> {
  const path = resolve(making.path);
  const temporary = temporaryBeside(path);
  mkdirSync(dirname(path), { recursive: true });
  try {
    await making.make(temporary);
    const rows = await checkReadBack(connection, making, temporary);
    const bytes = readFileSync(temporary);
    const changed = readIfThere(path)?.equals(bytes) !== true;
    if (changed) publish(path, syncFile);
    return {
      path: relative(lake.home, path),
      sha256: hashOf(bytes),
      bytes: bytes.length,
      rows,
      changed,
    };
  } finally {
    rmSync(temporary, { force: true });
  }
}

async function checkReadBack(
  connection: DuckDBConnection,
  making: Making,
  temporary: string,
): Promise<number> {
  const meant = await digestOf(connection, `(${making.select})`);
  const written = await digestOf(connection, making.source(temporary));
  if (meant.digest === written.digest && meant.rows === written.rows) return meant.rows;
  throw new AdlakeError({
    code: 'BUG',
    message: `${making.path} does not read back as it was written: ${meant.rows} rows were meant, ${written.rows} came back, or their values differ.`,
    remedy: 'The file that was there is untouched. Check the disk, then run the command again.',
  });
}

/** The number of rows and a sum over the hashes of all rows: equal for equal rows in any order. */
async function digestOf(
  connection: DuckDBConnection,
  source: string,
): Promise<{ readonly rows: number; readonly digest: string }> {
  const [row] = await rowsOf(
    connection,
    `select count(*) as rows, sum(cast(hash(file) as hugeint)) as digest from ${source} as file`,
  );
  return { rows: Number(row?.rows ?? 0), digest: String(row?.digest) };
}

function cellsOf(
  row: JsonRow,
  columns: ReadonlyArray<readonly [string, string]>,
): readonly (string | null)[] {
  return columns.map(([name, type]) => {
    const value = row[name] ?? null;
    if (value === null) return null;
    return type.startsWith('DECIMAL') ? trimZeros(String(value)) : String(value);
  });
}

function trimZeros(decimal: string): string {
  return decimal.includes('.') ? decimal.replace(/\.?0+$/, '') : decimal;
}
