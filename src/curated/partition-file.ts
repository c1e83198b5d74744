import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, relative } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { quoteName, quoteText, rowsOf } from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, pathsFlushed, readIfThere, temporaryBeside } from '../file.ts';
import { type Model, splitOf } from '../model.ts';
import type { OutputFile } from '../stage.ts';
import type { Workspace } from '../workspace.ts';
import { MONTH, orderOf, type Place, partitionFile } from './made.ts';
import { TRIMMED_ROWS, trim } from './memory.ts';
import { checkColumns, checkRow, type RowsSeen, seenColumns, seenIn } from './row-check.ts';
import { parquetAt } from './shown.ts';

/** A finished file that lies beside where it belongs, whether or not its bytes are there already. */
export interface MadeFile {
  /** Absolute. */
  readonly path: string;
  readonly temporary: string;
  readonly output: OutputFile;
}

interface Finishing {
  readonly connection: DuckDBConnection;
  /** The rows as a table in a from clause. */
  readonly table: string;
  /** True when its rows are known to lie in the order of the key. */
  readonly isSorted: boolean;
  /** What to remember of a partition, as `OutputFile.digest`. */
  readonly note: (place: Place) => string;
}

/**
 * Judges the rows of a table by the model's contract and key, writes them as a Parquet file (zstd) for
 * each partition, sorted by the key, reads the files back and compares them with the rows. Throws what
 * `checkRow` throws, and `BUG` when a file does not read back.
 */
export async function finishFiles(
  workspace: Workspace,
  into: { readonly model: Model; readonly temporaries: string[] },
  of: Finishing,
): Promise<readonly MadeFile[]> {
  const { model, temporaries } = into;
  const partitions = await partitionsIn(of, model);
  const written: { readonly path: string; readonly temporary: string }[] = [];
  for (const partition of partitions) {
    const path = partitionFile(workspace, model, partition);
    const temporary = temporaryBeside(path);
    mkdirSync(dirname(path), { recursive: true });
    temporaries.push(temporary);
    const rows =
      partitions.length === 1
        ? await wholeTable(of, model, partition)
        : await someRows(of, model, partition);
    await of.connection.run(copyText(rows, temporary));
    written.push({ path, temporary });
    const isLast = written.length === partitions.length;
    if (!isLast && partition.rows > TRIMMED_ROWS) await trim(workspace, of.connection);
  }
  if (of.isSorted) await of.connection.run('drop table if exists temp.main.one_partition');
  const read = await readBack(of.connection, model, written);
  return partitions.map((partition, index) => {
    const { path, temporary } = written[index] ?? { path: '', temporary: '' };
    if (read.get(temporary) !== partition.digest) throw notReadBack(path);
    return finished(workspace, { partition, path, temporary, digest: of.note(partition) });
  });
}

/**
 * Flushes finished files to the disk and puts them in place, all of them together, while others work; what
 * is left of them when that fails is removed.
 */
export async function placeFiles(files: readonly MadeFile[]): Promise<void> {
  const changed = files.filter(({ output }) => output.changed);
  try {
    await pathsFlushed(changed.map(({ temporary }) => temporary));
    for (const { path, temporary } of changed) renameSync(temporary, path);
    await pathsFlushed([...new Set(changed.map(({ path }) => dirname(path)))]);
  } finally {
    removeTemporaries(files.map(({ temporary }) => temporary));
  }
}

/** Removes what is left of files that were not put in place. */
export function removeTemporaries(paths: readonly string[]): void {
  for (const path of paths) rmSync(path, { force: true });
}

/**
 * Rows of a row group, which are held in memory to be written and are read or passed over together: few
 * enough that a question about some days of a large month reads a part of its file.
 */
const ROW_GROUP_ROWS = 16_384;

interface Partition extends Place, RowsSeen {}

async function partitionsIn(of: Finishing, model: Model): Promise<readonly Partition[]> {
  const rows = await rowsOf(
    of.connection,
    `select ${quoteName(splitOf(model))} as value, ${MONTH} as month, ${checkColumns(model)} from ${of.table} group by value, month order by value, month`,
  );
  const partitions: Partition[] = [];
  for (const row of rows) {
    const seen = await checkRow(of.connection, { model, table: of.table }, row);
    const place = { value: pathValue(model, row.value), month: String(row.month) };
    partitions.push({ ...place, ...seen });
  }
  return partitions;
}

/**
 * All rows of a table in the order of the key. The rows of a large table often lie in it so, as they came from
 * staging, and to see that takes a tenth of sorting them.
 */
async function wholeTable(of: Finishing, model: Model, { rows }: RowsSeen): Promise<string> {
  const select = `select * from ${of.table}`;
  const isInOrder = of.isSorted || (rows > TRIMMED_ROWS && (await liesInOrder(of, model)));
  return isInOrder ? select : `${select} order by ${orderOf(model)}`;
}

/**
 * The rows of a partition in the order of the key. Those that a condition leaves of a table come in chunks that are not
 * full, and would be other row groups, so they become a table first; to sort them makes full ones, too.
 */
async function someRows(of: Finishing, model: Model, at: Place): Promise<string> {
  const select = `select * from ${of.table} where ${whereOf(model, at)}`;
  if (!of.isSorted) return `${select} order by ${orderOf(model)}`;
  await of.connection.run(`create or replace temp table one_partition as ${select}`);
  return 'select * from temp.main.one_partition';
}

/** True when the rows of a table lie in the order of the key. */
export async function liesInOrder(
  of: Pick<Finishing, 'connection' | 'table'>,
  model: Model,
): Promise<boolean> {
  const key = `row(${orderOf(model)})`;
  const [found] = await rowsOf(
    of.connection,
    `select count(*) as total, count(case when before < this then 1 end) as after from (select ${key} as this, lag(${key}) over () as before from ${of.table})`,
  );
  return Number(found?.after) >= Number(found?.total) - 1;
}

function whereOf(model: Model, { value, month }: Place): string {
  return `${quoteName(splitOf(model))} = ${quoteText(value)} and ${MONTH} = ${quoteText(month)}`;
}

function copyText(rows: string, temporary: string): string {
  return `copy (${rows}) to ${quoteText(temporary)} (format parquet, compression zstd, row_group_size ${ROW_GROUP_ROWS}, use_tmp_file false)`;
}

/** Number of rows and sum of their hashes, by file. */
async function readBack(
  connection: DuckDBConnection,
  model: Model,
  files: readonly { readonly temporary: string }[],
): Promise<ReadonlyMap<string, string>> {
  if (files.length === 0) return new Map();
  const source = parquetAt(
    files.map(({ temporary }) => temporary),
    'file_path',
  );
  const rows = await rowsOf(
    connection,
    `select file_path, ${seenColumns(model)} from ${source} group by file_path`,
  );
  return new Map(rows.map((row) => [String(row.file_path), seenIn(row).digest]));
}

function finished(
  workspace: Workspace,
  of: {
    readonly partition: Partition;
    readonly path: string;
    readonly temporary: string;
    readonly digest: string;
  },
): MadeFile {
  const { path, temporary, digest } = of;
  const bytes = readFileSync(temporary);
  const changed = readIfThere(path)?.equals(bytes) !== true;
  const output: OutputFile = {
    path: relative(workspace.context.lake.home, path),
    sha256: hashOf(bytes),
    bytes: bytes.length,
    rows: of.partition.rows,
    changed,
    digest,
  };
  return { path, temporary, output };
}

/** What is said of a file that does not hold what was written into it. */
export function notReadBack(path: string): AdlakeError {
  return new AdlakeError({
    code: 'BUG',
    message: `${path} does not read back as it was written: the number of its rows or their values differ.`,
    remedy: 'The files that were there are untouched. Check the disk, then run the command again.',
  });
}

/** A value that becomes the name of a folder. Throws `BUG` when it would not be safe as one. */
function pathValue(model: Model, value: unknown): string {
  const text = String(value);
  if (/^[a-z0-9_-]+$/i.test(text)) return text;
  throw new AdlakeError({
    code: 'BUG',
    message: `${model.name} is split by ${splitOf(model)}, and ${JSON.stringify(text)} cannot be the name of a folder.`,
    remedy: 'Split the model by a column of ids or of fixed names.',
  });
}
