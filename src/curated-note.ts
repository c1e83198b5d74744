import { build } from './curated/table.ts';
import { rowsOf } from './duckdb/duckdb.ts';
import type { Model } from './model.ts';
import type { Workspace } from './workspace.ts';

/**
 * Sentences for the summary about a model that was just built: which currencies lack exchange rates,
 * for how many rows and until which day. None when every row has its dollar figures.
 */
export async function notesOf(workspace: Workspace, model: Model): Promise<readonly string[]> {
  if (model.name !== 'campaign_day') return [];
  await build(workspace, { layer: 'curated', name: model.name });
  const rows = await workspace.lanes.use((connection) => rowsOf(connection, MISSING_RATES));
  return rows.map((row) => {
    const currency = row.currency === null ? 'an unknown currency' : String(row.currency);
    const span = `${String(row.first_day)} to ${String(row.last_day)}`;
    return `No dollar figures for ${String(row.days)} campaign days in ${currency}, ${span}: drop rates into zones/landing/internal/fx_rates.`;
  });
}

const MISSING_RATES = `
  select
    currency,
    cast(count(*) as integer) as days,
    min(date) as first_day,
    max(date) as last_day
  from curated.campaign_day
  where fx_note is not null and fx_note <> 'spend unknown'
  group by currency
  order by currency`;
