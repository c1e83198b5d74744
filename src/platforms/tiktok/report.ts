import type { ReportKind, ReportQuestion } from '../../pull/connector.ts';

/** Rows of a page, as many as there can be (TikTok API for Business, synchronous reports). */
const PAGE_SIZE = 1_000;

/** What is asked of each TikTok ad account. A report by day spans at most 30 days. */
export const TIKTOK_KINDS: readonly ReportKind[] = [
  { name: 'campaign', label: 'campaigns', mostDays: 30, historyDays: 365 },
  { name: 'ad', label: 'ads', mostDays: 30, historyDays: 365 },
];

const COMMON_METRICS = [
  'campaign_name',
  'spend',
  'impressions',
  'clicks',
  'conversion',
  'complete_payment',
  'total_complete_payment_rate',
  'video_play_actions',
  'video_views_p25',
  'video_views_p50',
  'video_views_p75',
  'video_views_p100',
];

const LEVELS: Readonly<
  Record<
    string,
    { readonly level: string; readonly id: string; readonly metrics: readonly string[] }
  >
> = {
  campaign: { level: 'AUCTION_CAMPAIGN', id: 'campaign_id', metrics: COMMON_METRICS },
  ad: {
    level: 'AUCTION_AD',
    id: 'ad_id',
    metrics: ['campaign_id', 'adgroup_id', 'adgroup_name', 'ad_name', ...COMMON_METRICS],
  },
};

/**
 * The parameters of a report, less the page. `total_complete_payment_rate` is, against its name, the
 * value of complete payments.
 */
export function reportParameters({
  accountId,
  kind,
  window,
}: ReportQuestion): Readonly<Record<string, string>> {
  const { level, id, metrics } = LEVELS[kind.name] ?? { level: '', id: '', metrics: [] };
  return {
    advertiser_id: accountId,
    report_type: 'BASIC',
    data_level: level,
    dimensions: JSON.stringify([id, 'stat_time_day']),
    metrics: JSON.stringify(metrics),
    start_date: window.since,
    end_date: window.until,
    page_size: String(PAGE_SIZE),
  };
}
