import { sandboxTruth, type TruthRow } from '../../src/sandbox/index.ts';
import { addDays } from '../../src/window.ts';
import { builtRows } from './built-model.ts';
import type { StagingRow } from './curated-lake.ts';

/** A sandbox that was asked every day: all that each pull brought which was new. */
export interface RestatedWorld {
  readonly versions: readonly StagingRow[];
  readonly batches: readonly StagingRow[];
}

/** Pulls the 28 days before each day from `since` to `until`, both inclusive, of one seed's world. */
export function restatedWorld(seed: number, since: string, until: string): RestatedWorld {
  const last = new Map<string, string>();
  const versions: StagingRow[] = [];
  const batches: StagingRow[] = [];
  for (let today = since; today <= until; today = addDays(today, 1)) {
    const window = { since: addDays(today, -28), until: addDays(today, -1) };
    const truth = sandboxTruth({ seed, today, ...window });
    const accounts = new Set(truth.map((row) => accountOf(seed, row)));
    for (const account of accounts) batches.push(batchOf(account, today, window));
    for (const row of truth) {
      const key = `${row.account_id} ${row.date} ${row.campaign_id}`;
      const figures = `${row.spend} ${row.purchases} ${row.purchase_value}`;
      if (last.get(key) === figures) continue;
      last.set(key, figures);
      versions.push(versionOf(seed, row, today));
    }
  }
  return { versions, batches };
}

/** Accounts of different seeds are different accounts. */
export function accountOf(seed: number, row: Pick<TruthRow, 'account_id'>): string {
  return `${seed}${row.account_id}`;
}

/** The rows of a curated table built on what was known on `today`. */
export async function curatedOn(
  world: RestatedWorld,
  today: string,
  sql: string,
): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const known = (rows: readonly StagingRow[]) =>
    rows.filter((row) => String(row.known_on ?? row.today) <= today);
  const files = {
    'campaign_day_versions/1/2026-01': known(world.versions),
    'batches/1/all': known(world.batches),
  };
  return builtRows(files, sql);
}

function batchOf(
  account: string,
  today: string,
  window: { readonly since: string; readonly until: string },
): StagingRow {
  return {
    account_id: account,
    batch_id: today,
    dataset: 'insights_campaign_day',
    source: 'api',
    ...window,
    campaigns_kind: 'all',
    complete: true,
    today,
    landed_at: `${today}T12:00:00.000Z`,
    pages: 1,
  };
}

function versionOf(seed: number, row: TruthRow, today: string): StagingRow {
  return {
    account_id: accountOf(seed, row),
    date: row.date,
    campaign_id: row.campaign_id,
    batch_id: today,
    known_on: today,
    landed_at: `${today}T12:00:00.000Z`,
    page: 'page-00001.json',
    row: 1,
    state: 'known',
    currency: row.currency,
    spend: row.spend,
    impressions: row.impressions,
    clicks: row.clicks,
    purchases: row.purchases,
    purchase_value: row.purchase_value,
  };
}
