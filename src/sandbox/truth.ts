import { dayOf, textOf } from './calendar.ts';
import { majorText } from './decimal.ts';
import { type InsightRow, insightRows } from './insight-rows.ts';
import { at, CHANNELS, COUNTER, creditedAmount, creditedCount } from './tally.ts';
import { worldOf } from './world.ts';
import { type WorldSketch, worldSource } from './world-source.ts';

/** What is true of one campaign on one day, as known on `today`; all figures are decimal text. */
export interface TruthRow {
  readonly account_id: string;
  readonly campaign_id: string;
  /** The account's own day. */
  readonly date: string;
  readonly currency: string;
  /** Account currency, major units. */
  readonly spend: string;
  readonly impressions: string;
  readonly clicks: string;
  /** Purchases of all channels, by each ad set's own attribution setting. */
  readonly purchases: string;
  /** Their value; account currency, major units. */
  readonly purchase_value: string;
}

/**
 * What the world knows on `today`: one row per campaign and day that has a row in insights, since
 * and until inclusive, sorted by account, date, campaign. Days after `today` have no rows. Throws a
 * `RangeError` when a day is not `YYYY-MM-DD`.
 */
export function sandboxTruth(options: {
  readonly seed?: number;
  readonly size?: WorldSketch['size'];
  /** The share of the fault `restated`; 0 when absent. */
  readonly restatedShare?: number;
  readonly today: string;
  readonly since: string;
  readonly until: string;
}): readonly TruthRow[] {
  const today = dayOf(options.today);
  const since = dayOf(options.since);
  const until = Math.min(today, dayOf(options.until));
  const source = worldSource({ ...options, seed: options.seed ?? 1 });
  return source.accounts
    .flatMap((account) => {
      const world = worldOf(source, account, today);
      return insightRows(world, world.ads, dailyCampaigns(since, until)).map(truthOf);
    })
    .sort((a, b) => compare(orderOf(a), orderOf(b)));
}

function dailyCampaigns(since: number, until: number) {
  return {
    level: 'campaign',
    fields: [],
    since,
    until,
    increment: 1,
    ranges: undefined,
    split: [],
    breakdowns: [],
    family: undefined,
    windows: [],
    filtering: undefined,
    sort: undefined,
    summary: undefined,
    peopleSince: -Infinity,
    hidesMixed: false,
  } as const;
}

function truthOf({ ad, tally, since }: InsightRow): TruthRow {
  const { account, id } = ad.campaign;
  const channels = CHANNELS.map((_, channel) => channel);
  const purchases = channels.reduce((sum, channel) => sum + creditedCount(tally, 0, channel), 0);
  const value = channels.reduce((sum, channel) => sum + creditedAmount(tally, channel), 0);
  return {
    account_id: account.id,
    campaign_id: id,
    date: textOf(since),
    currency: account.currency,
    spend: majorText(at(tally, COUNTER.spend), account.minorPerMajor),
    impressions: String(at(tally, COUNTER.impressions)),
    clicks: String(at(tally, COUNTER.clicks)),
    purchases: String(purchases),
    purchase_value: majorText(value, account.minorPerMajor),
  };
}

function orderOf(row: TruthRow): string {
  return [row.account_id, row.date, row.campaign_id].join(' ');
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
