import type { DuckDBConnection } from '@duckdb/node-api';
import { brokenRules, rulesOf } from '../duckdb/contract-sql.ts';
import { columnTypes, type JsonRow, quoteName, rowsOf } from '../duckdb/duckdb.ts';
import { AdlakeError } from '../errors.ts';
import { curatedSchema, type Model } from '../model.ts';

/** What rows amount to: equal for equal rows in any order, and for no others. */
export interface RowsSeen {
  readonly rows: number;
  /** Number of rows and sum of their hashes, as text. */
  readonly digest: string;
}

/** What no rows amount to. */
export const NO_ROWS_SEEN: RowsSeen = { rows: 0, digest: '0 null' };

/** A table of the engine that holds rows of a model. */
export interface ModelTable {
  readonly model: Model;
  /** Its name in SQL. */
  readonly table: string;
}

/** Columns `total` and `digest` that `seenIn` reads, of rows of a model in a table or a file. */
export function seenColumns(model: Model): string {
  const columns = columnTypes(curatedSchema(model)).map(([name]) => quoteName(name));
  return `count(*) as total, sum(cast(hash(${columns.join(', ')}) as hugeint)) as digest`;
}

/** The same of all columns of a table that is named `each`. */
export const EACH_SEEN = 'count(*) as total, sum(cast(hash(each) as hugeint)) as digest';

/** Reads the columns of `seenColumns`, or of `EACH_SEEN`. */
export function seenIn(row: JsonRow | undefined): RowsSeen {
  return {
    rows: Number(row?.total ?? 0),
    digest: `${String(row?.total)} ${String(row?.digest)}`,
  };
}

/**
 * The columns of `seenColumns` and those that `checkRow` judges, so that rows are read once for all:
 * how many break a rule of the contract, and how many keys there are, by their hash.
 */
export function checkColumns(model: Model): string {
  const rules = rulesOf(curatedSchema(model)).map(({ condition }) => `(${condition})`);
  const key = model.key.map(quoteName).join(', ');
  const broken = `count(case when not (${['true', ...rules].join(' and ')}) then 1 end) as broken`;
  return `${seenColumns(model)}, ${broken}, count(distinct hash(${key})) as keys`;
}

/**
 * Judges what `checkColumns` found of rows of the table: each keeps the contract, and the key is unique.
 * Throws `BUG` for the first (nothing bad can come from valid staging), `ACCOUNTING` for the second.
 */
export async function checkRow(
  connection: DuckDBConnection,
  of: ModelTable,
  found: JsonRow | undefined,
): Promise<RowsSeen> {
  const seen = seenIn(found);
  if (Number(found?.broken ?? 0) > 0) await refuseBroken(connection, of);
  if (Number(found?.keys ?? 0) < seen.rows) await refuseTwice(connection, of);
  return seen;
}

async function refuseBroken(connection: DuckDBConnection, of: ModelTable): Promise<void> {
  const [broken] = await brokenRules(connection, {
    table: of.table,
    schema: curatedSchema(of.model),
  });
  if (broken === undefined) return;
  const { rule, rows } = broken;
  const [example] = await rowsOf(
    connection,
    `select * from ${of.table} where not (${rule.condition}) limit 1`,
  );
  throw new AdlakeError({
    code: 'BUG',
    message: `curated.${of.model.name}: ${rule.column} must be ${rule.expected}, but is not in ${rows} rows, for example ${JSON.stringify(example)}.`,
    remedy: 'This is a fault of the model: report it. Curated files are as they were.',
  });
}

/** Two keys may have one hash, so the keys themselves are looked at before anything is said. */
async function refuseTwice(connection: DuckDBConnection, of: ModelTable): Promise<void> {
  const key = of.model.key.map(quoteName).join(', ');
  const [row] = await rowsOf(
    connection,
    `select ${key} from ${of.table} group by ${key} having count(*) > 1 order by ${key} limit 1`,
  );
  if (row === undefined) return;
  throw new AdlakeError({
    code: 'ACCOUNTING',
    message: `${of.model.name} would have more than one row for ${JSON.stringify(row)}; its key is ${of.model.key.join(', ')}.`,
    remedy:
      'Look for the same rows landed twice, for example under two accounts, and remove one of the landing batches.',
  });
}
