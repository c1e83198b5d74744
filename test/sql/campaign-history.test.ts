import { beforeAll, describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingRow } from '../helpers/curated-lake.ts';

const UNTIL = '2026-06-30';

/** A day so many days before the newest complete one; everything is settled unless told otherwise. */
function day(campaign: string, ago: number, more: StagingRow): StagingRow {
  return quiet({
    campaign_id: campaign,
    date: addDays(UNTIL, -ago),
    pulled_on: '2026-12-01',
    ...more,
  });
}

const bought = (purchases: string, spend: string, value: string): StagingRow => ({
  spend,
  purchases,
  purchase_value: value,
  impressions: 100,
  clicks: 4,
});

const ROWS: readonly StagingRow[] = [
  // The lake begins: 28 days that it does not hold all of are not the best, whatever they brought.
  day('1', 240, bought('20', '10', '900')),
  // The best 28 days: 12 purchases, 300 for 100. A day with a higher ROAS and few purchases is luck.
  day('1', 200, bought('12', '100', '300')),
  day('1', 100, bought('2', '10', '100')),
  // The 28 days before: 10 purchases for 50, 100 back.
  day('1', 55, bought('5', '25', '50')),
  day('1', 28, bought('5', '25', '50')),
  // The last 28 days: 4 purchases for 40, 60 back, 8 clicks of 400.
  day('1', 27, { ...bought('2', '20', '30'), impressions: 300 }),
  day('1', 0, bought('2', '20', '30')),
  // Without a row in either span, without spend, with an unknown figure, and never shown.
  day('2', 90, bought('0', '5', '0')),
  day('3', 1, { impressions: 50 }),
  day('4', 1, { ...bought('1', '1', '1'), spend: null }),
  day('5', 1, {}),
];

const byMonth = new Map<string, StagingRow[]>();
for (const row of ROWS) {
  const month = String(row.date).slice(0, 7);
  byMonth.set(month, [...(byMonth.get(month) ?? []), row]);
}
const FILES = Object.fromEntries(
  [...byMonth].map(([month, rows]) => [`insights_campaign_day/1/${month}`, rows]),
);

describe('campaign_history', () => {
  let rows: readonly BuiltRow[] = [];
  beforeAll(async () => {
    rows = await builtRows(FILES, 'select * from curated.campaign_history order by campaign_id');
  });
  const of = (campaign: string) => rows.find((row) => row.campaign_id === campaign);

  it('is worked out by hand', () => {
    expect(of('1')).toMatchObject({
      first_day: '2025-11-02',
      last_day: UNTIL,
      days_live: '7',
      until: UNTIL,
      spend_28d: '40.000000',
      spend_before: '50.000000',
      spend_change: -0.2,
      conversions_28d: '4.000000',
      conversions_before: '10.000000',
      ctr_28d: 0.02,
      ctr_before: 0.04,
      ctr_change: -0.5,
      cpa_28d: 10,
      cpa_before: 5,
      cpa_change: 1,
      roas_28d: 1.5,
      roas_before: 2,
      roas_change: -0.25,
      best_roas: 3,
      best_until: '2025-12-12',
      share_of_best: 0.5,
    });
  });

  it('knows that a campaign without rows delivered nothing, and divides by nothing', () => {
    expect(of('2')).toMatchObject({
      spend_28d: '0.000000',
      spend_before: '0.000000',
      spend_change: null,
      ctr_28d: null,
      cpa_28d: null,
      roas_28d: null,
      best_roas: null,
      best_until: null,
    });
    expect(of('3')).toMatchObject({ spend_28d: '0.000000', ctr_28d: 0, roas_28d: null });
  });

  it('says unknown where a part is unknown, and leaves out what was never shown', () => {
    expect(of('4')).toMatchObject({ spend_28d: null, roas_28d: null, conversions_28d: '1.000000' });
    expect(of('5')).toBeUndefined();
  });
});
