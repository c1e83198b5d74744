import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';

const LAST = '2026-01-28';
const SETTLED = '2026-03-01';

/** A day of an ad, `ago` days before the last complete one; its creative has the same number. */
function adDay(ad: string, ago: number, more: StagingRow = {}): StagingRow {
  return quiet({
    campaign_id: '10',
    ad_set_id: '100',
    ad_id: ad,
    date: addDays(LAST, -ago),
    pulled_on: SETTLED,
    ...more,
  });
}

function shown(impressions: number, clicks: number, more: StagingRow = {}): StagingRow {
  return { impressions, clicks, link_clicks: clicks, reach: impressions, spend: '10', ...more };
}

/** 28 days; clicks of each by its number, 0 the first. */
function month(ad: string, clicksOn: (x: number) => number): StagingRow[] {
  return Array.from({ length: 28 }, (_, x) => adDay(ad, 27 - x, shown(1000, clicksOn(x))));
}

/** Ad 8 shows the creative of ad 1; of ad 9 it is not known. */
const CREATIVE_OF: Readonly<Record<string, string | null>> = { 8: '1', 9: null };

type Cases = Readonly<Record<string, readonly StagingRow[]>>;

/** Each case is an ad account of its own, so that one lake holds all of them. */
function lakeOf(cases: Cases): StagingFiles {
  const files = Object.values(cases).map((rows, at) => filesOf(String(at + 1), rows));
  return Object.assign({}, ...files) as StagingFiles;
}

function filesOf(account: string, rows: readonly StagingRow[]): StagingFiles {
  const ads = [...new Set(rows.map((row) => String(row.ad_id)))];
  const own = { account_id: account, pulled_on: SETTLED };
  const facts = rows.map((row) => ({ ...row, account_id: account }));
  return {
    [`insights_ad_day/${account}/2026-01`]: facts,
    [`ads/${account}/all`]: ads.map((ad) => ({
      ...own,
      ad_id: ad,
      ad_name: `Ad ${ad}`,
      creative_id: ad in CREATIVE_OF ? (CREATIVE_OF[ad] ?? null) : ad,
      effective_status: 'ACTIVE',
    })),
    [`ad_creatives/${account}/all`]: [{ ...own, creative_id: '1', creative_name: 'Red' }],
  };
}

/** A way to the rows of a case, of a table that is built once for all cases. */
function rowsOfCases(cases: Cases, select: string): (name: string) => readonly BuiltRow[] {
  let rows: readonly BuiltRow[] = [];
  beforeAll(async () => {
    rows = await builtRows(lakeOf(cases), select);
  });
  return (name) => {
    const account = String(Object.keys(cases).indexOf(name) + 1);
    return rows.filter((row) => row.account_id === account);
  };
}

const video = (views: number, more: StagingRow = {}): StagingRow => ({
  ...shown(1000, 20),
  video_views_3s: views,
  ...more,
});

describe('creative_performance', () => {
  const all = rowsOfCases(
    {
      sums: [
        adDay('1', 0, { ...shown(1000, 20), purchases: '2', purchase_value: '30' }),
        adDay('1', 1, shown(1000, 20)),
        adDay('8', 0, shown(500, 5, { spend: '5' })),
      ],
      videos: [
        adDay('1', 0, video(300, { video_thruplay: 100, video_p25: 330, video_p75: 60 })),
        adDay('1', 1, video(100)),
        adDay('2', 0, video(100, { video_thruplay: 10 })),
        adDay('3', 0, video(0)),
      ],
      periods: [0, 6, 7, 27, 28, 89, 90].map((ago) => adDay('1', ago, shown(100, 1))),
      strangers: [
        adDay('1', 0, shown(100, 3)),
        adDay('9', 0, shown(100, 4)),
        adDay('9', 40, shown(100, 5)),
      ],
      luck: [
        adDay('1', 0, shown(100, 2, { purchases: '1', purchase_value: '50', spend: '1' })),
        adDay(
          '2',
          0,
          shown(40_000, 800, { purchases: '60', purchase_value: '3000', spend: '400' }),
        ),
        adDay(
          '3',
          0,
          shown(40_000, 800, { purchases: '20', purchase_value: '1000', spend: '400' }),
        ),
      ],
      alone: [adDay('1', 0, shown(1000, 20, { purchases: '5', purchase_value: '100' }))],
      nothing: [
        adDay('1', 0, { impressions: 100, spend: '0' }),
        adDay('2', 0, shown(100, 1, { purchases: null })),
        adDay('3', 0),
      ],
      euros: [adDay('1', 0, shown(100, 9, { currency: 'EUR' }))],
    },
    `select *, cast(first_day as varchar) as first_shown, period || ' ' || cast(since as varchar) || ' ' || cast(until as varchar) as span
    from curated.creative_performance order by account_id, creative_id nulls last, since desc`,
  );
  const lifetimes = (name: string) => all(name).filter((row) => row.period === 'lifetime');

  it('has ratios of sums over all ads with the creative, worked out by hand', () => {
    expect(lifetimes('sums')).toMatchObject([
      {
        creative_id: '1',
        creative_name: 'Red',
        ads: '2',
        active_ads: '2',
        ad_days: '3',
        first_shown: '2026-01-27',
        is_settled: true,
        spend: '25.000000',
        impressions: '2500',
        clicks: '45',
        conversions: '2.000000',
        ctr: 0.018,
        cvr: 0.0444444444,
        cpc: 0.5555555556,
        cpm: 10,
        cpa: 12.5,
        roas: 1.2,
        hook_rate: null,
        hold_rate: null,
        thumb_stop_index: null,
      },
    ]);
  });

  it('knows how many thumbs a video stops, and whom it holds', () => {
    expect(lifetimes('videos')).toMatchObject([
      {
        hook_rate: 0.2,
        // 500 views of 3,000 impressions of videos: 1/6 is usual.
        thumb_stop_index: 1.2,
        hold_rate: 0.25,
        hold_rate_p25: 0.825,
        hold_rate_p75: 0.15,
        hold_rate_p100: null,
        rank_hook_rate: '1',
      },
      { hook_rate: 0.1, hold_rate: 0.1, rank_hook_rate: '2' },
      { hook_rate: null, hold_rate: null, rank_hook_rate: null },
    ]);
  });

  it('has the last 7, 28 and 90 complete days and all days, both ends inclusive', () => {
    expect(all('periods').map((row) => `${row.span} ${row.ad_days} ${row.impressions}`)).toEqual([
      '7d 2026-01-22 2026-01-28 2 200',
      '28d 2026-01-01 2026-01-28 4 400',
      '90d 2025-10-31 2026-01-28 6 600',
      'lifetime 2025-10-30 2026-01-28 7 700',
    ]);
  });

  it('adds up to ad_day, with ads whose creative is not known in a row of their own', () => {
    expect(lifetimes('strangers')).toMatchObject([
      { creative_id: '1', clicks: '3', rank_ctr: '1', creative_name: 'Red' },
      { creative_id: null, clicks: '9', rank_ctr: null, creative_name: null },
    ]);
  });

  it('does not let one purchase of two clicks win', () => {
    expect(lifetimes('luck')).toMatchObject([
      { creative_id: '1', cvr: 0.5, roas: 50, rank_cvr: '2', rank_roas: '2' },
      { creative_id: '2', cvr: 0.075, roas: 7.5, rank_cvr: '1', rank_roas: '1' },
      { creative_id: '3', cvr: 0.025, roas: 2.5, rank_cvr: '3', rank_roas: '3' },
    ]);
  });

  it('has lower ends by the stated formulas', () => {
    const [row] = lifetimes('alone');
    const z = 1.2815515655;
    const wilson = (k: number, n: number) => {
      const p = k / n;
      const inner = (p * (1 - p)) / n + (z * z) / (4 * n * n);
      return (p + (z * z) / (2 * n) - z * Math.sqrt(inner)) / (1 + (z * z) / n);
    };
    // 10 clicks more at its own CTR of 0.02, and 10 purchases at its own CVR of 0.25.
    expect(Number(row?.ctr_low)).toBeCloseTo(wilson(30, 1500), 9);
    expect(Number(row?.cvr_low)).toBeCloseTo(wilson(15, 60), 9);
    // 15 purchases of 20 each for 30; the exact 10 % quantile of a gamma distribution of 15 is 10.2996.
    expect(Number(row?.roas_low)).toBeCloseTo((10.2996 / 30) * 20, 2);
  });

  it('has no ratio where there is nothing to divide by, or a figure is unknown', () => {
    expect(lifetimes('nothing')).toMatchObject([
      {
        ad_days: '1',
        ctr: 0,
        cpc: null,
        roas: null,
        cvr: null,
        conversions: '0.000000',
        rank_ctr: '2',
      },
      { cvr: null, conversions: null, rank_roas: null, rank_ctr: '1' },
      { ad_days: '0', ctr: null, rank_ctr: null },
    ]);
  });

  it('never adds currencies: accounts have rows and ranks of their own', () => {
    expect(lifetimes('euros')).toMatchObject([
      { currency: 'EUR', spend: '10.000000', rank_ctr: '1', rank_spend: '1' },
    ]);
  });

  it('has no row without data', async () => {
    expect(await builtRows({}, 'select * from curated.creative_performance')).toEqual([]);
    expect(await builtRows({}, 'select * from curated.creative_fatigue')).toEqual([]);
  });
});

describe('creative_fatigue', () => {
  const falling = (x: number) => 54 - x;
  const rows = rowsOfCases(
    {
      line: [...month('1', falling), ...month('2', () => 30)],
      cvr: month('1', () => 100).map((row, x) => ({
        ...row,
        purchases: String(54 - x),
        purchase_value: '1',
      })),
      young: month('1', () => 100).map((row, x) => ({
        ...row,
        purchases: x > 21 ? '0' : '10',
        purchase_value: '1',
        pulled_on: addDays(LAST, 1),
      })),
      frequency: month('1', () => 30).map((row, x) => ({ ...row, reach: x < 14 ? 1000 : 800 })),
      together: [...month('1', falling), ...month('2', falling)],
      rising: month('1', (x) => (x < 20 ? 0 : 50)),
      'too few days': month('1', () => 50).slice(-6),
      'no clicks': month('1', () => 0),
      'an unknown figure': month('1', () => 50).map((row) => ({ ...row, clicks: null })),
      'one day': [adDay('1', 0, shown(5000, 100))],
      'no longer shown': [...month('1', () => 50).slice(0, 21), adDay('2', 0)],
      rested: [
        ...month('1', falling),
        ...month('2', () => 30),
        ...Array.from({ length: 10 }, (_, at) => adDay('3', 30 + at, shown(1000, 90))),
      ],
      quiet: [adDay('1', 0)],
    },
    'select * from curated.creative_fatigue order by account_id, creative_id',
  );

  it('is worked out by hand for a CTR that falls on a straight line', () => {
    // 54, 53 … 27 clicks of 1,000 impressions: from 0.054 to 0.027, by half.
    const [row] = rows('line');
    expect(row).toMatchObject({
      creative_name: 'Red',
      age_days: '28',
      days: '28',
      impressions: '28000',
      clicks: '1134',
      ctr: 0.0405,
      ctr_change: -0.5,
      cvr_change: null,
      frequency_change: 0,
      others_ctr_change: 0,
      recommendation: 'rotate',
      rotate_to_creative_id: '2',
      evidence:
        'CTR fell by 50 % in 28 days (a fall is 100 % sure). Shown for 28 days, at a frequency of 1.00 a day.',
    });
    // All of the fall of CTR, and 28 of 90 days.
    expect(Number(row?.fatigue_score)).toBeCloseTo(80 + (20 * 28) / 90, 2);
  });

  it('counts a fall of CVR, and with it CTR for less', () => {
    const [row] = rows('cvr');
    expect(row).toMatchObject({ ctr_change: 0, cvr_change: -0.5, cvr: 0.405 });
    expect(row?.recommendation).toBe('watch');
    expect(Number(row?.fatigue_score)).toBeCloseTo(25 + (20 * 28) / 90, 2);
  });

  it('does not take conversions that are still to come for a fall of CVR', () => {
    expect(rows('young')).toMatchObject([{ cvr_change: 0, cvr: 0.1, recommendation: 'fresh' }]);
  });

  it('sees frequency rise', () => {
    expect(rows('frequency')).toMatchObject([
      { frequency_first: 1, frequency_last: 1.25, frequency_change: 0.25, fatigue_score: 10 },
    ]);
  });

  it('only watches a creative that falls with all the others', () => {
    const [row] = rows('together');
    expect(row).toMatchObject({
      recommendation: 'watch',
      others_ctr_change: -0.5,
      rotate_to_creative_id: null,
    });
    expect(String(row?.evidence)).toContain('look for another cause');
  });

  it('takes a rise from nothing for no fatigue', () => {
    const [row] = rows('rising');
    expect(row).toMatchObject({ ctr_change: null, recommendation: 'fresh' });
    expect(String(row?.evidence)).toContain('CTR rose from nothing in 28 days');
  });

  it.each([
    ['too few days', 'too little data'],
    ['no clicks', 'too little data'],
    ['an unknown figure', 'too little data'],
    ['one day', 'too little data'],
    ['no longer shown', 'resting'],
  ])('has no score for %s', (name, recommendation) => {
    expect(rows(name)).toMatchObject([{ fatigue_score: null, recommendation }]);
  });

  it('brings back what has rested for 28 days, when that did best', () => {
    expect(rows('rested')[0]).toMatchObject({ rotate_to_creative_id: '3' });
  });

  it('has no row of what was never shown', () => {
    expect(rows('quiet')).toEqual([]);
  });
});
