import type { ReportKind } from '../../pull/connector.ts';
import type { Window } from '../../window.ts';

/**
 * What is asked of each Google Ads account. Campaigns of some types (Performance Max, for example) have
 * no ads, so ads alone would leave out what they cost. A question takes any span; a month at once keeps
 * its answer in hand. Days are kept for years.
 */
export const GOOGLE_KINDS: readonly (ReportKind & { readonly from: string })[] = [
  { name: 'campaign', label: 'campaigns', mostDays: 31, historyDays: 1126, from: 'campaign' },
  { name: 'ad', label: 'ads', mostDays: 31, historyDays: 1126, from: 'ad_group_ad' },
];

const COMMON = [
  'segments.date',
  'customer.id',
  'campaign.id',
  'campaign.name',
  'metrics.impressions',
  'metrics.clicks',
  'metrics.cost_micros',
  'metrics.conversions',
  'metrics.conversions_value',
];

/** Fields by what is asked from (Google Ads API, reports reference). */
const FIELDS: Readonly<Record<string, readonly string[]>> = {
  campaign: [...COMMON, 'campaign.status', 'campaign.advertising_channel_type'],
  ad_group_ad: [
    ...COMMON,
    'ad_group.id',
    'ad_group.name',
    'ad_group_ad.ad.id',
    'ad_group_ad.ad.name',
    'ad_group_ad.status',
    'ad_group_ad.ad.final_urls',
  ],
};

/**
 * The query for a report: rows of days with figures, also of what has been removed since. Its order
 * keeps pages apart. Source: Google Ads Query Language, zero metrics and ordering.
 */
export function reportQuery(from: string, { since, until }: Window): string {
  const fields = FIELDS[from] ?? COMMON;
  return [
    `SELECT ${fields.join(', ')} FROM ${from}`,
    `WHERE segments.date BETWEEN '${since}' AND '${until}'`,
    `ORDER BY segments.date, campaign.id`,
  ].join(' ');
}

/** Who the account is. */
export const CUSTOMER_QUERY =
  'SELECT customer.id, customer.descriptive_name, customer.currency_code, customer.time_zone FROM customer LIMIT 1';
