import {
  type EntityEdge,
  HOUR_BREAKDOWN,
  type InsightLevel,
  type MetaDataset,
} from './datasets.ts';
import { ACTIVITY_FIELDS, OBJECT_FIELDS } from './object-fields.ts';

/**
 * Attribution windows asked for beside the ad set's own setting (`default`). `7d_view` and `28d_view`
 * return nothing since 2026-01-12, so they are not asked for.
 */
export const ATTRIBUTION_WINDOWS: readonly string[] = [
  '1d_click',
  '7d_click',
  '28d_click',
  '1d_view',
  '1d_ev',
  'default',
];

/** Every `effective_status` a campaign can have (Meta's SDK 26.0.0). Edges hide some unless named. */
export const CAMPAIGN_STATUSES: readonly string[] = [
  'ACTIVE',
  'PAUSED',
  'DELETED',
  'ARCHIVED',
  'IN_PROCESS',
  'WITH_ISSUES',
];

/** Every `effective_status` an ad set can have (Meta's SDK 26.0.0). */
export const AD_SET_STATUSES: readonly string[] = [...CAMPAIGN_STATUSES, 'CAMPAIGN_PAUSED'];

/** Every `effective_status` an ad can have (Meta's SDK 26.0.0). */
export const AD_STATUSES: readonly string[] = [
  ...AD_SET_STATUSES,
  'ADSET_PAUSED',
  'PENDING_REVIEW',
  'DISAPPROVED',
  'PREAPPROVED',
  'PENDING_BILLING_INFO',
];

const ACCOUNT_FIELDS: readonly string[] = [
  'id',
  'account_id',
  'name',
  'account_status',
  'disable_reason',
  'currency',
  'timezone_id',
  'timezone_name',
  'timezone_offset_hours_utc',
  'amount_spent',
  'balance',
  'spend_cap',
  'created_time',
];

const ENTITY_FIELDS: readonly string[] = [
  'id',
  'account_id',
  'name',
  'status',
  'configured_status',
  'effective_status',
  'created_time',
  'updated_time',
];

const BUDGET_FIELDS: readonly string[] = [
  'bid_strategy',
  'daily_budget',
  'lifetime_budget',
  'budget_remaining',
  'start_time',
];

const EDGE_FIELDS: Readonly<Record<EntityEdge, readonly string[]>> = {
  campaigns: [
    ...ENTITY_FIELDS,
    ...BUDGET_FIELDS,
    'objective',
    'buying_type',
    'spend_cap',
    'special_ad_categories',
    'stop_time',
  ],
  adsets: [
    ...ENTITY_FIELDS,
    ...BUDGET_FIELDS,
    'campaign_id',
    'bid_amount',
    'billing_event',
    'optimization_goal',
    'promoted_object',
    'attribution_spec',
    'targeting',
    'destination_type',
    'end_time',
  ],
  ads: [...ENTITY_FIELDS, 'campaign_id', 'adset_id', 'creative'],
};

/** `date_start`, `date_stop` and the breakdowns come by themselves; naming a breakdown is an error. */
const INSIGHT_FIELDS: readonly string[] = [
  'account_id',
  'account_currency',
  'attribution_setting',
  'impressions',
  'reach',
  'frequency',
  'spend',
  'clicks',
  'unique_clicks',
  'inline_link_clicks',
  'outbound_clicks',
  'cpc',
  'cpm',
  'ctr',
  'actions',
  'action_values',
  'conversions',
  'purchase_roas',
  'video_play_actions',
  'video_thruplay_watched_actions',
  'video_p25_watched_actions',
  'video_p50_watched_actions',
  'video_p75_watched_actions',
  'video_p95_watched_actions',
  'video_p100_watched_actions',
];

const LEVEL_FIELDS: Readonly<Record<InsightLevel, readonly string[]>> = {
  account: [],
  campaign: ['campaign_id', 'objective'],
  adset: ['campaign_id', 'adset_id', 'objective', 'optimization_goal'],
  ad: ['campaign_id', 'adset_id', 'ad_id', 'objective', 'optimization_goal'],
};

/**
 * What Meta does not have by a breakdown (insights breakdowns, limitations): no figures of people and
 * no video by hour, where the figures of people are even documented to come as 0; no watched shares
 * of videos by region.
 */
const NOT_BY_BREAKDOWN: Readonly<Record<string, RegExp>> = {
  [HOUR_BREAKDOWN]: /^(reach|frequency|unique_.*|video_.*)$/,
  region: /^video_p\d+_watched_actions$/,
};

/** Quality rankings exist for ads only and are refused or left out with any breakdown. */
const RANKING_FIELDS: readonly string[] = [
  'quality_ranking',
  'engagement_rate_ranking',
  'conversion_rate_ranking',
];

/**
 * The fields a dataset's request names, in the order they are sent. Names are those of Meta's SDK
 * 26.0.0. Pixel statistics take no field list, so theirs is empty.
 */
export function fieldsOf(dataset: MetaDataset): readonly string[] {
  const { request } = dataset;
  switch (request.kind) {
    case 'account':
      return ACCOUNT_FIELDS;
    case 'entity':
      return EDGE_FIELDS[request.edge];
    case 'object':
      return OBJECT_FIELDS[request.edge];
    case 'activities':
      return ACTIVITY_FIELDS;
    case 'pixel_stats':
      return [];
    case 'insights': {
      const isPlainAd = request.level === 'ad' && request.breakdowns.length === 0;
      const rankings = isPlainAd ? RANKING_FIELDS : [];
      const without = request.breakdowns.flatMap((name) => NOT_BY_BREAKDOWN[name] ?? []);
      const figures = INSIGHT_FIELDS.filter((name) => !without.some((one) => one.test(name)));
      return [...LEVEL_FIELDS[request.level], ...figures, ...rankings];
    }
  }
}

/** Every status an object of the edge can have, so that nothing is hidden. */
export function statusesOf(edge: EntityEdge): readonly string[] {
  if (edge === 'campaigns') return CAMPAIGN_STATUSES;
  return edge === 'adsets' ? AD_SET_STATUSES : AD_STATUSES;
}
