import type { Dataset, KeyPart } from '../../dataset.ts';

/** What one row of insights is about, as the API calls it. */
export type InsightLevel = 'account' | 'campaign' | 'adset' | 'ad';

/** How a Meta dataset is asked for. */
export type MetaRequest =
  | { readonly kind: 'account' }
  | { readonly kind: 'entity'; readonly edge: EntityEdge }
  /** Objects of the account that no insight refers to by its key: the pull goes on without them. */
  | { readonly kind: 'object'; readonly edge: ObjectEdge }
  | {
      readonly kind: 'insights';
      readonly level: InsightLevel;
      readonly breakdowns: readonly string[];
      /** Days that one request may ask for, where that is fewer than the settings say. */
      readonly mostDays?: number;
    }
  | { readonly kind: 'activities' }
  | { readonly kind: 'pixel_stats' };

/** Lists of an account whose objects insights are about. */
export type EntityEdge = 'campaigns' | 'adsets' | 'ads';

/** Lists of other objects of an account. */
export type ObjectEdge = 'adcreatives' | 'customaudiences' | 'customconversions' | 'adspixels';

/** A dataset of Meta with the request that brings it. Field lists are in fields.ts. */
export interface MetaDataset extends Dataset {
  readonly platform: 'meta';
  readonly request: MetaRequest;
  /** Pulled only when META_DATASETS or a command names it, because it costs many requests. */
  readonly isOptional?: true;
}

const ACCOUNT: KeyPart = { from: 'account' };

/** Pixel statistics can be had for the last 7 days only (Meta, pixel stats reference). */
export const PIXEL_DAYS = 7;

/** An entry of the change log has no id: all that tells it from another is its key. */
const ACTIVITY_KEY = ['event_time', 'event_type', 'object_id', 'actor_id', 'extra_data'];

/** The breakdown by hour of the day on the account's own clock. */
export const HOUR_BREAKDOWN = 'hourly_stats_aggregated_by_advertiser_time_zone';

const LEVEL_IDS: Readonly<Record<InsightLevel, readonly string[]>> = {
  account: [],
  campaign: ['campaign_id'],
  adset: ['adset_id'],
  ad: ['ad_id'],
};

/** Fields of the API whose column has another name. */
const COLUMNS: Readonly<Record<string, string>> = {
  adset_id: 'ad_set_id',
  [HOUR_BREAKDOWN]: 'hour_label',
};

/** Every dataset of Meta, in the order they are pulled: entities before the facts that refer to them. */
export const META_DATASETS: readonly MetaDataset[] = [
  {
    name: 'ad_accounts',
    platform: 'meta',
    fold: 'entity',
    key: [ACCOUNT],
    stagingKey: ['account_id'],
    isPrivate: true,
    grain: 'One row per ad account, as last seen.',
    request: { kind: 'account' },
  },
  entity('campaigns', 'campaigns', 'campaign'),
  entity('ad_sets', 'adsets', 'ad set'),
  entity('ads', 'ads', 'ad'),
  object('ad_creatives', 'adcreatives', 'creative'),
  object('custom_audiences', 'customaudiences', 'audience'),
  object('custom_conversions', 'customconversions', 'custom conversion'),
  object('pixels', 'adspixels', 'pixel'),
  insights('insights_account_day', 'account', []),
  insights('insights_campaign_day', 'campaign', []),
  insights('insights_ad_set_day', 'adset', []),
  insights('insights_ad_day', 'ad', []),
  insights('insights_age_gender_day', 'campaign', ['age', 'gender']),
  insights('insights_country_day', 'campaign', ['country']),
  insights('insights_region_day', 'campaign', ['region']),
  insights('insights_placement_day', 'campaign', ['publisher_platform', 'platform_position']),
  insights('insights_device_day', 'campaign', ['device_platform']),
  oneDayAtATime(insights('insights_campaign_hour', 'campaign', [HOUR_BREAKDOWN])),
  {
    name: 'activities',
    platform: 'meta',
    fold: 'log',
    key: [ACCOUNT, ...ACTIVITY_KEY.map(field)],
    dayField: 'event_time',
    isDayOfInstant: true,
    stagingKey: ['account_id', ...ACTIVITY_KEY],
    isPrivate: true,
    grain: 'One row per change in the account: when, what kind, of which object, by whom and what.',
    request: { kind: 'activities' },
  },
  {
    name: 'pixel_events_hour',
    platform: 'meta',
    fold: 'log',
    key: [ACCOUNT, { from: 'object' }, field('start_time')],
    dayField: 'start_time',
    keptDays: PIXEL_DAYS,
    stagingKey: ['account_id', 'pixel_id', 'hour', 'event'],
    grain: 'One row per pixel, hour (account time zone) and event.',
    request: { kind: 'pixel_stats' },
  },
];

function entity(name: string, edge: EntityEdge, noun: string): MetaDataset {
  return { ...listed(name, noun), request: { kind: 'entity', edge } };
}

function object(name: string, edge: ObjectEdge, noun: string): MetaDataset {
  return { ...listed(name, noun), request: { kind: 'object', edge } };
}

function listed(name: string, noun: string): Omit<MetaDataset, 'request'> {
  return {
    name,
    platform: 'meta',
    fold: 'entity',
    key: [ACCOUNT, field('id')],
    stagingKey: ['account_id', `${noun.replace(' ', '_')}_id`],
    grain: `One row per ${noun}, as last seen.`,
  };
}

function insights(name: string, level: InsightLevel, breakdowns: readonly string[]): MetaDataset {
  const parts = [...LEVEL_IDS[level], ...breakdowns];
  const columns = parts.map((part) => COLUMNS[part] ?? part);
  const nouns = [level === 'adset' ? 'ad set' : level, 'day'];
  const cells = columns
    .slice(LEVEL_IDS[level].length)
    .map((column) => column.replace('_label', ''));
  return {
    name,
    platform: 'meta',
    fold: 'fact',
    key: [ACCOUNT, ...['date_start', ...parts].map(field)],
    dayField: 'date_start',
    ...(level === 'account' ? {} : { campaignField: 'campaign_id' }),
    stagingKey: ['account_id', 'date', ...columns],
    grain: `One row per ${[...nouns, ...cells].join(', ')} (account time zone).`,
    request: { kind: 'insights', level, breakdowns },
  };
}

/**
 * A request for hours asks for one day, so that each row is of the day that was asked for: 28 requests
 * a day and account where other datasets take 4. That is why they are optional.
 */
function oneDayAtATime(dataset: MetaDataset): MetaDataset {
  const { request } = dataset;
  if (request.kind !== 'insights') return dataset;
  return { ...dataset, request: { ...request, mostDays: 1 }, isOptional: true };
}

function field(name: string): KeyPart {
  return { from: 'record', field: name };
}
