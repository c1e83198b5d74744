import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CHECKOUT } from '../checkout.ts';
import { type JsonRow, openEngine, rowsOf } from '../duckdb/duckdb.ts';
import { modelNamed } from '../model.ts';
import { parquetTable } from '../query/views.ts';
import type { Lake } from '../zone.ts';

/** How good a table is, by the checks about it. */
export interface TableScore {
  readonly table_name: string;
  /** 0 to 100: the average over the dimensions that were judged. */
  readonly score: number;
  /** Of each dimension (completeness, accuracy, …), 0 to 100; those without a check are left out. */
  readonly dimensions: Readonly<Record<string, number>>;
  readonly checks: number;
  readonly failing_checks: number;
}

/** A check that does not hold for an account. */
export interface FailingCheck {
  readonly check_name: string;
  readonly table_name: string;
  readonly dimension: string;
  readonly account_id: string;
  /** What holds where the check holds. */
  readonly what: string;
  readonly judged: number;
  readonly failing: number;
  /** Share of the rows that must hold, 0 to 1. */
  readonly must_hold: number;
}

/** What the checks said when the tables were made last. */
export interface Quality {
  /** Sorted by name. */
  readonly tables: readonly TableScore[];
  /** Sorted by table, check and account. */
  readonly failing: readonly FailingCheck[];
}

/** The scores of the lake's tables; null when they were not judged yet. */
export async function readQuality(lake: Lake): Promise<Quality | null> {
  const engine = await openEngine({ threads: 1, memory: '256MB', spillInto: null });
  try {
    return await qualityIn(engine.connection, lake);
  } finally {
    engine.close();
  }
}

/** Like `readQuality`, with an engine that is open already: makes its view `data_quality`. */
export async function qualityIn(connection: DuckDBConnection, lake: Lake): Promise<Quality | null> {
  const source = parquetTable(lake, modelNamed('data_quality'));
  if (source === null) return null;
  await connection.run(`create view data_quality as select * from ${source}`);
  const tables = await rowsOf(connection, scoreSql());
  const failing = await rowsOf(
    connection,
    'select * from data_quality where not holds order by table_name, check_name, account_id',
  );
  return { tables: tables.map(scoreOf), failing: failing.map(failingOf) };
}

function scoreSql(): string {
  return readFileSync(join(CHECKOUT, 'src', 'sql', 'views', 'data_quality_score.sql'), 'utf8');
}

/** Kinds of quality, in the order in which they are shown. */
export const DIMENSIONS = [
  'completeness',
  'accuracy',
  'consistency',
  'timeliness',
  'uniqueness',
  'validity',
] as const;

function scoreOf(row: JsonRow): TableScore {
  const judged = DIMENSIONS.filter((name) => (row[name] ?? null) !== null);
  return {
    table_name: String(row.table_name),
    score: Number(row.score),
    dimensions: Object.fromEntries(judged.map((name) => [name, Number(row[name])])),
    checks: Number(row.checks),
    failing_checks: Number(row.failing_checks),
  };
}

function failingOf(row: JsonRow): FailingCheck {
  return {
    check_name: String(row.check_name),
    table_name: String(row.table_name),
    dimension: String(row.dimension),
    account_id: String(row.account_id),
    what: String(row.what),
    judged: Number(row.judged),
    failing: Number(row.failing),
    must_hold: Number(row.must_hold),
  };
}
