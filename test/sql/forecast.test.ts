import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';

const LAST = '2026-06-28';

/** Settled days up to the last complete one; figures of each by how long ago it was. */
function days(count: number, figuresOf: (ago: number) => StagingRow): readonly StagingRow[] {
  return Array.from({ length: count }, (_, ago) =>
    quiet({
      campaign_id: '10',
      date: addDays(LAST, -ago),
      pulled_on: '2026-08-01',
      impressions: 1,
      ...figuresOf(ago),
    }),
  );
}

/** 10, 20 … 70 by weekday: 70 on the last day, 10 on the day after it. */
const weekly = (ago: number): StagingRow => {
  const spend = 70 - 10 * (ago % 7);
  return { spend: String(spend), purchases: '2', purchase_value: String(2 * spend) };
};

const CASES: Readonly<Record<string, readonly StagingRow[]>> = {
  'five weeks': days(35, weekly),
  'ten days': days(10, weekly),
  'twenty weeks': days(140, weekly),
  'six days': days(6, weekly),
  growing: days(140, (ago) => ({ spend: String(1000 - 5 * ago), purchase_value: '500' })),
  'one day': days(1, weekly),
  // A week of 10 a day, a week of 20 a day by turns, and in both two purchases of 15.
  turns: days(140, (ago) => ({
    spend: Math.floor(ago / 7) % 2 === 0 ? '20' : '10',
    purchases: '2',
    purchase_value: '30',
  })),
  'not settled': days(35, (ago) => ({
    ...weekly(ago),
    pulled_on: '2026-06-29',
    ...(ago < 7 ? { purchases: '0', purchase_value: '0' } : {}),
  })),
  unspent: days(35, () => ({ spend: '0' })),
  unknown: days(35, (ago) => ({ ...weekly(ago), ...(ago === 20 ? { spend: null } : {}) })),
  // The days between are days of nothing.
  'every second week': days(56, weekly).filter((_, ago) => Math.floor(ago / 7) % 2 === 0),
};

let rows: readonly BuiltRow[] = [];
beforeAll(async () => {
  const files = Object.values(CASES).map((given, at) => [
    `insights_campaign_day/${at + 1}/2026-06`,
    given.map((row) => ({
      ...row,
      account_id: String(at + 1),
      currency: at === 1 ? 'EUR' : 'USD',
    })),
  ]);
  rows = await builtRows(
    Object.fromEntries(files) as StagingFiles,
    'select *, cast(date as varchar) as day from curated.forecast_day order by account_id, metric, date',
  );
});

function of(name: string, metric: string): readonly BuiltRow[] {
  const account = String(Object.keys(CASES).indexOf(name) + 1);
  return rows.filter((row) => row.account_id === account && row.metric === metric);
}

describe('forecast_day', () => {
  it('knows weekdays, and says that it was never tried', () => {
    const spend = of('five weeks', 'spend');
    expect(spend).toHaveLength(28);
    expect(spend.slice(0, 8).map((row) => row.forecast)).toEqual([10, 20, 30, 40, 50, 60, 70, 10]);
    expect(spend[0]).toMatchObject({
      day: '2026-06-29',
      days_ahead: '1',
      currency: 'USD',
      method: 'weekday mean',
      is_better_than_naive: null,
      trials: null,
      low: null,
      total_high: null,
    });
    expect([6, 13, 27].map((at) => spend[at]?.total)).toEqual([280, 560, 1120]);
    expect(of('five weeks', 'roas')[27]).toMatchObject({ forecast: 2, total: 2, currency: null });
  });

  it('is seasonal naive with fewer than 28 days, and not there with fewer than 7', () => {
    const spend = of('ten days', 'spend');
    expect(spend.map((row) => row.method)).toEqual(Array(28).fill('seasonal naive'));
    expect(spend[0]).toMatchObject({ forecast: 10, currency: 'EUR', is_better_than_naive: null });
    expect(of('six days', 'spend')).toEqual([]);
    expect(of('one day', 'spend')).toEqual([]);
  });

  it('is worked out by hand where each week is unlike the one before', () => {
    // The weekday mean misses by 5 each day; seasonal naive by 10 in the weeks 1 and 3 ahead and by none else: as much.
    const spend = of('turns', 'spend');
    expect(spend[0]).toMatchObject({
      method: 'seasonal naive',
      is_better_than_naive: false,
      // Half of the trials say 20 where 10 come, -10 / 17.5; half say 10 where 20 come, 10 / 12.5.
      forecast: 20,
      low: 10,
      high: 34,
    });
    expect(spend[7]).toMatchObject({ forecast: 20, low: 20, high: 20 });
    // 14 days are 210. Trials say 280 at most, -70 / 245; two say 140, and the 27th place of 29 is one that says
    // 160, 50 / 185.
    expect(spend[13]).toMatchObject({ total: 280, total_low: 210, total_high: 346.216216 });
    expect(spend[0]?.trials).toBe('29');
  });

  it('has no width where nothing ever differs', () => {
    expect(of('twenty weeks', 'spend')[8]).toMatchObject({
      forecast: 20,
      low: 20,
      high: 20,
      model_error: 0,
      naive_error: 0,
    });
    expect(of('turns', 'purchase_value')[27]).toMatchObject({
      forecast: 30,
      total: 840,
      total_low: 840,
      total_high: 840,
      model_error: 0,
      naive_error: 0,
    });
    expect(of('turns', 'roas')[13]).toMatchObject({ total: 1.5, is_better_than_naive: false });
  });

  it('holds the forecast in its interval also where all trials missed to one side', () => {
    const spend = of('growing', 'spend');
    expect(spend[27]?.total_low).toBe(spend[27]?.total);
    for (const row of rows.filter(({ low }) => low !== null)) {
      expect(Number(row.low)).toBeLessThanOrEqual(Number(row.forecast));
      expect(Number(row.high)).toBeGreaterThanOrEqual(Number(row.forecast));
      expect(Number(row.total_high)).toBeGreaterThanOrEqual(Number(row.total));
    }
  });

  it('has no ROAS interval and no trials where value was never tried', () => {
    expect(of('five weeks', 'roas')[0]).toMatchObject({ trials: null, total_low: null });
  });

  it('does not take conversions that are still to come for a fall', () => {
    const conversions = of('not settled', 'conversions');
    expect(conversions.map((row) => row.forecast)).toEqual(Array(28).fill(2));
    expect(
      of('not settled', 'purchase_value')
        .slice(0, 7)
        .map((row) => row.forecast),
    ).toEqual([20, 40, 60, 80, 100, 120, 140]);
    expect(of('not settled', 'spend')[0]?.forecast).toBe(10);
  });

  it('has no ROAS without spend, and no metric of which a day is unknown', () => {
    expect(of('unspent', 'spend')[27]).toMatchObject({ forecast: 0, total: 0 });
    expect(of('unspent', 'roas')[27]).toMatchObject({ forecast: null, total: null });
    expect(of('unknown', 'spend')).toEqual([]);
    expect(of('unknown', 'conversions')).toHaveLength(28);
  });

  it('counts a day without a row as one of nothing', () => {
    // Half of the weeks: 40 on an average day of the last four weeks is 20, and of the last two as well.
    expect(of('every second week', 'spend')[0]).toMatchObject({
      forecast: 5,
      method: 'weekday mean',
    });
  });

  it('has no row without data', async () => {
    expect(await builtRows({}, 'select * from curated.forecast_day')).toEqual([]);
  });
});
