import type { Dataset, KeyPart } from '../../dataset.ts';

/** How a Meta dataset is asked for. */
export type MetaRequest =
  | { readonly kind: 'account' }
  | { readonly kind: 'entity'; readonly edge: 'campaigns' | 'adsets' | 'ads' }
  | {
      readonly kind: 'insights';
      readonly level: 'account' | 'campaign' | 'ad';
      readonly breakdowns: readonly string[];
    }
  | { readonly kind: 'pixel_stats' };

/** A dataset of Meta with the request that brings it. Field lists are in fields.ts. */
export interface MetaDataset extends Dataset {
  readonly platform: 'meta';
  readonly request: MetaRequest;
}

const ACCOUNT: KeyPart = { from: 'account' };

/** Every dataset of Meta, in the order they are pulled: entities before the facts that refer to them. */
export const META_DATASETS: readonly MetaDataset[] = [
  {
    name: 'ad_accounts',
    platform: 'meta',
    fold: 'entity',
    key: [ACCOUNT],
    stagingKey: ['account_id'],
    grain: 'One row per ad account, as last seen.',
    request: { kind: 'account' },
  },
  entity('campaigns', 'campaigns', 'campaign'),
  entity('ad_sets', 'adsets', 'ad set'),
  entity('ads', 'ads', 'ad'),
  insights('insights_account_day', 'account', []),
  insights('insights_campaign_day', 'campaign', []),
  insights('insights_ad_day', 'ad', []),
  insights('insights_age_gender_day', 'campaign', ['age', 'gender']),
  insights('insights_country_day', 'campaign', ['country']),
  insights('insights_placement_day', 'campaign', ['publisher_platform', 'platform_position']),
  {
    name: 'pixel_events_hour',
    platform: 'meta',
    fold: 'fact',
    key: [ACCOUNT, { from: 'object' }, field('start_time')],
    dayField: 'start_time',
    stagingKey: ['account_id', 'pixel_id', 'hour', 'event'],
    grain: 'One row per pixel, hour (account time zone) and event.',
    request: { kind: 'pixel_stats' },
  },
];

function entity(name: string, edge: 'campaigns' | 'adsets' | 'ads', noun: string): MetaDataset {
  const id = `${noun.replace(' ', '_')}_id`;
  return {
    name,
    platform: 'meta',
    fold: 'entity',
    key: [ACCOUNT, field('id')],
    stagingKey: ['account_id', id],
    grain: `One row per ${noun}, as last seen.`,
    request: { kind: 'entity', edge },
  };
}

function insights(
  name: string,
  level: 'account' | 'campaign' | 'ad',
  breakdowns: readonly string[],
): MetaDataset {
  const ids = level === 'account' ? [] : [`${level}_id`];
  return {
    name,
    platform: 'meta',
    fold: 'fact',
    key: [ACCOUNT, ...['date_start', ...ids, ...breakdowns].map(field)],
    dayField: 'date_start',
    ...(level === 'account' ? {} : { campaignField: 'campaign_id' }),
    stagingKey: ['account_id', 'date', ...ids, ...breakdowns],
    grain: `One row per ${[level, 'day', ...breakdowns].join(', ')} (account time zone).`,
    request: { kind: 'insights', level, breakdowns },
  };
}

function field(name: string): KeyPart {
  return { from: 'record', field: name };
}
