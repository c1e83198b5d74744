import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';

/** The newest complete day: 20 of the 30 days of June are over. */
const LAST = '2026-06-20';
const own = { account_id: '1', pulled_on: '2026-06-21' };

function campaign(id: string, more: StagingRow): StagingRow {
  return { ...own, campaign_id: id, campaign_name: `C${id}`, effective_status: 'ACTIVE', ...more };
}

/** Days of a campaign up to the last one; spend of each by how long ago it was. */
function days(id: string, count: number, spendOf: (ago: number) => string | null): StagingRow[] {
  return Array.from({ length: count }, (_, ago) => day(id, ago, spendOf(ago)));
}

function day(id: string, ago: number, spend: string | null, more: StagingRow = {}): StagingRow {
  const date = addDays(LAST, -ago);
  return quiet({ ...own, campaign_id: id, date, impressions: 10, spend, ...more });
}

const files: StagingFiles = {
  'ad_accounts/1/all': [
    { ...own, account_name: 'One', currency: 'USD', timezone_name: 'America/New_York' },
  ],
  'campaigns/1/all': [
    campaign('10', { daily_budget: '10' }),
    campaign('11', {
      lifetime_budget: '300',
      start_time: '2026-06-11T04:00:00Z',
      stop_time: '2026-07-11T04:00:00Z',
    }),
    campaign('12', { effective_status: 'PAUSED', daily_budget: '50' }),
    campaign('13', {}),
    campaign('14', { lifetime_budget: '100', start_time: '2026-06-01T04:00:00Z' }),
    campaign('15', { daily_budget: '20' }),
    campaign('16', { daily_budget: '20' }),
    campaign('17', {
      lifetime_budget: '900',
      budget_remaining: '100',
      start_time: '2025-06-01T04:00:00Z',
      stop_time: '2026-06-21T04:00:00Z',
    }),
    campaign('18', { effective_status: 'PAUSED' }),
  ],
  'ad_sets/1/all': [
    {
      ...own,
      campaign_id: '13',
      ad_set_id: '130',
      ad_set_name: 'S',
      effective_status: 'ACTIVE',
      daily_budget: '5',
    },
    { ...own, campaign_id: '10', ad_set_id: '100', ad_set_name: 'T', effective_status: 'ACTIVE' },
  ],
  'insights_campaign_day/1/2026-06': [
    // 8 and 12 a day by turns: 10 on average, and 4.137931 the variance of 28 such days.
    ...days('10', 60, (ago) => (ago % 2 === 0 ? '8' : '12')),
    ...days('11', 10, () => '15'),
    ...days('12', 10, () => '40'),
    ...days('13', 3, () => '4'),
    ...days('14', 20, () => '5'),
    ...days('15', 28, (ago) => (ago === 20 ? '40' : '14')),
    ...days('16', 10, (ago) => (ago === 2 ? null : '20')),
    ...days('17', 60, () => '2'),
    day('18', 40, '100'),
  ],
  'insights_ad_day/1/2026-06': days('13', 3, () => '4').map((row) => ({
    ...row,
    ad_set_id: '130',
    ad_id: '1300',
  })),
  'preferences/all/all': [
    { name: 'month_budget', subject: '10', value: '250' },
    { name: 'month_budget', subject: '10:2026-06', value: '290' },
    { name: 'month_budget', subject: '15:2026-05', value: '290' },
  ],
};

let rows: readonly BuiltRow[] = [];
beforeAll(async () => {
  rows = await builtRows(
    files,
    'select *, cast(since as varchar) as first_day, cast(until as varchar) as final_day, cast(depleted_on as varchar) as empty_day from curated.budget_pacing',
  );
});

function of(id: string, kind: string): BuiltRow | undefined {
  return rows.find((row) => row.object_id === id && row.kind === kind);
}

describe('budget_pacing', () => {
  it('holds a daily budget against the last 7 complete days', () => {
    // 4 days of 8 and 3 of 12.
    expect(of('10', 'daily')).toMatchObject({
      level: 'campaign',
      first_day: '2026-06-14',
      final_day: LAST,
      days_elapsed: '7',
      budget: '10.00',
      spend: '68.000000',
      spend_due: 70,
      pacing: 0.9714285714,
      overspend: 0,
      underspend: 2,
      projected: null,
      days_beyond_daily_limit: '0',
      status: 'on track',
      evidence: 'Spent 68.00 of 70.00 USD in 7 days.',
    });
    expect(of('15', 'daily')).toMatchObject({ status: 'under', days_beyond_daily_limit: '1' });
  });

  it('projects the end of the month, with an interval worked out by hand', () => {
    const row = of('10', 'month');
    expect(row).toMatchObject({
      first_day: '2026-06-01',
      final_day: '2026-06-30',
      days_elapsed: '20',
      days_left: '10',
      // That of the month wins over that of every month.
      budget: '290.00',
      spend: '200.000000',
      spend_per_day: 10,
      projected: 300,
      overspend: 10,
      underspend: 0,
      days_until_depleted: 9,
      empty_day: '2026-06-29',
      status: 'on track',
    });
    // (1.2815515655 + 0.8466 / 27) × √(10 × 4 × 28/27 + 100 × 4 × 28/27 / 14), and never more than 10 a day.
    const margin = (1.2815515655 + 0.8466 / 27) * Math.sqrt(((4 * 28) / 27) * (10 + 100 / 14));
    expect(Number(row?.projected_low)).toBeCloseTo(300 - margin, 5);
    expect(row?.projected_high).toBe(300);
  });

  it('spreads a lifetime budget evenly from its start to its end, in days of the account', () => {
    expect(of('11', 'lifetime')).toMatchObject({
      first_day: '2026-06-11',
      final_day: '2026-07-10',
      days_elapsed: '10',
      days_left: '20',
      spend: '150.000000',
      spend_due: 100,
      pacing: 1.5,
      projected: 450,
      projected_low: 450,
      projected_high: 450,
      overspend: 150,
      days_until_depleted: 10,
      empty_day: '2026-06-30',
      status: 'over',
      evidence:
        'Spent 150.00 of 300.00 USD in 10 of 30 days; at 15.00 a day it will be 450.00 (450.00 to 450.00) by 2026-07-10.',
    });
  });

  it('projects nothing for what is paused, and has no row of what has slept for 28 days', () => {
    expect(of('12', 'month')).toMatchObject({
      status: 'paused',
      spend: '400.000000',
      projected: 400,
      days_until_depleted: null,
    });
    expect(of('18', 'month')).toBeUndefined();
  });

  it('holds budgets of ad sets against what their ads spent', () => {
    expect(of('130', 'daily')).toMatchObject({
      level: 'ad_set',
      campaign_id: '13',
      days_elapsed: '3',
      spend: '12.000000',
      spend_due: 15,
      status: 'on track',
    });
    expect(of('100', 'daily')).toBeUndefined();
    expect(of('13', 'daily')).toBeUndefined();
    // Three days are too few for an interval.
    expect(of('13', 'month')).toMatchObject({ projected: 52, projected_low: null });
  });

  it('says that all is spent, and that there is no end', () => {
    expect(of('14', 'lifetime')).toMatchObject({
      status: 'depleted',
      final_day: null,
      projected: null,
    });
  });

  it('takes what Meta says is gone where the lake begins after the campaign', () => {
    expect(of('17', 'lifetime')).toMatchObject({ spend: '800.000000', days_left: '0' });
  });

  it('knows nothing where a day is not known', () => {
    expect(of('16', 'daily')).toMatchObject({ status: 'unknown', spend: null, pacing: null });
    expect(of('1', 'month')).toMatchObject({ status: 'unknown', spend: null, projected: null });
  });

  it('has the month of every campaign without a target, too', () => {
    expect(of('15', 'month')).toMatchObject({ budget: null, status: 'no target', overspend: null });
    expect(of('15', 'month')?.projected).not.toBeNull();
  });

  it('has no row without data, and one of nothing for an account that spends nothing', async () => {
    expect(await builtRows({}, 'select * from curated.budget_pacing')).toEqual([]);
    const one = { 'insights_campaign_day/1/2026-06': [quiet({ campaign_id: '10', date: LAST })] };
    expect(
      await builtRows(
        one,
        'select level, kind, spend, projected, status from curated.budget_pacing',
      ),
    ).toEqual([
      { level: 'account', kind: 'month', spend: '0.000000', projected: null, status: 'no target' },
    ]);
  });
});
