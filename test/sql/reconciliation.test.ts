import { describe, expect, it } from 'vitest';
import { quiet, type StagingRow } from '../helpers/curated-lake.ts';
import { curatedRows } from '../helpers/curated-rows.ts';

const DATE = '2026-01-05';
const account = (more: StagingRow) => quiet({ date: DATE, ...more });
const campaign = (id: string, more: StagingRow) => quiet({ date: DATE, campaign_id: id, ...more });
const ad = (id: string, ofCampaign: string, more: StagingRow) =>
  quiet({ date: DATE, campaign_id: ofCampaign, ad_set_id: '5', ad_id: id, ...more });

const judged = (metric: string) =>
  `select level, account_value, level_value, difference, allowed_difference, is_within, reason
    from reconciliation_day where metric = '${metric}' order by level`;

function rowsFor(
  metric: string,
  files: Readonly<Record<string, readonly StagingRow[]>>,
): Promise<readonly (readonly unknown[])[]> {
  const named = Object.entries(files).map(([name, rows]) => [
    `insights_${name}_day/1/2026-01`,
    rows,
  ]);
  return curatedRows(Object.fromEntries(named), judged(metric)).then((rows) =>
    rows.map((row) => Object.values(row)),
  );
}

describe('reconciliation_day', () => {
  it('allows half a cent for each figure of money, and no more', async () => {
    const files = (spend: string) => ({
      account: [account({ spend })],
      campaign: [campaign('1', { spend: '1.00' }), campaign('2', { spend: '2.00' })],
    });
    expect(await rowsFor('spend', files('3.01'))).toEqual([
      ['ad', '3.01', null, null, null, null, 'no rows at this level'],
      ['ad_set', '3.01', null, null, null, null, 'no rows at this level'],
      ['campaign', '3.01', '3', '0.01', '0.015', true, 'rounding'],
    ]);
    expect((await rowsFor('spend', files('3.02')))[2]).toEqual([
      ...['campaign', '3.02', '3', '0.02', '0.015', false, 'not explained'],
    ]);
    expect((await rowsFor('spend', files('3')))[2]?.slice(3)).toEqual(['0', '0.015', true, null]);
  });

  it('knows currencies without a smaller unit, where half of one is allowed', async () => {
    const rows = await rowsFor('spend', {
      account: [account({ spend: '101', currency: 'JPY' })],
      campaign: [campaign('1', { spend: '100', currency: 'JPY' })],
    });
    expect(rows[2]).toEqual(['campaign', '101', '100', '1', '1', true, 'rounding']);
  });

  it('allows counts to differ by what a campaign has that no ad of it is listed for', async () => {
    const rows = await rowsFor('impressions', {
      account: [account({ impressions: 150 })],
      campaign: [campaign('1', { impressions: 100 }), campaign('2', { impressions: 50 })],
      ad: [ad('8', '1', { impressions: 90 }), ad('9', '1', { impressions: 10 })],
    });
    expect(rows[0]).toEqual([
      ...['ad', '150', '100', '50', '50', true, 'objects that the level no longer lists'],
    ]);
    expect(rows[2]?.slice(3)).toEqual(['0', '0', true, null]);
  });

  it('does not judge figures that were asked for on different days and still change', async () => {
    const files = (pulled_on: string) => ({
      account: [account({ clicks: 12 })],
      campaign: [campaign('1', { clicks: 10, pulled_on })],
    });
    expect((await rowsFor('clicks', files('2026-01-11')))[2]?.slice(3)).toEqual([
      ...['2', null, null, 'asked on different days, and not settled'],
    ]);
    expect((await rowsFor('clicks', files('2026-02-20')))[2]?.slice(3)).toEqual([
      ...['2', '0', false, 'not explained'],
    ]);
    const bought = (pulled_on: string) => ({
      account: [account({ purchases: '12' })],
      campaign: [campaign('1', { purchases: '10', pulled_on })],
    });
    expect((await rowsFor('conversions', bought('2026-01-20')))[2]?.slice(3)).toEqual([
      ...['2', null, null, 'asked on different days, and not settled'],
    ]);
  });

  it('judges what a day of a week ago delivered, to 1 %, also where one level waits for its turn', async () => {
    const files = (found: number, pulled_on: string) => ({
      account: [account({ impressions: 1000, pulled_on: '2026-01-25' })],
      ad: [ad('8', '1', { impressions: found, pulled_on })],
      campaign: [campaign('1', { impressions: 1000, pulled_on: '2026-01-25' })],
    });
    const judgedAd = async (found: number, pulled_on: string) =>
      (await rowsFor('impressions', files(found, pulled_on)))[0]?.slice(3);
    const moved = 'asked on different days, and not settled';
    expect(await judgedAd(990, '2026-01-12')).toEqual(['10', '10', true, moved]);
    expect(await judgedAd(989, '2026-01-12')).toEqual(['11', '10', false, 'not explained']);
    expect(await judgedAd(1000, '2026-01-12')).toEqual(['0', '0', true, null]);
    expect(await judgedAd(500, '2026-01-11')).toEqual(['500', null, null, moved]);
    expect(await judgedAd(990, '2026-01-25')).toEqual(['10', '0', false, 'not explained']);
  });

  it('says when Meta did not tell a figure at one of the levels', async () => {
    const rows = await rowsFor('conversions', {
      account: [account({ purchases: null })],
      campaign: [campaign('1', { purchases: '2' })],
    });
    expect(rows[2]).toEqual([
      ...['campaign', null, '2', null, null, null, 'unknown at one of the levels'],
    ]);
  });
});

describe('pixel_funnel_day', () => {
  it('divides each step by the one before, and tells a day without an event from one not known whole', async () => {
    const day = (date: string) =>
      quiet({
        date,
        campaign_id: '1',
        impressions: 1000,
        link_clicks: 50,
        landing_page_views: 40,
        view_content: '20',
        add_to_cart: '10',
        initiate_checkout: '5',
        purchases: '1',
      });
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          day('2026-01-05'),
          day('2026-01-06'),
          day('2026-01-07'),
        ],
        'pixel_events_hour/1/2026-01': [
          ['2026-01-05T00', '2026-01-11'],
          ['2026-01-05T23', '2026-01-06'],
          ['2026-01-07T23', '2026-01-14'],
        ].map(([hour = '', pulled_on = '']) => ({
          account_id: '1',
          pixel_id: '7',
          hour: `${hour}:00:00-08:00`,
          hour_utc: '2026-01-05T08:00:00Z',
          event: 'PageView',
          count: 30,
          pulled_on,
        })),
      },
      `select click_rate, landing_rate, view_content_rate, add_to_cart_rate, initiate_checkout_rate,
        purchase_rate, click_to_purchase_rate, pixel_page_views, pixel_purchases
        from pixel_funnel_day order by date`,
    );
    const rates = [0.05, 0.8, 0.5, 0.5, 0.5, 0.2, 0.02];
    expect(rows.map((row) => Object.values(row))).toEqual([
      [...rates, 60, 0],
      [...rates, null, null],
      [...rates, null, null],
    ]);
  });
});
