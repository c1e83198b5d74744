import { openEngine, rowsOf } from '../../src/duckdb/duckdb.ts';
import { modelSql, sqlName, type TableName } from '../../src/model.ts';
import type { BuiltRow } from './built-model.ts';

/** Columns of a table made by hand, with their types, and its rows in that order. */
export interface HandTable {
  readonly columns: Readonly<Record<string, string>>;
  readonly rows: ReadonlyArray<ReadonlyArray<string | number | boolean | null>>;
}

/**
 * The rows of a statement over models that are built, in the order given, from tables made by hand: the
 * models' own SQL in an engine in memory, with no files. Tables are named as in SQL, for example
 * `curated.campaign_day`.
 */
export async function modelRows(
  tables: Readonly<Record<string, HandTable>>,
  models: readonly TableName[],
  sql: string,
): Promise<readonly BuiltRow[]> {
  const engine = await openEngine({ threads: 2, memory: '500MB', spillInto: null });
  try {
    const { connection } = engine;
    for (const layer of ['intermediate', 'curated']) await connection.run(`create schema ${layer}`);
    for (const [name, table] of Object.entries(tables)) {
      const columns = Object.entries(table.columns).map(([column, type]) => `${column} ${type}`);
      await connection.run(`create table ${name} (${columns.join(', ')})`);
      for (let from = 0; from < table.rows.length; from += ROWS_A_STATEMENT) {
        const rows = table.rows.slice(from, from + ROWS_A_STATEMENT);
        const values = rows.map((row) => `(${row.map(literal).join(', ')})`);
        await connection.run(`insert into ${name} values ${values.join(', ')}`);
      }
    }
    for (const model of models) {
      await connection.run(`create table ${sqlName(model)} as ${modelSql(model)}`);
    }
    return await rowsOf(connection, sql);
  } finally {
    engine.close();
  }
}

const ROWS_A_STATEMENT = 5000;

function literal(value: string | number | boolean | null): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}
