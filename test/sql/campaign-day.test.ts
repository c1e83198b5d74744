import { describe, expect, it } from 'vitest';
import { quiet } from '../helpers/curated-lake.ts';
import { curatedRows } from '../helpers/curated-rows.ts';

const CAMPAIGN = '120210000000000017';

describe('the 28-day figures of campaign_day', () => {
  it('cover 28 days and not 28 rows: a gap of days takes nothing in from before it', async () => {
    const day = (date: string, spend: string) => quiet({ date, campaign_id: CAMPAIGN, spend });
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          day('2026-01-01', '1'),
          day('2026-01-28', '10'),
          day('2026-01-29', '100'),
        ],
        'insights_campaign_day/1/2026-03': [day('2026-03-01', '1000')],
      },
      'select date, spend_28d from campaign_day order by date',
    );
    expect(rows).toEqual([
      { date: '2026-01-01', spend_28d: '1' },
      { date: '2026-01-28', spend_28d: '11' },
      { date: '2026-01-29', spend_28d: '110' },
      { date: '2026-03-01', spend_28d: '1000' },
    ]);
  });

  it('divide sums by sums, and never mix campaigns', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({ date: '2026-01-01', campaign_id: '1', spend: '1', purchase_value: '9' }),
          quiet({ date: '2026-01-02', campaign_id: '1', spend: '3', purchase_value: '1' }),
          quiet({ date: '2026-01-02', campaign_id: '2', spend: '50', purchase_value: '500' }),
        ],
      },
      "select roas, roas_28d from campaign_day where campaign_id = '1' and date = '2026-01-02'",
    );
    expect(rows).toEqual([{ roas: 0.3333333333, roas_28d: 2.5 }]);
  });

  it('are unknown, and no part of a sum, while a figure of one of the days is unknown', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({ date: '2026-01-01', campaign_id: '1', purchases: null, clicks: 4 }),
          quiet({ date: '2026-01-02', campaign_id: '1', purchases: '2', clicks: 5 }),
        ],
      },
      'select conversions, conversions_28d, clicks_28d from campaign_day order by date',
    );
    expect(rows).toEqual([
      { conversions: null, conversions_28d: null, clicks_28d: 4 },
      { conversions: '2', conversions_28d: null, clicks_28d: 9 },
    ]);
  });

  it('add money to the last digit', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': Array.from({ length: 28 }, (_, index) =>
          quiet({
            date: `2026-01-${String(index + 1).padStart(2, '0')}`,
            campaign_id: '1',
            spend: '999999999999.000001',
          }),
        ),
      },
      "select spend_28d from campaign_day where date = '2026-01-28'",
    );
    expect(rows).toEqual([{ spend_28d: '27999999999972.000028' }]);
  });
});

describe('the ratios of campaign_day', () => {
  it('are unknown when there is nothing to divide by', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({ date: '2026-01-01', campaign_id: '1', purchases: '1', purchase_value: '20' }),
        ],
      },
      'select cpc, cpm, ctr, roas, roas_28d, conversions, purchase_value from campaign_day',
    );
    expect(rows).toEqual([
      {
        cpc: null,
        cpm: null,
        ctr: null,
        roas: null,
        roas_28d: null,
        conversions: '1',
        purchase_value: '20',
      },
    ]);
  });

  it('are a fraction for ctr and per thousand for cpm', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({
            date: '2026-01-01',
            campaign_id: '1',
            spend: '4',
            impressions: 1000,
            clicks: 16,
            purchase_value: '10',
          }),
        ],
      },
      'select cpc, cpm, ctr, roas from campaign_day',
    );
    expect(rows).toEqual([{ cpc: 0.25, cpm: 4, ctr: 0.016, roas: 2.5 }]);
  });
});

describe('is_settled', () => {
  it('is true from the 28th day after the day on', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({ date: '2026-01-01', campaign_id: '1', pulled_on: '2026-01-28' }),
          quiet({ date: '2026-01-02', campaign_id: '1', pulled_on: '2026-01-30' }),
        ],
      },
      'select date, is_settled from campaign_day order by date',
    );
    expect(rows).toEqual([
      { date: '2026-01-01', is_settled: false },
      { date: '2026-01-02', is_settled: true },
    ]);
  });
});

describe('names in campaign_day', () => {
  const facts = [
    quiet({ date: '2026-01-01', campaign_id: '1', campaign_name: 'first' }),
    quiet({ date: '2026-01-03', campaign_id: '1', campaign_name: 'newest' }),
    quiet({ date: '2026-01-02', campaign_id: '1', campaign_name: null }),
  ];

  it('are the one the campaign itself has', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': facts,
        'campaigns/1/all': [
          { account_id: '1', campaign_id: '1', campaign_name: 'O\'Hara, "x"\n😀' },
        ],
      },
      'select distinct campaign_name from campaign_day',
    );
    expect(rows).toEqual([{ campaign_name: 'O\'Hara, "x"\n😀' }]);
  });

  it('else the newest that rows carried', async () => {
    const rows = await curatedRows(
      { 'insights_campaign_day/1/2026-01': facts },
      'select distinct campaign_name from campaign_day',
    );
    expect(rows).toEqual([{ campaign_name: 'newest' }]);
  });

  it('else say that the name is not known', async () => {
    const rows = await curatedRows(
      { 'insights_campaign_day/1/2026-01': [quiet({ date: '2026-01-01', campaign_id: CAMPAIGN })] },
      'select account_name, campaign_name, campaign_id from campaign_day',
    );
    expect(rows).toEqual([
      {
        account_name: 'unknown account 1',
        campaign_name: `unknown campaign ${CAMPAIGN}`,
        campaign_id: CAMPAIGN,
      },
    ]);
  });
});

describe('ad_day', () => {
  it('takes the ids above the ad from the ad when the row does not carry them', async () => {
    const rows = await curatedRows(
      {
        'insights_ad_day/1/2026-01': [
          quiet({ date: '2026-01-01', ad_id: '31', spend: '1', quality_ranking: 'AVERAGE' }),
          quiet({ date: '2026-01-01', ad_id: '32', campaign_id: '1', ad_set_id: '21' }),
          quiet({ date: '2026-01-01', ad_id: '33' }),
          quiet({ date: '2026-01-02', ad_id: '31', spend: '2' }),
        ],
        'ads/1/all': [
          { account_id: '1', ad_id: '31', ad_name: 'An ad', ad_set_id: '21', campaign_id: '1' },
        ],
        'ad_sets/1/all': [{ account_id: '1', ad_set_id: '21', ad_set_name: 'A set' }],
        'campaigns/1/all': [{ account_id: '1', campaign_id: '1', campaign_name: 'A campaign' }],
      },
      `select date, ad_id, ad_name, ad_set_name, campaign_id, campaign_name, spend_28d, quality_ranking
       from ad_day order by date, ad_id`,
    );
    expect(rows.map((row) => Object.values(row))).toEqual([
      ['2026-01-01', '31', 'An ad', 'A set', '1', 'A campaign', '1', 'AVERAGE'],
      ['2026-01-01', '32', 'unknown ad 32', 'A set', '1', 'A campaign', '0', null],
      ['2026-01-01', '33', 'unknown ad 33', null, null, null, '0', null],
      ['2026-01-02', '31', 'An ad', 'A set', '1', 'A campaign', '3', null],
    ]);
  });
});
