/**
 * What a field of a report holds, and so how a cell of it is read.
 * - `id`, `text`: as they are; `day`, `period`: dates in the forms of the locales.
 * - `count`: whole and additive; `amount`: decimal and additive; `unique`: whole, never to be summed;
 *   `ratio`: decimal, never to be summed.
 */
export type FieldKind = 'id' | 'text' | 'day' | 'period' | 'count' | 'amount' | 'unique' | 'ratio';

/**
 * Fields that a mapping may name, with their kinds. Most are columns of the staging contract. The
 * others are `day` (the row's only day), `period` (first and last day in one cell), `account_id`,
 * `average_purchase_value` (stands in for a value that was not exported), `platform_name` (tells whose
 * rows they are in a file of many channels) and `row_kind` (what marks total rows in some exports).
 */
export const FIELDS = {
  account_id: 'id',
  account_name: 'text',
  day: 'day',
  date_start: 'day',
  date_stop: 'day',
  period: 'period',
  campaign_id: 'id',
  campaign_name: 'text',
  ad_set_id: 'id',
  ad_set_name: 'text',
  ad_id: 'id',
  ad_name: 'text',
  age: 'text',
  gender: 'text',
  country: 'text',
  region: 'text',
  publisher_platform: 'text',
  platform_position: 'text',
  device_platform: 'text',
  hour: 'text',
  segment: 'text',
  currency: 'text',
  spend: 'amount',
  impressions: 'count',
  clicks: 'count',
  link_clicks: 'count',
  reach: 'unique',
  frequency: 'ratio',
  conversions: 'amount',
  conversion_value: 'amount',
  purchases: 'amount',
  purchase_value: 'amount',
  average_purchase_value: 'ratio',
  results: 'amount',
  result_indicator: 'text',
  cost_per_result: 'ratio',
  video_views: 'amount',
  video_views_p25: 'amount',
  video_views_p50: 'amount',
  video_views_p75: 'amount',
  video_views_p100: 'amount',
  landing_page_url: 'text',
  utm_source: 'text',
  utm_medium: 'text',
  utm_campaign: 'text',
  utm_content: 'text',
  utm_term: 'text',
  status: 'text',
  headline: 'text',
  description: 'text',
  cta: 'text',
  image_url: 'text',
  video_url: 'text',
  quality_score: 'text',
  relevance_score: 'text',
  attribution_rule: 'text',
  platform_name: 'text',
  row_kind: 'text',
} as const satisfies Readonly<Record<string, FieldKind>>;

/** The name of a field. */
export type Field = keyof typeof FIELDS;

/** True for the name of a field. */
export function isField(name: string): name is Field {
  return Object.hasOwn(FIELDS, name);
}

/** True for kinds whose cells are numbers. */
export function isFigure(kind: FieldKind): boolean {
  return kind === 'count' || kind === 'amount' || kind === 'unique' || kind === 'ratio';
}

/** True for kinds that add up over rows, so that a total row must be their sum. */
export function isAdditive(kind: FieldKind): boolean {
  return kind === 'count' || kind === 'amount';
}
