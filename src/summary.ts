import type { DuckDBConnection } from '@duckdb/node-api';
import { type JsonRow, openEngine, rowsOf } from './duckdb/duckdb.ts';
import { modelNamed } from './model.ts';
import { type Quality, qualityIn } from './quality/scores.ts';
import { parquetTable } from './query/views.ts';
import type { Lake } from './zone.ts';

/** Figures of an account over a span of its days. Amounts are decimal text in account currency. */
export interface SpanFigures {
  /** First and last day, inclusive, the account's own days; null when the lake holds no day. */
  readonly since: string | null;
  readonly until: string | null;
  /** Null when it is unknown on one of the days, and so for the others. */
  readonly spend: string | null;
  /** In US dollars; null when a day with spend has no rate, see `spend_usd_note`. */
  readonly spend_usd: string | null;
  /** Why `spend_usd` is null, for one of the days; null when it is there. */
  readonly spend_usd_note: string | null;
  /** Purchases, each counted once; can be a fraction. */
  readonly conversions: string | null;
  readonly purchase_value: string | null;
  /** purchase_value / spend; null without spend. */
  readonly roas: number | null;
}

/** What the end of a run says of one account. Amounts of different accounts are never added. */
export interface AccountSummary {
  readonly account_id: string;
  readonly account_name: string;
  /** ISO 4217 code, or null when unknown. */
  readonly currency: string | null;
  /** IANA name of the zone whose days are the account's; UTC when it is not known. */
  readonly timezone: string;
  /** The last 28 complete days, or as many of them as the lake holds. */
  readonly last_28_days: SpanFigures;
  /** All complete days that the lake holds, and a day that has not ended if one was asked for. */
  readonly all_days: SpanFigures;
  /** Newest day up to which no figure changes any more; null when none is settled. */
  readonly settled_until: string | null;
}

const LIMITS = { threads: 1, memory: '512MB', spillInto: null } as const;

/** What the end of a run says of a lake. */
export interface LakeSummary {
  /** Sorted by id. None when curated was not built yet. */
  readonly accounts: readonly AccountSummary[];
  /** How good the tables are; null when they were not judged yet. */
  readonly quality: Quality | null;
}

/** Sums the lake up, from the curated tables `ad_accounts` and `data_quality`. */
export async function lakeSummary(lake: Lake): Promise<LakeSummary> {
  const source = parquetTable(lake, modelNamed('ad_accounts'));
  if (source === null) return { accounts: [], quality: null };
  const engine = await openEngine(LIMITS);
  try {
    const { connection } = engine;
    const accounts = await accountsIn(connection, source);
    return { accounts, quality: await qualityIn(connection, lake) };
  } finally {
    engine.close();
  }
}

/** Those of the table that are told: making text of all others of a thousand accounts would take longer. */
const COLUMNS = [
  ...['account_id', 'account_name', 'currency', 'timezone'],
  ...['first_day', 'last_complete_day', 'settled_until'],
  ...['spend', 'spend_usd', 'fx_note', 'conversions', 'purchase_value', 'roas'].flatMap((name) => [
    name,
    `${name}_28d`,
  ]),
];

async function accountsIn(
  connection: DuckDBConnection,
  source: string,
): Promise<readonly AccountSummary[]> {
  const rows = await rowsOf(
    connection,
    `select ${COLUMNS.join(', ')}, greatest(last_complete_day - 27, first_day) as since_28d from ${source} order by account_id`,
  );
  return rows.map(summaryOf);
}

function summaryOf(row: JsonRow): AccountSummary {
  const lastDay = textOf(row, 'last_complete_day');
  return {
    account_id: String(row.account_id),
    account_name: String(row.account_name),
    currency: textOf(row, 'currency'),
    timezone: textOf(row, 'timezone') ?? 'UTC',
    last_28_days: { ...figuresOf(row, '_28d'), since: textOf(row, 'since_28d'), until: lastDay },
    all_days: { ...figuresOf(row, ''), since: textOf(row, 'first_day'), until: lastDay },
    settled_until: textOf(row, 'settled_until'),
  };
}

function figuresOf(row: JsonRow, span: '' | '_28d'): Omit<SpanFigures, 'since' | 'until'> {
  const roas = row[`roas${span}`];
  return {
    spend: decimalOf(row, `spend${span}`),
    spend_usd: decimalOf(row, `spend_usd${span}`),
    spend_usd_note: textOf(row, `fx_note${span}`),
    conversions: decimalOf(row, `conversions${span}`),
    purchase_value: decimalOf(row, `purchase_value${span}`),
    roas: typeof roas === 'number' ? roas : null,
  };
}

function textOf(row: JsonRow, column: string): string | null {
  const value = row[column] ?? null;
  return value === null ? null : String(value);
}

function decimalOf(row: JsonRow, column: string): string | null {
  const text = textOf(row, column);
  return text?.includes('.') === true ? text.replace(/\.?0+$/, '') : text;
}
