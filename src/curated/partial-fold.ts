import type { DuckDBConnection } from '@duckdb/node-api';
import {
  columnTypes,
  csvSource,
  emptySelect,
  quoteName,
  quoteText,
  unreadable,
} from '../duckdb/duckdb.ts';
import { columnsNamed, modelSql, sqlName, type TableName } from '../model.ts';
import type { InputFile } from '../staging/file.ts';
import type { Workspace } from '../workspace.ts';
import { trim } from './memory.ts';

/** A table of the layer `partial`, and the files that it is to be folded from. */
export interface Folding {
  readonly table: TableName;
  /** Where it is kept. */
  readonly folder: string;
  /** True when it is there already, of other files. */
  readonly isKept: boolean;
  readonly files: readonly InputFile[];
}

/** Tables that are folded from the same files of one dataset. */
export interface Foldings {
  readonly dataset: string;
  readonly files: readonly InputFile[];
  readonly of: readonly Folding[];
}

/** What was folded for a table: the tables in which it is, by their names in SQL, in order. */
export interface Folded {
  readonly of: Folding;
  readonly into: readonly string[];
}

/** Files are read together up to so many bytes: small ones are many, and of large ones each has a buffer. */
const READ_BYTES = 12_000_000;
/** Below this, one connection does it all. */
const WORTH_TWO_LANES_BYTES = 4_000_000;

/**
 * Folds files for all tables at once: some files after the other, each read once, of the columns that any of the
 * tables names. A lane takes files that follow each other, so that rows come in the same order every time. A
 * table that is not there yet is made of them, beside others when there are several lanes. Throws
 * `FILE_UNREADABLE` when a file does not fit its contract.
 */
export async function foldFiles(
  workspace: Workspace,
  { dataset, files, of }: Foldings,
): Promise<readonly Folded[]> {
  const reads = readsOf(files);
  const lanes =
    reads.length > 1 && bytesIn(files) > WORTH_TWO_LANES_BYTES ? workspace.lanes.size : 1;
  const share = Math.max(Math.ceil(reads.length / lanes), 1);
  const done = await Promise.allSettled(
    Array.from({ length: lanes }, (_, lane) =>
      workspace.lanes.use(async (connection) => {
        const mine = reads.slice(lane * share, (lane + 1) * share);
        await foldReads({ connection, dataset, reads: mine, tables: tablesOf(of, lane) });
        if (bytesIn(files) > WORTH_TWO_LANES_BYTES) await trim(workspace, connection);
      }),
    ),
  );
  const failed = done.find((each) => each.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return of.map((each) => ({ of: each, into: done.map((_, lane) => intoOf(each, lane)) }));
}

function readsOf(files: readonly InputFile[]): readonly (readonly InputFile[])[] {
  const reads: InputFile[][] = [];
  let size = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (size + file.bytes > READ_BYTES) {
      reads.push([]);
      size = 0;
    }
    reads.at(-1)?.push(file);
    size += file.bytes;
  }
  return reads;
}

function bytesIn(files: readonly InputFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** A table, and the one that it is folded into. */
interface Target {
  readonly table: TableName;
  readonly into: string;
}

function tablesOf(of: readonly Folding[], lane: number): readonly Target[] {
  return of.map((each) => ({ table: each.table, into: intoOf(each, lane) }));
}

function intoOf({ table, isKept }: Folding, lane: number): string {
  return isKept || lane > 0 ? `${sqlName(table)}_${lane}` : sqlName(table);
}

interface Reading {
  readonly connection: DuckDBConnection;
  readonly dataset: string;
  readonly tables: readonly Target[];
}

async function foldReads(
  all: Reading & { readonly reads: readonly (readonly InputFile[])[] },
): Promise<void> {
  const { connection, dataset, tables, reads } = all;
  for (const [index, files] of (reads.length === 0 ? [[]] : reads).entries()) {
    const rows = await read(all, files);
    for (const { table, into } of tables) {
      const put = index === 0 ? `create or replace table ${into} as` : `insert into ${into}`;
      await connection.run(`${put} ${foldedText(table, { dataset, rows })}`);
    }
  }
  await connection.run('drop table if exists temp.main.read');
}

/** Reads files into the table `read`; gives the rows and their files' paths, as a select. */
async function read(of: Reading, files: readonly InputFile[]): Promise<string> {
  const { connection, dataset } = of;
  const schema = `staging/${dataset}.schema.json`;
  const columns = columnsRead(of);
  const [only, ...others] = files.map(({ path }) => path);
  if (only === undefined)
    return `select cast(null as varchar) as input, * from (${emptySelect(schema, columns)})`;
  // A path beside every row is a column of long texts: only where rows are of several files.
  const pathAs = others.length === 0 ? undefined : 'input';
  const paths = [only, ...others];
  const list = [...columns.map(quoteName), ...(pathAs === undefined ? [] : [pathAs])].join(', ');
  const source = csvSource(columnTypes(schema), paths, pathAs);
  try {
    await connection.run(`create or replace temp table read as select ${list} from ${source}`);
  } catch (cause) {
    throw unreadable({ table: `staging.${dataset}`, paths }, cause);
  }
  const path = pathAs === undefined ? `${quoteText(only)} as input, ` : '';
  return `select ${path}* from temp.main.read`;
}

/** Columns of the dataset that any of the tables names, in order. */
function columnsRead({ dataset, tables }: Reading): readonly string[] {
  const staging: TableName = { layer: 'staging', name: dataset };
  const columns = columnTypes(`staging/${dataset}.schema.json`).map(([name]) => name);
  const named = new Set(
    tables.flatMap(({ table }) => columnsNamed(modelSql(table), { table: staging, columns })),
  );
  return columns.filter((column) => named.has(column));
}

/** The rows of a table, folded from those of some files; their content hash stands for the files. */
function foldedText(
  table: TableName,
  of: { readonly dataset: string; readonly rows: string },
): string {
  const { dataset, rows } = of;
  const staging = sqlName({ layer: 'staging', name: dataset });
  const text = modelSql(table).replaceAll(new RegExp(`\\b${staging}\\b`, 'g'), '"staging files"');
  const folded = `with "staging files" as (${rows}) select * from (\n${text}\n)`;
  return `select each.* replace (input.input as input) from (${folded}) as each inner join input.${dataset} as input on input.path = each.input`;
}
