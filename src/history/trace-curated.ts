import { relative } from 'node:path';
import { openEngine } from '../duckdb/duckdb.ts';
import { MODELS } from '../model.ts';
import { parquetOf, viewStatements } from '../query/views.ts';
import { type Lake, partitionLabel } from '../zone.ts';
import { questionSql } from './question.ts';

/** A row of campaign_day or ad_day and the file it is in. */
export interface CuratedRow {
  readonly file: string;
  /** Every column as text. */
  readonly row: Readonly<Record<string, string | null>>;
  readonly isSettled: boolean;
  readonly name: string | null;
}

/** The row of an account's campaign or ad on a day in its curated table, or null. */
export async function curatedRow(
  lake: Lake,
  at: {
    readonly table: 'campaign_day' | 'ad_day';
    readonly account: string;
    readonly id: string;
    readonly date: string;
  },
): Promise<CuratedRow | null> {
  const model = MODELS.find(({ name }) => name === at.table);
  const label = partitionLabel({ account_id: at.account, month: at.date.slice(0, 7) });
  const path = model && parquetOf(lake, model).find((file) => file.endsWith(`${label}.parquet`));
  if (path === undefined) return null;
  const engine = await openEngine({ threads: 1, memory: '512MB', spillInto: null });
  try {
    const views = viewStatements(lake).filter((view) => view.includes(`"${at.table}" as`));
    for (const view of views) await engine.connection.run(view);
    const values = { id: at.id, day: at.date };
    const reader = await engine.connection.runAndReadAll(questionSql(`${at.table}_traced`), values);
    const rows = reader.getRowObjectsJson();
    const found = rows.find((row) => row.account_id === at.account);
    if (found === undefined) return null;
    const cells = Object.entries(found).map(
      ([name, value]) => [name, value === null ? null : String(value)] as const,
    );
    const row = Object.fromEntries(cells);
    const name = row[at.table === 'ad_day' ? 'ad_name' : 'campaign_name'] ?? null;
    return { file: relative(lake.home, path), row, isSettled: found.is_settled === true, name };
  } finally {
    engine.close();
  }
}
