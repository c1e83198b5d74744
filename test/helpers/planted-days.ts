import { sandboxTruth, type TruthRow } from '../../src/sandbox/index.ts';
import { addDays, daysBetween } from '../../src/window.ts';
import { builtRows } from './built-model.ts';
import type { StagingFiles, StagingRow } from './curated-lake.ts';

/** How well planted days are found among those that the sandbox made. */
export interface Found {
  readonly metric: string;
  /** Days that were planted and could be judged, and those of them that were found. */
  readonly planted: number;
  readonly found: number;
  /** Judged days that were not planted, and those of them that were told nevertheless. */
  readonly others: number;
  readonly wrong: number;
}

const DAYS = 150;
const TODAY = '2026-09-01';
/** From here on everything has had its history. */
const FIRST_PLANTED = 70;

/** What is planted in the figures of a day: about what a person would want to be woken for. */
const PLANTS = {
  spend: (row: TruthRow) => times(row, 2, 2, 2),
  ctr: (row: TruthRow) => times(row, 1, 1, 0.6),
  cpm: (row: TruthRow) => times(row, 1, 0.6, 0.6),
  conversions: (row: TruthRow) => ({ ...row, purchases: '0', purchase_value: '0' }),
} as const;

type Metric = keyof typeof PLANTS;

const METRICS = Object.keys(PLANTS) as readonly Metric[];

/**
 * Plants one fault in every eleventh campaign day of each seed's world, from the 70th day on, and asks
 * `anomalies` for what is at least a warning (|z| from 3.5). All days are settled.
 */
export async function findPlanted(seeds: readonly number[]): Promise<readonly Found[]> {
  const planted = new Map<string, Metric>();
  const rows = seeds.flatMap((seed) => worldOf(seed, planted));
  const judged = await builtRows(
    lakeOf(rows),
    `select level, subject_id, metric, cast(date as varchar) as date, abs(z) >= 3.5 as is_told
    from intermediate.metric_judged
    where level = 'campaign' and (select count(*) from curated.anomalies) >= 0`,
  );
  return METRICS.map((metric) => {
    const days = judged.filter((row) => row.metric === metric);
    // A day with another fault in it is neither here nor there.
    const mine = days.filter((row) => planted.get(keyOf(row)) === metric);
    const others = days.filter((row) => !planted.has(keyOf(row)));
    const told = (some: typeof days) => some.filter((row) => row.is_told === true).length;
    return {
      metric,
      planted: mine.length,
      found: told(mine),
      others: others.length,
      wrong: told(others),
    };
  });
}

function keyOf(row: Readonly<Record<string, unknown>>): string {
  return `${String(row.subject_id)} ${String(row.date)}`;
}

function worldOf(seed: number, planted: Map<string, Metric>): readonly StagingRow[] {
  const since = addDays(TODAY, -DAYS);
  const truth = sandboxTruth({ seed, today: addDays(TODAY, 40), since, until: addDays(TODAY, -1) });
  return truth.map((row, index) => {
    const campaign = `${seed}${row.campaign_id}`;
    const metric = METRICS[Math.floor(index / 11) % METRICS.length] ?? 'spend';
    const isPlanted = index % 11 === 0 && daysBetween(since, row.date) >= FIRST_PLANTED;
    if (isPlanted) planted.set(`${campaign} ${row.date}`, metric);
    return stagingRow(isPlanted ? PLANTS[metric](row) : row, { seed, campaign });
  });
}

function times(row: TruthRow, spend: number, impressions: number, clicks: number): TruthRow {
  return {
    ...row,
    spend: (Number(row.spend) * spend).toFixed(2),
    impressions: String(Math.round(Number(row.impressions) * impressions)),
    clicks: String(Math.round(Number(row.clicks) * clicks)),
  };
}

function stagingRow(
  row: TruthRow,
  of: { readonly seed: number; readonly campaign: string },
): StagingRow {
  return {
    account_id: `${of.seed}${row.account_id}`,
    date: row.date,
    campaign_id: of.campaign,
    currency: row.currency,
    pulled_on: addDays(row.date, 28),
    spend: row.spend,
    impressions: row.impressions,
    clicks: row.clicks,
    purchases: row.purchases,
    purchase_value: row.purchase_value,
    pixel_events: '{}',
  };
}

function lakeOf(rows: readonly StagingRow[]): StagingFiles {
  const files: Record<string, StagingRow[]> = {};
  for (const row of rows) {
    const address = `insights_campaign_day/${String(row.account_id)}/${String(row.date).slice(0, 7)}`;
    const known = files[address] ?? [];
    known.push(row);
    files[address] = known;
  }
  return files;
}
