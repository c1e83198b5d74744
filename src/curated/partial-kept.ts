import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { contractAt } from '../contract.ts';
import { DUCKDB_VERSION, quoteText } from '../duckdb/duckdb.ts';
import { hashOf, listFiles, temporaryBeside } from '../file.ts';
import { modelSql, type TableName } from '../model.ts';
import type { Workspace } from '../workspace.ts';
import { cacheFile } from '../zone.ts';
import { CURATED_VERSION } from './fingerprint.ts';
import { parquetAt } from './shown.ts';

/** More files than this are put together into one. */
const MANY_FILES = 8;

/** Folder below `cache/curated/partial` for what a table's text, and no other, made of a dataset's files. */
export function folderOf(
  workspace: Workspace,
  of: { readonly table: TableName; readonly dataset: string },
): string {
  const contract = contractAt(`staging/${of.dataset}.schema.json`).sha256;
  const made = [CURATED_VERSION, DUCKDB_VERSION, contract, modelSql(of.table)];
  const print = hashOf(Buffer.from(JSON.stringify(made))).slice(0, 16);
  return cacheFile(workspace.context.lake, 'curated', 'partial', `${of.table.name}-${print}`);
}

/**
 * Makes a table of what is kept of the files in `input.<dataset>`. Gives false when nothing is kept, or what
 * is kept cannot be read, which is removed.
 */
export async function loadKept(
  connection: DuckDBConnection,
  from: { readonly folder: string; readonly name: string; readonly dataset: string },
): Promise<boolean> {
  const paths = keptIn(from.folder).map((name) => join(from.folder, name));
  if (paths.length === 0) return false;
  try {
    await connection.run(
      `create or replace table ${from.name} as select * from ${parquetAt(paths)} where input in (select input from input.${from.dataset})`,
    );
    return true;
  } catch {
    rmSync(from.folder, { recursive: true, force: true });
    return false;
  }
}

/** Files that count, sorted: the newest that holds everything, and those that came after it. */
function keptIn(folder: string): readonly string[] {
  const names = listFiles(folder).filter((name) => name.endsWith('.parquet'));
  const whole = names.findLastIndex((name) => name.endsWith(WHOLE));
  return whole === -1 ? names : names.slice(whole);
}

const WHOLE = '-all.parquet';

/** Keeps rows that are not kept yet, or all of them in one file when there would be many files. */
export async function keep(
  connection: DuckDBConnection,
  folder: string,
  rows: { readonly all: string; readonly fresh: string },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const before = listFiles(folder);
  const isCrowded = before.length >= MANY_FILES;
  const number = String(nextNumber(before)).padStart(9, '0');
  const path = join(folder, isCrowded ? `${number}${WHOLE}` : `${number}.parquet`);
  const temporary = temporaryBeside(path);
  await connection.run(
    `copy (select * from ${isCrowded ? rows.all : rows.fresh}) to ${quoteText(temporary)} (format parquet, compression zstd, use_tmp_file false)`,
  );
  renameSync(temporary, path);
  if (isCrowded) for (const name of before) rmSync(join(folder, name), { force: true });
}

function nextNumber(names: readonly string[]): number {
  return Math.max(0, ...names.map((name) => Number.parseInt(name, 10) || 0)) + 1;
}
