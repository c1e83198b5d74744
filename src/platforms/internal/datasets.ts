import type { Dataset } from '../../dataset.ts';

/** Exchange rates: from the European Central Bank, or from CSV files that a person drops into landing. */
export const FX_RATES: Dataset = {
  name: 'fx_rates',
  platform: 'internal',
  fold: 'entity',
  key: [
    { from: 'record', field: 'date' },
    { from: 'record', field: 'currency' },
  ],
  stagingKey: ['date', 'currency'],
  grain: 'One row per day and currency.',
};

/** The lake's own record of what was asked and when: every finished batch, as a row. */
export const BATCHES: Dataset = {
  name: 'batches',
  platform: 'internal',
  fold: 'entity',
  key: [{ from: 'account' }, { from: 'record', field: 'batch_id' }],
  stagingKey: ['account_id', 'batch_id'],
  grain: 'One row per landing batch (the answer to one request).',
};

/** Choices of the owner that change what the tables say, dropped into landing as CSV files. */
export const PREFERENCES: Dataset = {
  name: 'preferences',
  platform: 'internal',
  fold: 'entity',
  key: [
    { from: 'record', field: 'name' },
    { from: 'record', field: 'subject' },
  ],
  stagingKey: ['name', 'subject'],
  grain: 'One row per choice and what it is about.',
};

/** Sales of a shop. Holds no personal data in clear: see `personal.ts`. */
export const ORDERS: Dataset = {
  name: 'orders',
  platform: 'internal',
  fold: 'fact',
  key: [
    { from: 'record', field: 'source' },
    { from: 'record', field: 'order_id' },
  ],
  dayField: 'ordered_at',
  stagingKey: ['source', 'order_id'],
  isPrivate: true,
  grain: 'One row per order of a shop.',
};

/** Income by day and source that no order stands for: streaming, ticket and licence statements. */
export const REVENUE: Dataset = {
  name: 'revenue',
  platform: 'internal',
  fold: 'fact',
  key: [
    { from: 'record', field: 'day' },
    { from: 'record', field: 'source' },
    { from: 'record', field: 'currency' },
  ],
  dayField: 'day',
  stagingKey: ['day', 'source', 'currency'],
  grain: 'One row per day, source and currency.',
};

/** Conversions that happened away from the web: on the telephone, in a shop, at the end of a contract. */
export const OFFLINE_CONVERSIONS: Dataset = {
  name: 'offline_conversions',
  platform: 'internal',
  fold: 'fact',
  key: [
    { from: 'record', field: 'source' },
    { from: 'record', field: 'converted_at' },
    { from: 'record', field: 'conversion_id' },
    { from: 'record', field: 'event' },
    { from: 'record', field: 'campaign_id' },
    { from: 'record', field: 'campaign' },
    { from: 'record', field: 'click_id' },
  ],
  dayField: 'converted_at',
  stagingKey: [
    'source',
    'day',
    'converted_at',
    'conversion_id',
    'event',
    'campaign_id',
    'campaign',
    'click_id',
  ],
  isPrivate: true,
  grain: 'One row per conversion.',
};

/** Contacts of a person with a channel, in the order in which they happened. */
export const TOUCHPOINTS: Dataset = {
  name: 'touchpoints',
  platform: 'internal',
  fold: 'fact',
  key: [
    { from: 'record', field: 'source' },
    { from: 'record', field: 'person_key' },
    { from: 'record', field: 'touched_at' },
    { from: 'record', field: 'channel' },
    { from: 'record', field: 'campaign_id' },
    { from: 'record', field: 'campaign' },
  ],
  dayField: 'touched_at',
  stagingKey: ['source', 'person_key', 'day', 'touched_at', 'channel', 'campaign_id', 'campaign'],
  isPrivate: true,
  grain: 'One row per contact of a person with a channel.',
};

/** What `adlake enrich` read out of the texts of creatives. */
export const CREATIVE_TEXTS: Dataset = {
  name: 'creative_texts',
  platform: 'internal',
  fold: 'entity',
  key: [{ from: 'account' }, { from: 'record', field: 'creative_id' }],
  stagingKey: ['account_id', 'creative_id'],
  grain: 'One row per creative whose text was read.',
};

/** What `adlake enrich` read out of pictures of creatives. */
export const CREATIVE_IMAGES: Dataset = {
  name: 'creative_images',
  platform: 'internal',
  fold: 'entity',
  key: [{ from: 'account' }, { from: 'record', field: 'creative_id' }],
  stagingKey: ['account_id', 'creative_id'],
  grain: 'One row per creative whose picture was read.',
};

/** What is usual in an industry, as somebody published it: CSV files that a person drops into landing. */
export const BENCHMARKS: Dataset = {
  name: 'benchmarks',
  platform: 'internal',
  fold: 'entity',
  key: [
    { from: 'record', field: 'source' },
    { from: 'record', field: 'industry' },
    { from: 'record', field: 'platform' },
    { from: 'record', field: 'objective' },
    { from: 'record', field: 'country' },
    { from: 'record', field: 'metric' },
    { from: 'record', field: 'currency' },
  ],
  stagingKey: ['source', 'industry', 'platform', 'objective', 'country', 'metric', 'currency'],
  grain: 'One row per benchmark: who published it, and what it is of.',
};

/** The numbers by which anomalies are judged and alerts are made, where the owner chose others. */
export const ALERT_SETTINGS: Dataset = {
  name: 'alert_settings',
  platform: 'internal',
  fold: 'entity',
  key: [
    { from: 'record', field: 'rule' },
    { from: 'record', field: 'setting' },
    { from: 'record', field: 'subject' },
  ],
  stagingKey: ['rule', 'setting', 'subject'],
  grain: 'One row per setting of a rule that the owner chose, and what it is for.',
};

/** What was done about alerts: acknowledged by a person, sent to somebody. */
export const ALERT_EVENTS: Dataset = {
  name: 'alert_events',
  platform: 'internal',
  fold: 'entity',
  key: [
    { from: 'record', field: 'alert_id' },
    { from: 'record', field: 'act' },
    { from: 'record', field: 'sink' },
  ],
  stagingKey: ['alert_id', 'act', 'sink'],
  grain: 'One row per alert, act (acknowledged, reopened, sent) and sink it went to.',
};

/** What the lake noticed about itself, which no answer of a platform says: kept for days to come. */
export const LAKE_SIGNALS: Dataset = {
  name: 'lake_signals',
  platform: 'internal',
  fold: 'entity',
  key: [
    { from: 'record', field: 'rule' },
    { from: 'record', field: 'subject' },
    { from: 'record', field: 'day' },
  ],
  stagingKey: ['rule', 'subject', 'day'],
  grain: 'One row per thing the lake noticed about itself and day on which it held, or ceased to.',
};

/** What somebody, or a model, said that a campaign's day would come to. */
export const PREDICTIONS: Dataset = {
  name: 'predictions',
  platform: 'internal',
  fold: 'fact',
  key: [
    { from: 'record', field: 'source' },
    { from: 'record', field: 'prediction_id' },
  ],
  dayField: 'day',
  stagingKey: ['source', 'prediction_id'],
  grain: 'One row per prediction.',
};

/**
 * Datasets that come as files about people. Landing holds what is left of them when personal data has
 * been hashed or dropped, and not the files themselves.
 */
export const PERSONAL_DATASETS: readonly Dataset[] = [
  ORDERS,
  REVENUE,
  OFFLINE_CONVERSIONS,
  TOUCHPOINTS,
  PREDICTIONS,
];

/** Datasets whose CSV files a person may drop into landing by hand. */
export const DROPPED_DATASETS: readonly Dataset[] = [
  FX_RATES,
  PREFERENCES,
  BENCHMARKS,
  ALERT_SETTINGS,
];

/** Every internal dataset. */
export const INTERNAL_DATASETS: readonly Dataset[] = [
  FX_RATES,
  PREFERENCES,
  BENCHMARKS,
  CREATIVE_TEXTS,
  CREATIVE_IMAGES,
  ...PERSONAL_DATASETS,
  ALERT_SETTINGS,
  ALERT_EVENTS,
  LAKE_SIGNALS,
  BATCHES,
];
