import { mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { DUCKDB_VERSION, quoteText } from '../duckdb/duckdb.ts';
import { hashOf, listFiles, readIfThere, temporaryBeside } from '../file.ts';
import { type KeptRule, modelSql, sqlName, type TableName } from '../model.ts';
import { addDays } from '../window.ts';
import type { Workspace } from '../workspace.ts';
import { cacheFile } from '../zone.ts';
import { CURATED_VERSION } from './fingerprint.ts';
import { rowsByMonth } from './month-rows.ts';
import { monthAfter } from './month-unit.ts';
import { digestsOf } from './table.ts';

/** A month of a table that is kept by month. */
export interface KeptMonth {
  /** `YYYY-MM`. */
  readonly month: string;
  /** The content hash of all that its rows are made of. */
  readonly print: string;
}

/** A table that is kept by month, and what stands between it and the table that it is made of. */
export interface KeptTable {
  readonly table: TableName;
  readonly rule: KeptRule;
  /** Tables from the one that is read to this one, which comes last; without the first. */
  readonly steps: readonly TableName[];
  /** Tables that they read besides. */
  readonly others: readonly TableName[];
}

/** The months that a table has rows of, in order: of each month there are rows to make them of. */
export async function monthsOf(workspace: Workspace, of: KeptTable): Promise<readonly KeptMonth[]> {
  const { from } = of.rule;
  const byMonth = await rowsByMonth(workspace, [from], false);
  const inputs = (byMonth.get(sqlName(from)) ?? []).map(({ month, sha256 }) => ({ month, sha256 }));
  const texts = [from, ...of.steps].map(modelSql);
  const digests = await digestsOf(workspace, of.others);
  const base = [CURATED_VERSION, DUCKDB_VERSION, texts, of.rule, digests];
  return inputs.map(({ month }) => {
    const first = addDays(`${month}-01`, -reachOf(of.rule)).slice(0, 7);
    const read = inputs.filter((each) => each.month >= first && each.month <= month);
    return { month, print: hashOf(Buffer.from(JSON.stringify([base, read]))).slice(0, DIGITS) };
  });
}

/** How many days before a month its rows are made of. */
function reachOf({ days, further }: KeptRule): number {
  return Math.max(days, further?.days ?? 0);
}

/** A condition on rows of the table that is read: those that rows of these months are made of. */
export function readFor({ days, further }: KeptRule, months: readonly string[]): string {
  const spans = months.flatMap((month) => {
    const first = `${month}-01`;
    const next = `${monthAfter(month)}-01`;
    const own = between(addDays(first, -days), next);
    if (further === undefined) return [own];
    const is = `${further.column} = ${quoteText(further.value)}`;
    return [own, `(${is} and ${between(addDays(first, -further.days), next)})`];
  });
  return spans.join(' or ');
}

/** A condition on the column `date`: in one of these months. */
export function inMonths(months: readonly string[]): string {
  return months.map((month) => between(`${month}-01`, `${monthAfter(month)}-01`)).join(' or ');
}

function between(since: string, until: string): string {
  return `(date >= cast(${quoteText(since)} as date) and date < cast(${quoteText(until)} as date))`;
}

/**
 * The files of those of the months whose rows are kept as they would be made now, by month. A file says in its
 * name what its rows were made of and which bytes it has; one that has others does not count.
 */
export function keptFiles(
  workspace: Workspace,
  table: TableName,
  months: readonly KeptMonth[],
): ReadonlyMap<string, string> {
  const folder = folderOf(workspace, table);
  const prints = new Map(months.map(({ month, print }) => [month, print]));
  const kept = new Map<string, string>();
  for (const name of listFiles(folder)) {
    const [, month = '', print = '', bytes = ''] = NAME.exec(name) ?? [];
    if (print === '' || prints.get(month) !== print) continue;
    const path = join(folder, name);
    if (nameHash(readIfThere(path)) === bytes) kept.set(month, path);
  }
  return kept;
}

const NAME = /^(\d{4}-\d{2})\.([0-9a-f]+)\.([0-9a-f]+)\.parquet$/;
const DIGITS = 32;

function nameHash(bytes: Buffer | null): string {
  return bytes === null ? '' : hashOf(bytes).slice(0, DIGITS);
}

/**
 * Writes the rows of months, from a table that holds them, to be found the next time; other files of the table
 * than these and those that are kept are removed.
 */
export async function keepMonths(
  workspace: Workspace,
  of: {
    readonly connection: DuckDBConnection;
    readonly table: TableName;
    /** The table with the rows, by its name in SQL. */
    readonly rows: string;
    readonly months: readonly KeptMonth[];
    readonly kept: ReadonlyMap<string, string>;
  },
): Promise<void> {
  const folder = folderOf(workspace, of.table);
  mkdirSync(folder, { recursive: true });
  const wanted = new Set(of.kept.values());
  for (const { month, print } of of.months) {
    const temporary = temporaryBeside(join(folder, month));
    await of.connection.run(
      `copy (select * from ${of.rows} where ${inMonths([month])}) to ${quoteText(temporary)} (format parquet, use_tmp_file false)`,
    );
    const path = join(folder, `${month}.${print}.${nameHash(readFileSync(temporary))}.parquet`);
    renameSync(temporary, path);
    wanted.add(path);
  }
  const paths = listFiles(folder).map((name) => join(folder, name));
  for (const path of paths) if (!wanted.has(path)) rmSync(path, { force: true });
}

function folderOf(workspace: Workspace, { name }: TableName): string {
  return cacheFile(workspace.context.lake, 'curated', 'kept', name);
}
