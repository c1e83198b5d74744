import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { formatCsvRow } from './csv.ts';
import { orderOf } from './curated/made.ts';
import { type MadeFile, notReadBack, removeTemporaries } from './curated/partition-file.ts';
import { type RowsSeen, seenColumns, seenIn } from './curated/row-check.ts';
import { linePieces, linesOf } from './duckdb/csv-line.ts';
import { columnTypes, csvSource, literalPath, quoteText, rowsOf } from './duckdb/duckdb.ts';
import { hashOf, readIfThere, temporaryBeside, writeAll } from './file.ts';
import { curatedSchema, type Model } from './model.ts';
import type { OutputFile } from './stage.ts';
import type { Lake } from './zone.ts';

/** Rows of the engine that become files. */
export interface FileRows {
  /** The rows, as a select without an order and without a semicolon. */
  readonly select: string;
  readonly model: Model;
  /** What they amount to, and the files with them. */
  readonly seen: RowsSeen;
}

/**
 * Writes the same rows to files, as Parquet (zstd) where a path ends so and else as the lake's CSV, reads
 * each back and compares it with the rows. They lie beside where they belong then: see `placeFiles`.
 * The same rows give the same bytes, whatever the number of threads. Throws `BUG` when what was written does
 * not read back.
 */
export async function writeFiles(
  connection: DuckDBConnection,
  lake: Lake,
  of: { readonly rows: FileRows; readonly paths: readonly string[] },
): Promise<readonly MadeFile[]> {
  const files = of.paths.map((path) => {
    const absolute = resolve(path);
    return { path: absolute, temporary: temporaryBeside(absolute) };
  });
  try {
    for (const { path, temporary } of files) {
      mkdirSync(dirname(path), { recursive: true });
      if (isParquet(path)) await writeParquet(connection, of.rows, temporary);
      else await writeCsv(connection, of.rows, temporary);
    }
    if (of.rows.seen.rows === 0) files.forEach(checkIsWhole);
    else await checkReadBack(connection, of.rows, files);
    return files.map((file) => finish(lake, of.rows, file));
  } catch (error) {
    removeTemporaries(files.map(({ temporary }) => temporary));
    throw error;
  }
}

function isParquet(path: string): boolean {
  return path.endsWith('.parquet');
}

async function writeParquet(
  connection: DuckDBConnection,
  rows: FileRows,
  temporary: string,
): Promise<void> {
  await connection.run(
    `copy (${ordered(rows)}) to ${quoteText(temporary)} (format parquet, compression zstd, use_tmp_file false)`,
  );
}

/**
 * Decimals without trailing zeros, doubles as the shortest text that reads back the same, NULL as an
 * empty cell. Rows are taken from the engine some thousand at a time.
 */
async function writeCsv(
  connection: DuckDBConnection,
  rows: FileRows,
  temporary: string,
): Promise<void> {
  const columns = columnTypes(curatedSchema(rows.model));
  const handle = openSync(temporary, 'w');
  try {
    const header = formatCsvRow(columns.map(([name]) => name));
    writeAll(handle, Buffer.from(`${header}\n`));
    if (rows.seen.rows === 0) return;
    const { select, pieces } = linePieces(columns);
    const lines = { ...rows, select: `select ${select} from (${rows.select}) as each` };
    const result = await connection.stream(ordered(lines));
    for await (const chunk of result) writeAll(handle, Buffer.from(linesOf(chunk, pieces)));
  } finally {
    closeSync(handle);
  }
}

function ordered(rows: FileRows): string {
  return `${rows.select} order by ${orderOf(rows.model)}`;
}

interface WrittenFile {
  readonly path: string;
  readonly temporary: string;
}

async function checkReadBack(
  connection: DuckDBConnection,
  rows: FileRows,
  files: readonly WrittenFile[],
): Promise<void> {
  const { model, seen } = rows;
  const columns = columnTypes(curatedSchema(model));
  const selects = files.map(({ path, temporary }, index) => {
    const source = isParquet(path)
      ? `read_parquet(${quoteText(literalPath(temporary))}, hive_partitioning = false)`
      : csvSource(columns, [temporary]);
    return `select ${index} as file, ${seenColumns(model)} from ${source}`;
  });
  for (const read of await rowsOf(connection, selects.join(' union all '))) {
    if (seenIn(read).digest !== seen.digest)
      throw notReadBack(files[Number(read.file)]?.path ?? '');
  }
}

/**
 * A file without rows has no values that could differ: its begin and end are enough, of Parquet the four letters
 * that it begins and ends with, of CSV the one line. To ask the engine about each takes as long as to write it.
 */
function checkIsWhole({ path, temporary }: WrittenFile): void {
  const bytes = readFileSync(temporary);
  const [begin, end] = [bytes.subarray(0, 4), bytes.subarray(-4)].map(String);
  const isWhole = isParquet(path)
    ? bytes.length > 8 && begin === 'PAR1' && end === 'PAR1'
    : bytes.indexOf('\n') === bytes.length - 1;
  if (!isWhole) throw notReadBack(path);
}

function finish(lake: Lake, of: FileRows, file: WrittenFile): MadeFile {
  const bytes = readFileSync(file.temporary);
  const output: OutputFile = {
    path: relative(lake.home, file.path),
    sha256: hashOf(bytes),
    bytes: bytes.length,
    rows: of.seen.rows,
    changed: readIfThere(file.path)?.equals(bytes) !== true,
  };
  return { ...file, output };
}
