import { describe, expect, it } from 'vitest';
import { REPORT_DATASETS } from '../../src/imports/datasets.ts';
import { modelSql, tablesIn } from '../../src/model.ts';
import { derivedViews } from '../../src/query/views.ts';
import type { Lake } from '../../src/zone.ts';
import {
  curator,
  putStaging,
  quiet,
  type StagingFiles,
  type StagingRow,
} from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { rowsOf } from '../helpers/world.ts';

const DAY = '2026-03-02';

function report(platform: string, more: StagingRow): StagingRow {
  return {
    platform,
    account_id: '1',
    account_name: 'Exported account',
    date_start: DAY,
    date_stop: DAY,
    level: 'campaign',
    object_key: '11',
    occurrence: 1,
    currency: 'USD',
    spend: '1',
    impressions: 10,
    clicks: 1,
    pulled_on: '2026-03-03',
    ...more,
  };
}

function prefer(row: StagingRow): StagingFiles {
  return { 'preferences/all/all': [{ subject: '', ...row }] };
}

/** A lake in which a table is made, and `ad_performance_day`. */
async function built(files: StagingFiles, asked = 'ad_performance_day'): Promise<Lake> {
  const lake = temporaryLake();
  putStaging(lake, files);
  await curator(lake)({ tables: ['ad_performance_day', asked] });
  return lake;
}

async function table(lake: Lake, columns: string, where = 'true', name = 'ad_performance_day') {
  const rows = await rowsOf(lake, `select ${columns} from ${name} where ${where} order by all`);
  return rows.map((row) => Object.values(row));
}

describe('ad_performance_day: one level of one source for each day of an account', () => {
  const ad = (id: string, spend: string | null) =>
    quiet({ date: DAY, campaign_id: '11', ad_set_id: '21', ad_id: id, spend });
  const campaign = (spend: string) => quiet({ date: DAY, campaign_id: '11', spend });

  it.each([
    ['the finest whose spend is that of the fullest', ['6', '4'], '10', 'ad', '10'],
    ['within what rounding explains', ['6', '3.99'], '10', 'ad', '9.99'],
    ['the coarser one when the finer lacks spend', ['6', '3.9'], '10', 'campaign', '10'],
    ['the finer one when the coarser lacks spend', ['6', '4'], '8', 'ad', '10'],
    ['the coarser one when a finer spend is unknown', ['10', null], '10', 'campaign', '10'],
  ])('%s', async (_, ads, total, level, spend) => {
    const lake = await built({
      'insights_ad_day/1/2026-03': ads.map((each, index) => ad(String(31 + index), each)),
      'insights_campaign_day/1/2026-03': [campaign(total)],
    });
    expect(await table(lake, 'level, sum(spend) as spend', 'true group by level')).toEqual([
      [level, spend],
    ]);
  });

  it('chooses for each day anew', async () => {
    const next = { date: '2026-03-03' };
    const lake = await built({
      'insights_ad_day/1/2026-03': [ad('31', '10')],
      'insights_campaign_day/1/2026-03': [campaign('10'), { ...campaign('7'), ...next }],
    });
    expect(await table(lake, 'date_day, level, spend')).toEqual([
      [DAY, 'ad', '10'],
      ['2026-03-03', 'campaign', '7'],
    ]);
  });

  it('takes rows of an account that a file does not name as those of the account that has their ids', async () => {
    const unnamed = (more: StagingRow) => report('google', { account_id: 'unknown', ...more });
    const known = (more: StagingRow) => report('google', { account_id: '7', ...more });
    const before = { date_start: '2026-03-01', date_stop: '2026-03-01' };
    const lake = await built({
      'google_insights/7/2026-03': [known({ object_key: '11', campaign_id: '11', spend: '10' })],
      'google_report/7/2026-03': [
        known({ ...before, object_key: '11', campaign_id: '11', spend: '5' }),
      ],
      'google_report/unknown/2026-03': [
        unnamed({ object_key: '11', campaign_id: '11', spend: '9' }),
        unnamed({ ...before, object_key: '11', campaign_id: '11', spend: '4' }),
        unnamed({ ...before, object_key: '12', campaign_id: '12', spend: '3' }),
        unnamed({ ...before, object_key: '["Named"]', campaign_name: 'Named', spend: '2' }),
      ],
      'meta_report/name-ab12/2026-03': [
        report('meta', {
          account_id: 'name-ab12',
          object_key: '31',
          level: 'ad',
          ad_id: '31',
          spend: '1',
        }),
      ],
      'ads/1/all': [{ account_id: '1', ad_id: '31', campaign_id: '21' }],
    });
    expect(await table(lake, 'account_id, date_day, source_relation, object_key, spend')).toEqual([
      ['1', DAY, 'meta_export', '31', '1'],
      ['7', '2026-03-01', 'google_export', '11', '5'],
      ['7', DAY, 'google_api', '11', '10'],
      ['unknown', '2026-03-01', 'google_export', '12', '3'],
      ['unknown', '2026-03-01', 'google_export', '["Named"]', '2'],
    ]);
  });

  it('takes rows by country of an account that a file does not name in the same way', async () => {
    const german = { level: 'campaign', country: 'DE' };
    const known = (more: StagingRow) => report('google', { ...german, account_id: '7', ...more });
    const unnamed = (more: StagingRow) => known({ account_id: 'unknown', ...more });
    const lake = await built(
      {
        'google_report/7/2026-03': [known({ object_key: '11', campaign_id: '11', spend: '5' })],
        'google_report/unknown/2026-03': [
          unnamed({ object_key: '11', campaign_id: '11', spend: '4' }),
          unnamed({ object_key: '11', campaign_id: '11', country: 'FR', spend: '3' }),
          unnamed({ object_key: '12', campaign_id: '12', spend: '2' }),
          unnamed({ object_key: '11', campaign_id: '11', age: '18-24', spend: '1' }),
        ],
      },
      'country_performance_day',
    );
    const columns = 'account_id, campaign_key, country, spend';
    expect(await table(lake, columns, 'true', 'country_performance_day')).toEqual([
      ['7', '11', 'DE', '5'],
      ['7', '11', 'FR', '3'],
      ['unknown', '12', 'DE', '2'],
    ]);
  });

  it('takes what was pulled before what was exported, and exports on days of which nothing was pulled', async () => {
    const files: StagingFiles = {
      'insights_campaign_day/1/2026-03': [campaign('10')],
      'meta_report/1/2026-03': [
        report('meta', { level: 'ad', object_key: '31', ad_id: '31', spend: '9' }),
        report('meta', { date_start: '2026-03-01', date_stop: '2026-03-01', spend: '5' }),
      ],
    };
    const lake = await built(files);
    expect(await table(lake, 'date_day, source_relation, spend')).toEqual([
      ['2026-03-01', 'meta_export', '5'],
      [DAY, 'meta_api', '10'],
    ]);
    for (const subject of ['meta', '']) {
      const other = await built({
        ...files,
        ...prefer({ name: 'prefer', subject, value: 'exports' }),
      });
      expect(await table(other, 'source_relation, spend', `date_day = '${DAY}'`)).toEqual([
        ['meta_export', '9'],
      ]);
    }
  });

  it('leaves out periods of several days and the parts of a breakdown', async () => {
    const lake = await built(
      {
        'google_report/1/2026-03': [
          report('google', { spend: '10' }),
          report('google', { date_stop: '2026-03-08', spend: '70' }),
          report('google', { country: 'US', spend: '6' }),
          report('google', { device_platform: 'mobile', spend: '10' }),
          report('google', { segment: 'network=search', spend: '10' }),
        ],
      },
      'country_performance_day',
    );
    expect(await table(lake, 'spend')).toEqual([['10']]);
    expect(await table(lake, 'country, spend', 'true', 'country_performance_day')).toEqual([
      ['US', '6'],
    ]);
  });

  it('counts purchases for Meta and what a platform calls conversions for the others', async () => {
    const both = { conversions: '9', conversion_value: '90', purchases: '2', purchase_value: '20' };
    const lake = await built({
      'meta_report/1/2026-03': [report('meta', both)],
      'google_report/1/2026-03': [report('google', both)],
      'tiktok_report/1/2026-03': [report('tiktok', { purchases: '3', purchase_value: '30' })],
    });
    expect(
      await table(lake, 'platform, conversions, conversions_value, conversions_source'),
    ).toEqual([
      ['google', '9', '90', 'conversions'],
      ['meta', '2', '20', 'purchases'],
      ['tiktok', '3', '30', 'purchases'],
    ]);
  });

  it('makes dollars at the rate of the day or the last within 7 days before, else none and says why', async () => {
    const on = (date: string, currency: string | null) =>
      report('x', { date_start: date, date_stop: date, object_key: date, currency, spend: '10' });
    const lake = await built({
      'fx_rates/all/all': [
        { date: '2026-03-06', currency: 'EUR', usd_per_unit: '1.1' },
        { date: '2026-03-07', currency: 'EUR', usd_per_unit: '1.25' },
      ],
      'x_report/1/2026-03': [
        on('2026-03-05', 'EUR'),
        on('2026-03-06', 'EUR'),
        on('2026-03-14', 'EUR'),
        on('2026-03-15', 'EUR'),
        on('2026-03-16', 'USD'),
        on('2026-03-17', null),
      ],
    });
    expect(await table(lake, 'date_day, spend_usd, fx_date, fx_note')).toEqual([
      ['2026-03-05', null, null, 'no rate for EUR on or within 7 days before 2026-03-05'],
      ['2026-03-06', '11', '2026-03-06', null],
      ['2026-03-14', '12.5', '2026-03-07', null],
      ['2026-03-15', null, null, 'no rate for EUR on or within 7 days before 2026-03-15'],
      ['2026-03-16', '10', null, null],
      ['2026-03-17', null, null, 'currency unknown'],
    ]);
  });

  it('takes an address apart', async () => {
    const url = 'https://shop.example/a/b?utm_source=x&y=1#top';
    const lake = await built({
      'x_report/1/2026-03': [
        report('x', { landing_page_url: url }),
        report('x', { landing_page_url: 'https://shop.example', object_key: '12' }),
      ],
    });
    expect(await table(lake, 'base_url, url_host, url_path')).toEqual([
      ['https://shop.example', 'shop.example', null],
      ['https://shop.example/a/b', 'shop.example', '/a/b'],
    ]);
  });

  it.each(['report_rows', 'country_performance_day'])(
    '%s reads the exports of every platform there is a mapping of',
    (name) => {
      const readBy = (layer: 'intermediate' | 'curated', name: string): readonly string[] =>
        tablesIn(modelSql({ layer, name })).map((each) => each.name);
      expect(readBy(name === 'report_rows' ? 'intermediate' : 'curated', name)).toContain(
        'reports',
      );
      const read = readBy('intermediate', 'reports');
      const missing = REPORT_DATASETS.filter((dataset) => !read.includes(dataset.name));
      expect(missing.map((dataset) => dataset.name)).toEqual([]);
    },
  );
});

describe('views over it', () => {
  it('sum what adds up, at every grain, and know no more than their rows', async () => {
    const row = (id: string, more: StagingRow) =>
      report('google', {
        level: 'ad',
        object_key: id,
        ad_id: id,
        campaign_id: '11',
        ad_set_id: '21',
        ...more,
      });
    const lake = await built({
      'google_report/1/2026-03': [
        row('31', {
          spend: '6',
          clicks: 3,
          impressions: 100,
          conversions: '2',
          conversion_value: '30',
        }),
        row('32', { spend: '4', clicks: 2, impressions: 300, conversions: null }),
      ],
    });
    for (const [view, key] of [
      ['account_performance_day', 'account_id'],
      ['campaign_performance_day', 'campaign_id'],
      ['ad_group_performance_day', 'ad_group_id'],
      ['url_performance_day', 'account_id'],
      ['account_performance_month', 'account_id'],
    ] as const) {
      const rows = await table(lake, `${key}, spend, clicks, conversions, ctr, roas`, 'true', view);
      const id = { account_id: '1', campaign_id: '11', ad_group_id: '21' }[key];
      expect(rows, view).toEqual([[id, '10', 5, null, 0.0125, null]]);
    }
  });

  it('are there in an empty lake, and listed', async () => {
    const lake = await built({});
    const names = (await rowsOf(lake, 'show tables')).map((row) => row.name);
    for (const { name } of derivedViews()) {
      expect(names).toContain(name);
      expect(await table(lake, '*', 'true', name), name).toEqual([]);
    }
  });
});

describe('channel_day', () => {
  const channels = (files: StagingFiles) => built(files, 'channel_day');
  const spend = (platform: string, date: string, more: StagingRow = {}) =>
    report(platform, { date_start: date, date_stop: date, spend: '10', ...more });
  const order = (id: string, at: string, more: StagingRow = {}): StagingRow => ({
    source: 'shop',
    order_id: id,
    ordered_at: at,
    day: at.slice(0, 10),
    amount: '100',
    currency: 'USD',
    customer_type: 'new',
    is_sold: true,
    batch_id: 'b',
    pulled_on: '2026-03-09',
    ...more,
  });

  it('cuts orders into the days of the account that spent most, unless a preference names the zone', async () => {
    const files: StagingFiles = {
      'google_report/1/2026-03': [
        spend('google', '2026-03-01', { timezone: 'America/Los_Angeles' }),
        spend('google', '2026-03-02', { timezone: 'America/Los_Angeles' }),
        spend('google', '2026-03-03', { timezone: 'America/Los_Angeles' }),
      ],
      'tiktok_report/1/2026-03': [spend('tiktok', '2026-03-02', { timezone: 'Asia/Tokyo' })],
      'orders/all/2026-03': [
        order('1', '2026-03-02T20:00:00Z'),
        order('2', '2026-03-02T07:59:59Z'),
      ],
    };
    const lake = await channels(files);
    const columns = 'date, orders, day_zone';
    expect(await table(lake, columns, "channel = 'google'", 'channel_day')).toEqual([
      ['2026-03-01', 1, 'America/Los_Angeles'],
      ['2026-03-02', 1, 'America/Los_Angeles'],
      ['2026-03-03', null, null],
    ]);
    const other = await channels({
      ...files,
      ...prefer({ name: 'timezone', value: 'Asia/Tokyo' }),
    });
    expect(await table(other, columns, "channel = 'google'", 'channel_day')).toEqual([
      ['2026-03-01', null, null],
      ['2026-03-02', 1, 'Asia/Tokyo'],
      ['2026-03-03', 1, 'Asia/Tokyo'],
    ]);
  });

  it('has the conversions that came in by campaign while ads waited for their day of the week', async () => {
    const bought = (purchases: string | null, pulled_on: string) => ({
      ...{ date: DAY, campaign_id: '11', spend: '10', pulled_on },
      ...{ purchases, purchase_value: purchases === null ? null : `${purchases}0` },
    });
    const figures = async (ofAd: StagingRow, ofCampaign: StagingRow) => {
      const lake = await channels({
        'insights_ad_day/1/2026-03': [quiet({ ad_set_id: '21', ad_id: '31', ...ofAd })],
        'insights_campaign_day/1/2026-03': [quiet(ofCampaign)],
        'google_insights/2/2026-03': [spend('google', DAY, { account_id: '2' })],
      });
      const columns = 'attributed_conversions, attributed_value_usd, spend_usd';
      const ads = await table(lake, 'level, conversions', "platform = 'meta'");
      expect(ads, 'ads stay as they were asked for').toEqual([['ad', ofAd.purchases]]);
      return table(lake, columns, "channel = 'meta'", 'channel_day');
    };
    const then = bought('2', '2026-03-10');
    expect(await figures(then, bought('3', '2026-03-13'))).toEqual([['3', '30', '10']]);
    expect(await figures(then, bought('3', '2026-03-10'))).toEqual([['2', '20', '10']]);
    expect(await figures(then, bought('1', '2026-03-09'))).toEqual([['2', '20', '10']]);
    expect(await figures(then, bought(null, '2026-03-13'))).toEqual([['2', '20', '10']]);
  });

  it('counts payments only where no shop is, unless a preference says otherwise', async () => {
    const files: StagingFiles = {
      'google_report/1/2026-03': [spend('google', DAY)],
      'orders/all/2026-03': [
        order('1', `${DAY}T12:00:00Z`),
        order('2', `${DAY}T12:00:00Z`, { source: 'stripe', amount: '7' }),
        order('3', `${DAY}T12:00:00Z`, { is_sold: false }),
      ],
    };
    const revenue = async (more: StagingFiles) =>
      table(await channels({ ...files, ...more }), 'revenue_usd', 'true', 'channel_day');
    expect(await revenue({})).toEqual([['100']]);
    const counted = { name: 'revenue_source', subject: 'stripe', value: 'count' };
    expect(await revenue({ 'preferences/all/all': [counted] })).toEqual([['107']]);
    const alone = { 'orders/all/2026-03': [order('2', `${DAY}T12:00:00Z`, { source: 'stripe' })] };
    expect(await revenue(alone)).toEqual([['100']]);
  });

  it('has no total where a channel, an order or a kind of customer is unknown', async () => {
    const lake = await channels({
      'google_report/1/2026-03': [spend('google', DAY), spend('google', '2026-03-03')],
      'tiktok_report/1/2026-03': [spend('tiktok', DAY, { currency: 'EUR' })],
      'orders/all/2026-03': [
        order('1', `${DAY}T12:00:00Z`, { customer_type: null }),
        order('2', '2026-03-03T12:00:00Z', { currency: 'EUR' }),
        order('3', '2026-03-03T13:00:00Z'),
      ],
    });
    const columns =
      'date, channel, spend_usd, total_spend_usd, mer, new_customers, new_customer_cac, revenue_usd, revenue_note';
    expect(await table(lake, columns, 'true', 'channel_day')).toEqual([
      [DAY, 'google', '10', null, null, null, null, '100', null],
      [DAY, 'tiktok', null, null, null, null, null, '100', null],
      [
        ...['2026-03-03', 'google', '10', '10', null, 2, 5, null],
        'no rate for EUR on or within 7 days before 2026-03-03',
      ],
    ]);
  });
});
