import { describe, expect, it } from 'vitest';
import { quiet, type StagingRow } from '../helpers/curated-lake.ts';
import { curatedRows } from '../helpers/curated-rows.ts';

const adSet = (id: string, audiences: string | null, more: StagingRow = {}) => ({
  account_id: '1',
  ad_set_id: id,
  targeting: '{}',
  custom_audience_ids: audiences,
  pulled_on: '2026-03-01',
  ...more,
});

describe('audience_insights_aggregated', () => {
  it('counts an ad set in full for each of its audiences, says so, and the account once', async () => {
    const day = (id: string, spend: string) =>
      quiet({ date: '2026-01-05', campaign_id: '9', ad_set_id: id, spend });
    const rows = await curatedRows(
      {
        'insights_ad_set_day/1/2026-01': [
          day('1', '10'),
          day('2', '5'),
          day('3', '1'),
          day('4', '4'),
        ],
        'ad_sets/1/all': [
          adSet('1', '700,800,900'),
          adSet('2', null),
          adSet('3', '700'),
          adSet('4', null, { targeting: null }),
        ],
        'custom_audiences/1/all': [
          { account_id: '1', audience_id: '700', audience_name: 'Buyers', pulled_on: '2026-03-01' },
        ],
      },
      `select value, value_name, spend, shared_spend, spend_share from audience_insights_aggregated
        where dimension = 'custom_audience' and period = '2026-01' order by value`,
    );
    expect(rows).toEqual([
      { value: '700', value_name: 'Buyers', spend: '11', shared_spend: '10', spend_share: 0.55 },
      { value: '800', value_name: '800', spend: '10', shared_spend: '10', spend_share: 0.5 },
      { value: '900', value_name: '900', spend: '10', shared_spend: '10', spend_share: 0.5 },
      { value: 'none', value_name: 'none', spend: '5', shared_spend: '0', spend_share: 0.25 },
      {
        value: 'not told',
        value_name: 'not told',
        spend: '4',
        shared_spend: '0',
        spend_share: 0.2,
      },
    ]);
  });

  it('divides sums by sums over a month and over all of it, and compares with the account', async () => {
    const day = (date: string, country: string | null, more: StagingRow) =>
      quiet({ date, campaign_id: '9', country, impressions: 1000, ...more });
    const rows = await curatedRows(
      {
        'insights_country_day/1/2026-01': [
          day('2026-01-05', 'US', { spend: '1', clicks: 10, purchases: '1', purchase_value: '9' }),
          day('2026-01-06', 'US', { spend: '3', clicks: 10, purchases: '1', purchase_value: '1' }),
          day('2026-01-06', 'CA', { spend: '4', clicks: 10, purchases: '0', purchase_value: '0' }),
        ],
        'insights_country_day/1/2026-02': [
          day('2026-02-05', 'US', { spend: '2', clicks: 5, purchases: null, purchase_value: '2' }),
        ],
      },
      `select period, value, days, spend, conversions, roas, cpa, spend_share, roas_index, is_settled
        from audience_insights_aggregated order by period, value`,
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['2026-01', 'CA', 1, '4', '0', 0, null, 0.5, 0, true],
      ['2026-01', 'US', 2, '4', '2', 2.5, 2, 0.5, 200, true],
      ['2026-02', 'US', 1, '2', null, 1, null, 1, 100, false],
      ['lifetime', 'CA', 1, '4', '0', 0, null, 0.4, 0, true],
      ['lifetime', 'US', 3, '6', null, 2, null, 0.6, 166.6666666667, false],
    ]);
  });

  it('has no conversions by region and by hour, rather than those on Meta alone', async () => {
    const part = (more: StagingRow) =>
      quiet({ date: '2026-01-05', campaign_id: '9', spend: '1', purchases: '3', ...more });
    const rows = await curatedRows(
      {
        'insights_region_day/1/2026-01': [part({ region: 'Tokyo' })],
        'insights_device_day/1/2026-01': [part({ device_platform: null })],
      },
      `select dimension, value, conversions, cpa, roas, conversions_told from audience_insights_aggregated
        where period = 'lifetime' order by dimension`,
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['device', 'not told', '3', 0.3333333333, 0, 'all'],
      ['region', 'Tokyo', null, null, null, 'on_meta_only'],
    ]);
  });
});
