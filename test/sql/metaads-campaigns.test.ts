import { describe, expect, it } from 'vitest';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';
import { curatedRows } from '../helpers/curated-rows.ts';

const DAILY = 'select * from metaads_campaigns_daily order by campaign_id';
const LOG = 'select * from metaads_campaigns_performance_log order by date, campaign_id';

/** An answer about all campaigns for the days up to `until`, asked for on `today`. */
function batch(more: StagingRow): StagingRow {
  return {
    account_id: '1',
    batch_id: '20260301T000000000Z-a',
    dataset: 'insights_campaign_day',
    campaigns_kind: 'all',
    until: '2026-02-28',
    today: '2026-03-01',
    ...more,
  };
}

describe('metaads_campaigns_daily', () => {
  it('is one row per campaign over all days: sums, the greatest reach, ratios of the sums', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({
            date: '2026-01-01',
            campaign_id: '1',
            spend: '10.10',
            impressions: 300,
            clicks: 3,
            reach: 250,
            purchases: '2',
            purchase_value: '30.3',
          }),
        ],
        'insights_campaign_day/1/2026-02': [
          quiet({
            date: '2026-02-01',
            campaign_id: '1',
            spend: '0.02',
            impressions: 100,
            clicks: 1,
            reach: 90,
            purchases: '0.5',
            purchase_value: '0.06',
          }),
        ],
      },
      DAILY,
    );
    expect(rows).toEqual([
      {
        campaign_id: '1',
        campaign_name: 'unknown campaign 1',
        total_spend_usd: '10.12',
        total_impressions: 400,
        total_clicks: 4,
        max_daily_reach: 250,
        is_currently_active: false,
        avg_cpc: 2.53,
        avg_ctr: 0.01,
        total_conversions: '2.5',
        roas: 3,
      },
    ]);
  });

  it('leaves the dollar total unknown, never partial, when a day with spend has no rate', async () => {
    const euro = (date: string, spend: string) =>
      quiet({ account_id: '2', currency: 'EUR', campaign_id: '9', date, spend, clicks: 1 });
    const rates = [{ date: '2026-01-01', currency: 'EUR', usd_per_unit: '1.1' }];
    const select = 'select total_spend_usd, avg_cpc, roas from metaads_campaigns_daily';
    const partial = await curatedRows(
      {
        'insights_campaign_day/2/2026-01': [euro('2026-01-01', '10'), euro('2026-01-20', '10')],
        'fx_rates/all/all': rates,
      },
      select,
    );
    expect(partial).toEqual([{ total_spend_usd: null, avg_cpc: null, roas: 0 }]);
    const whole = await curatedRows(
      {
        'insights_campaign_day/2/2026-01': [euro('2026-01-01', '10'), euro('2026-01-20', '0')],
        'fx_rates/all/all': rates,
      },
      select,
    );
    expect(whole).toEqual([{ total_spend_usd: '11', avg_cpc: 5.5, roas: 0 }]);
  });

  it('counts a campaign without any row as 0, and knows no ratio for it', async () => {
    const rows = await curatedRows(
      { 'campaigns/1/all': [{ account_id: '1', campaign_id: '1', campaign_name: 'New' }] },
      DAILY,
    );
    expect(rows).toEqual([
      {
        campaign_id: '1',
        campaign_name: 'New',
        total_spend_usd: '0',
        total_impressions: 0,
        total_clicks: 0,
        max_daily_reach: 0,
        is_currently_active: false,
        avg_cpc: null,
        avg_ctr: null,
        total_conversions: '0',
        roas: null,
      },
    ]);
  });

  it('knows nothing of a campaign that only its ads tell of', async () => {
    const rows = await curatedRows(
      {
        'insights_ad_day/1/2026-01': [
          quiet({ date: '2026-01-01', campaign_id: '1', ad_id: '31', spend: '5' }),
        ],
      },
      'select campaign_id, total_spend_usd, total_clicks, roas from metaads_campaigns_daily',
    );
    expect(rows).toEqual([
      { campaign_id: '1', total_spend_usd: null, total_clicks: null, roas: null },
    ]);
  });

  it('takes late conversions of a day without delivery into the totals', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({ date: '2026-01-01', campaign_id: '1', spend: '10', impressions: 10 }),
          quiet({ date: '2026-01-02', campaign_id: '1', purchases: '1', purchase_value: '25' }),
        ],
      },
      'select total_conversions, roas from metaads_campaigns_daily',
    );
    expect(rows).toEqual([{ total_conversions: '1', roas: 2.5 }]);
  });
});

describe('is_currently_active', () => {
  const campaign = { account_id: '1', campaign_id: '1', effective_status: 'ACTIVE' };
  const delivering = quiet({ date: '2026-02-22', campaign_id: '1', impressions: 1 });
  const isActive = async (files: StagingFiles) => {
    const base = { 'batches/1/all': [batch({})], 'campaigns/1/all': [campaign] };
    const rows = await curatedRows({ ...base, ...files }, DAILY);
    return rows[0]?.is_currently_active;
  };

  it('is true for a status of ACTIVE and delivery on one of the last 7 complete days', async () => {
    expect(await isActive({ 'insights_campaign_day/1/2026-02': [delivering] })).toBe(true);
  });

  it('is false when the last delivery is older, or the row of the day shows none', async () => {
    const older = quiet({ date: '2026-02-21', campaign_id: '1', impressions: 9, spend: '1' });
    const late = quiet({ date: '2026-02-27', campaign_id: '1', purchases: '3' });
    expect(await isActive({ 'insights_campaign_day/1/2026-02': [older, late] })).toBe(false);
  });

  it('is false for any other status, whatever was delivered', async () => {
    const paused = { ...campaign, effective_status: 'CAMPAIGN_PAUSED' };
    const files = { 'insights_campaign_day/1/2026-02': [delivering] };
    expect(await isActive({ ...files, 'campaigns/1/all': [paused] })).toBe(false);
  });

  it('does not believe ACTIVE after the stop time, which is a day of the account', async () => {
    const files = {
      'insights_campaign_day/1/2026-02': [delivering],
      'ad_accounts/1/all': [
        { account_id: '1', account_name: 'One', timezone_name: 'America/Los_Angeles' },
      ],
    };
    const stopping = (stop_time: string) => ({ 'campaigns/1/all': [{ ...campaign, stop_time }] });
    expect(await isActive({ ...files, ...stopping('2026-02-28T07:59:00Z') })).toBe(false);
    expect(await isActive({ ...files, ...stopping('2026-02-28T08:00:00Z') })).toBe(true);
  });
});

describe('metaads_campaigns_performance_log', () => {
  const days = (account: string, dates: readonly string[], more: StagingRow = {}) =>
    dates.map((date) =>
      quiet({ account_id: account, campaign_id: account, date, spend: '2', clicks: 4, ...more }),
    );
  const dates = ['2026-01-31', '2026-02-01', '2026-02-28', '2026-03-01'];
  const shown = async (files: StagingFiles) =>
    (await curatedRows(files, LOG)).map((row) => `${row.campaign_id} ${row.date}`);

  it('holds the last 28 complete days of each account, both ends included', async () => {
    const files = {
      'insights_campaign_day/1/2026-02': days('1', dates),
      'insights_campaign_day/2/2026-02': days('2', dates),
      'batches/1/all': [batch({})],
      'batches/2/all': [batch({ account_id: '2', until: '2026-02-27', today: '2026-02-28' })],
    };
    expect(await shown(files)).toEqual([
      '2 2026-01-31',
      '1 2026-02-01',
      '2 2026-02-01',
      '1 2026-02-28',
    ]);
  });

  it('does not take a day for complete that was asked for before it ended', async () => {
    const files = {
      'insights_campaign_day/1/2026-02': days('1', dates),
      'batches/1/all': [batch({ until: '2026-03-01', today: '2026-03-01' })],
    };
    expect(await shown(files)).toEqual(['1 2026-02-01', '1 2026-02-28']);
  });

  it('does not count answers about a few campaigns while there are others', async () => {
    const sweep = batch({
      batch_id: 'b',
      campaigns_kind: 'in',
      until: '2026-03-20',
      today: '2026-03-21',
    });
    const facts = { 'insights_campaign_day/1/2026-02': days('1', dates) };
    expect(await shown({ ...facts, 'batches/1/all': [batch({}), sweep] })).toContain(
      '1 2026-02-01',
    );
    expect(await shown({ ...facts, 'batches/1/all': [sweep] })).toEqual([
      '1 2026-02-28',
      '1 2026-03-01',
    ]);
  });

  it('ends with the newest row where nobody knows what was asked', async () => {
    const facts = { 'insights_campaign_day/1/2026-02': days('1', dates) };
    // 2026-03-01 is the newest row, so the 28 days begin on 2026-02-02.
    expect(await shown(facts)).toEqual(['1 2026-02-28', '1 2026-03-01']);
  });

  it('has dollars for spend and cost per click, and the pixel events as they came', async () => {
    const events = '{"Purchase":2,"ViewContent":7}';
    const rows = await curatedRows(
      {
        'insights_campaign_day/2/2026-02': days('2', ['2026-02-28'], {
          currency: 'EUR',
          pixel_events: events,
          reach: 5,
          impressions: 6,
          purchases: '2',
          purchase_value: '9',
        }),
        'fx_rates/all/all': [{ date: '2026-02-27', currency: 'EUR', usd_per_unit: '1.5' }],
      },
      LOG,
    );
    expect(rows).toEqual([
      {
        date: '2026-02-28',
        campaign_id: '2',
        campaign_name: 'unknown campaign 2',
        reach: 5,
        cpc: 0.75,
        spend_usd: '3',
        impressions: 6,
        clicks: 4,
        meta_pixel_events: events,
        conversions: '2',
        roas_daily: 4.5,
      },
    ]);
  });
});
