import { beforeAll, describe, expect, it } from 'vitest';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingRow } from '../helpers/curated-lake.ts';

function benchmark(metric: string, median: string, more: StagingRow = {}): StagingRow {
  return {
    source: 'made up',
    industry: '',
    platform: 'meta',
    objective: '',
    country: '',
    metric,
    currency: '',
    median,
    ...more,
  };
}

/** Ten days of which the last 28 days hold two: 30 for 1,000 impressions, 20 clicks, 4 purchases of 60. */
const DAYS = [
  quiet({ date: '2026-05-01', campaign_id: '1', spend: '999', impressions: 1, clicks: 1 }),
  quiet({
    date: '2026-06-03',
    campaign_id: '1',
    objective: 'OUTCOME_SALES',
    spend: '10',
    impressions: 400,
    clicks: 10,
    purchases: '1',
    purchase_value: '20',
  }),
  quiet({
    date: '2026-06-30',
    campaign_id: '2',
    objective: 'OUTCOME_TRAFFIC',
    spend: '20',
    impressions: 600,
    clicks: 10,
    purchases: '3',
    purchase_value: '40',
  }),
].map((row) => ({ ...row, pulled_on: '2026-12-01' }));

const FILES = {
  'insights_campaign_day/1/2026-05': DAYS.slice(0, 1),
  'insights_campaign_day/1/2026-06': DAYS.slice(1),
  'insights_country_day/1/2026-06': [
    { ...DAYS[2], country: 'DE', impressions: 300 },
    { ...DAYS[2], country: 'FR', impressions: 300, clicks: 0 },
  ],
  'benchmarks/all/all': [
    benchmark('ctr', '0.01', { low: '0.005', high: '0.015' }),
    benchmark('cvr', '0.4', { low: '0.1', high: '0.5' }),
    benchmark('cpc', '1.5', { currency: 'USD' }),
    benchmark('cpm', '20', { currency: 'USD', platform: '' }),
    benchmark('cpa', '9', { currency: 'EUR' }),
    benchmark('roas', '4', { low: '3' }),
    benchmark('ctr', '0.02', { objective: 'OUTCOME_SALES' }),
    benchmark('ctr', '0.02', { objective: 'OUTCOME_LEADS' }),
    benchmark('ctr', '0.02', { country: 'DE' }),
    benchmark('cvr', '0.1', { country: 'FR' }),
    benchmark('cvr', '0.1', { country: 'JP' }),
    benchmark('ctr', '0.1', { platform: 'tiktok' }),
  ],
};

describe('benchmark_comparison', () => {
  let rows: readonly BuiltRow[] = [];
  beforeAll(async () => {
    rows = await builtRows(FILES, 'select * from curated.benchmark_comparison');
  });
  const of = (metric: string, more: BuiltRow = {}) =>
    rows.find((row) =>
      Object.entries({ metric, objective: '', country: '', ...more }).every(
        ([name, value]) => row[name] === value,
      ),
    );

  it('holds the last 28 days of the account against what is usual, worked out by hand', () => {
    expect(of('ctr')).toMatchObject({
      since: '2026-06-03',
      until: '2026-06-30',
      value: 0.02,
      difference: 1,
      place: 'above the usual range',
      is_better: true,
      note: null,
    });
    expect(of('cvr')).toMatchObject({
      value: 0.2,
      place: 'within the usual range',
      is_better: false,
    });
    expect(of('cpc')).toMatchObject({ value: 1.5, place: 'at the median', is_better: null });
    expect(of('cpm')).toMatchObject({ value: 30, place: 'above the median', is_better: false });
    expect(of('roas')).toMatchObject({
      value: 2,
      place: 'below the usual range',
      is_better: false,
    });
  });

  it('compares like with like: money in its currency, campaigns of the objective, people of the country', () => {
    expect(of('cpa')).toMatchObject({ value: null, place: null, note: 'another currency' });
    expect(of('ctr', { objective: 'OUTCOME_SALES' })).toMatchObject({ value: 0.025, note: null });
    expect(of('ctr', { objective: 'OUTCOME_LEADS' })).toMatchObject({
      value: null,
      note: 'no campaign with this objective',
    });
    expect(of('ctr', { country: 'DE' })?.value).toBeCloseTo(1 / 30, 9);
    expect(of('cvr', { country: 'FR' })).toMatchObject({
      value: null,
      note: 'not known, or nothing to divide by',
    });
    expect(of('cvr', { country: 'JP' })).toMatchObject({ note: 'nothing known of this country' });
  });

  it('leaves out benchmarks of platforms that the lake has nothing of', () => {
    expect(rows).toHaveLength(11);
  });

  it('is empty without benchmarks, and without days', async () => {
    const { 'benchmarks/all/all': benchmarks, ...days } = FILES;
    const sql = 'select * from curated.benchmark_comparison';
    expect(await builtRows(days, sql)).toEqual([]);
    expect(await builtRows({ 'benchmarks/all/all': benchmarks }, sql)).toEqual([]);
  });
});
