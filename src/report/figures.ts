import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { DuckDBConnection } from '@duckdb/node-api';
import { CHECKOUT } from '../checkout.ts';
import { type JsonRow, openEngine } from '../duckdb.ts';
import { viewStatements } from '../views.ts';
import type { Lake } from '../zone.ts';

/** The span a report is about, and the one before it, of the same length. Days are the account's own, all inclusive. */
export interface ReportSpan {
  readonly since: string;
  readonly until: string;
  /** First day of the span before; it ends the day before `since`. */
  readonly before: string;
  /** First day of the second half of the span. */
  readonly middle: string;
}

/** Every figure of one account that a report shows, as the queries in `src/sql/report` give them. */
export interface AccountFigures {
  readonly days: readonly JsonRow[];
  readonly campaigns: readonly JsonRow[];
  readonly campaignDays: readonly JsonRow[];
  readonly windows: JsonRow;
  readonly funnel: JsonRow;
  readonly ads: readonly JsonRow[];
}

/** Names of the queries of a report; each is a file of `src/sql/report`. */
export type QueryName = 'days' | 'campaigns' | 'campaign_days' | 'windows' | 'funnel' | 'ads';

/** Asks the curated tables of a lake. Close it when done. */
export interface ReportReader {
  readonly read: (accountId: string, span: ReportSpan) => Promise<AccountFigures>;
  readonly close: () => void;
}

const LIMITS = { threads: 2, memory: '1GB', spillInto: null } as const;

/** Opens a reader over the curated tables as they are now. */
export async function openReportReader(lake: Lake): Promise<ReportReader> {
  const engine = await openEngine(LIMITS);
  for (const statement of viewStatements(lake, '')) await engine.connection.run(statement);
  return {
    read: (accountId, span) => readFigures(engine.connection, accountId, span),
    close: engine.close,
  };
}

/** The text of a report's query, for those who want to ask it themselves. */
export function reportSql(name: QueryName): string {
  return readFileSync(join(CHECKOUT, 'src', 'sql', 'report', `${name}.sql`), 'utf8');
}

async function readFigures(
  connection: DuckDBConnection,
  accountId: string,
  span: ReportSpan,
): Promise<AccountFigures> {
  const ask = (name: QueryName) => answerOf(connection, name, { account_id: accountId, ...span });
  const [windows = {}] = await ask('windows');
  const [funnel = {}] = await ask('funnel');
  return {
    days: await ask('days'),
    campaigns: await ask('campaigns'),
    campaignDays: await ask('campaign_days'),
    windows,
    funnel,
    ads: await ask('ads'),
  };
}

/** Values are bound, never written into the text. */
async function answerOf(
  connection: DuckDBConnection,
  name: QueryName,
  values: Readonly<Record<string, string>>,
): Promise<readonly JsonRow[]> {
  const sql = reportSql(name);
  const used = Object.entries(values).filter(([key]) => sql.includes(`$${key}`));
  const statement = await connection.prepare(sql);
  statement.bind(Object.fromEntries(used));
  return (await statement.runAndReadAll()).getRowObjectsJson();
}
