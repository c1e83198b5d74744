import { contractAt } from '../contract.ts';
import { AdlakeError } from '../errors.ts';
import { didYouMean } from '../nearest.ts';

/** A column of a curated table of days, and what it is called in staging. */
export interface TracedMetric {
  readonly curated: string;
  readonly staging: string;
}

/** What is shown when no metric is named. */
const USUAL = ['spend', 'impressions', 'clicks', 'conversions', 'purchase_value'];

/** Columns that are worked out from others of the same day: these are traced instead. */
const PARTS: Readonly<Record<string, readonly string[]>> = {
  roas: ['purchase_value', 'spend'],
  cpc: ['spend', 'clicks'],
  cpm: ['spend', 'impressions'],
  ctr: ['clicks', 'impressions'],
};

/**
 * The columns to trace for a metric of a curated table (`campaign_day` or `ad_day`), or the usual ones
 * for null. A ratio is traced by what it is made of. Throws `USAGE` for a name that is none, and for a
 * figure that comes from other days or sources too.
 */
export function metricsFor(table: string, metric: string | null): readonly TracedMetric[] {
  const names = metric === null ? USUAL : (PARTS[metric] ?? [metric]);
  return names.map((name) => metricOf(table, name));
}

function metricOf(table: string, name: string): TracedMetric {
  const staging = name.replace(/^conversions/, 'purchases');
  const dataset = table === 'ad_day' ? 'insights_ad_day' : 'insights_campaign_day';
  const isSent = (column: string): boolean =>
    contractAt(`staging/${dataset}.schema.json`).columns.includes(column);
  const { columns } = contractAt(`curated/${table}.schema.json`);
  if (columns.includes(name) && isSent(staging)) return { curated: name, staging };
  const known = columns.filter((column) => isSent(column.replace(/^conversions/, 'purchases')));
  const choice = [...known, ...Object.keys(PARTS)].sort();
  throw new AdlakeError({
    code: 'USAGE',
    message: columns.includes(name)
      ? `${name} is worked out from other days or other sources as well, so it has no one place that it came from.`
      : `${table} has no column ${JSON.stringify(name)}.${didYouMean(name, choice)}`,
    remedy: `Give --metric one of: ${choice.join(', ')}.`,
  });
}
