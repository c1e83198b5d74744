import { ACTION_WRITERS, attributionSetting } from './action-field.ts';
import { textOf } from './calendar.ts';
import { ratioText } from './decimal.ts';
import type { InsightQuery, Level } from './insight-query.ts';
import type { InsightRow } from './insight-rows.ts';
import { objectiveOf, resultOf } from './purpose.ts';
import { pick, uniform } from './random.ts';
import {
  counted,
  moneyText,
  type RowSource,
  spendMajor,
  spendMinor,
  type Writer,
} from './row-source.ts';
import { COUNTER, reachOf, uniqueClicksOf } from './tally.ts';

const RANKINGS = ['AVERAGE', 'ABOVE_AVERAGE', 'BELOW_AVERAGE_35', 'UNKNOWN'] as const;

/**
 * One row as the API writes it: the fields that were asked for, in that order, then the days, then
 * the breakdown values. Everything is text; what is nothing is not there.
 */
export function insightJson(row: InsightRow, query: InsightQuery): Record<string, unknown> {
  const json: Record<string, unknown> = {};
  const source: RowSource = { row, query, drawn: {} };
  for (const field of query.fields) {
    const value = WRITERS[field]?.(source);
    if (value !== undefined && !(Array.isArray(value) && value.length === 0)) json[field] = value;
  }
  json.date_start = textOf(row.since);
  json.date_stop = textOf(row.until);
  for (const name of query.breakdowns) json[name] = row.cell?.values[name];
  return json;
}

const WRITERS: Readonly<Record<string, Writer>> = {
  account_id: ({ row }) => row.ad.campaign.account.id,
  account_name: ({ row }) => row.ad.campaign.account.name,
  account_currency: ({ row }) => row.ad.campaign.account.currency,
  campaign_id: from('campaign', ({ row }) => row.ad.campaign.id),
  campaign_name: from('campaign', ({ row }) => row.ad.campaign.name),
  adset_id: from('adset', ({ row }) => row.ad.adSet.id),
  adset_name: from('adset', ({ row }) => row.ad.adSet.name),
  ad_id: from('ad', ({ row }) => row.ad.id),
  ad_name: from('ad', ({ row }) => row.ad.name),
  objective: from('campaign', ({ row }) => objectiveOf(row.ad.campaign.plan.purpose)),
  buying_type: from('campaign', () => 'AUCTION'),
  optimization_goal: from('adset', ({ row }) => resultOf(row.ad.campaign.plan.purpose).goal),
  attribution_setting: attributionSetting,
  created_time: from('campaign', ({ row }) => textOf(row.ad.campaign.created)),
  updated_time: from('campaign', ({ row }) => textOf(row.ad.campaign.start)),
  impressions: count(COUNTER.impressions),
  clicks: count(COUNTER.clicks),
  spend: (source) => moneyText(source, spendMinor(source)),
  social_spend: () => '0',
  reach: ofPeople(({ row }) => String(reachOf(row.tally))),
  frequency: ofPeople(
    (source) => ratioText(counted(source, COUNTER.impressions), reachOf(source.row.tally)) ?? '0',
  ),
  unique_clicks: ofPeople(({ row }) => String(uniqueClicksOf(row.tally))),
  cpc: (source) => ratioText(spendMajor(source), counted(source, COUNTER.clicks)),
  cpm: (source) => ratioText(spendMajor(source) * 1000, counted(source, COUNTER.impressions)),
  cpp: ofPeople((source) => ratioText(spendMajor(source) * 1000, reachOf(source.row.tally))),
  ctr: (source) =>
    ratioText(counted(source, COUNTER.clicks) * 100, counted(source, COUNTER.impressions)),
  inline_link_clicks: countIfAny(COUNTER.linkClicks),
  inline_link_click_ctr: (source) =>
    share(source, counted(source, COUNTER.linkClicks) * 100, counted(source, COUNTER.impressions)),
  cost_per_inline_link_click: (source) =>
    ratioText(spendMajor(source), counted(source, COUNTER.linkClicks)),
  outbound_clicks: single('outbound_click', COUNTER.outbound),
  video_play_actions: video(COUNTER.plays),
  video_thruplay_watched_actions: video(COUNTER.thruplays),
  video_p25_watched_actions: video(COUNTER.p25),
  video_p50_watched_actions: video(COUNTER.p50),
  video_p75_watched_actions: video(COUNTER.p75),
  video_p95_watched_actions: video(COUNTER.p95),
  video_p100_watched_actions: video(COUNTER.p100),
  quality_ranking: ranking(1),
  engagement_rate_ranking: ranking(2),
  conversion_rate_ranking: ranking(3),
  ...ACTION_WRITERS,
};

const DEPTH: Readonly<Record<Level, number>> = { account: 0, campaign: 1, adset: 2, ad: 3 };

/** A field that only rows of that level, or deeper, can have. */
function from(level: Level, writer: Writer): Writer {
  return (source) => (DEPTH[source.query.level] >= DEPTH[level] ? writer(source) : undefined);
}

/** People are not counted by hour, and by no breakdown when the row begins too long ago. */
function ofPeople(writer: Writer): Writer {
  return (source) => {
    const { family, peopleSince } = source.query;
    return family === 'hour' || source.row.since < peopleSince ? undefined : writer(source);
  };
}

function count(place: number): Writer {
  return (source) => String(counted(source, place));
}

function countIfAny(place: number): Writer {
  return (source) => (counted(source, place) === 0 ? undefined : count(place)(source));
}

function single(type: string, place: number): Writer {
  return (source) => {
    const value = counted(source, place);
    return value === 0 ? undefined : [{ action_type: type, value: String(value) }];
  };
}

/** Meta gives no watched shares by region, and no video figures by hour. */
function video(place: number): Writer {
  return (source) => {
    const byRegion = source.query.breakdowns.includes('region') && place >= COUNTER.p25;
    const hidden = source.query.family === 'hour' || (byRegion && place <= COUNTER.p100);
    return hidden ? undefined : single('video_view', place)(source);
  };
}

function ranking(place: number): Writer {
  return ({ row, query }) =>
    query.level === 'ad' && query.family === undefined
      ? pick(RANKINGS, uniform(row.ad.salt, 90, place))
      : undefined;
}

function share(source: RowSource, over: number, under: number): string | undefined {
  return counted(source, COUNTER.linkClicks) === 0 ? undefined : ratioText(over, under);
}
