import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, it } from 'vitest';
import { robynTable } from '../../src/exports/robyn.ts';
import { spreadsheetCsv } from '../../src/exports/spreadsheet.ts';
import type { ExportTable } from '../../src/exports/table.ts';
import { adlake } from '../helpers/command-line.ts';
import { curator, putStaging, type StagingRow } from '../helpers/curated-lake.ts';
import { keptLake } from '../helpers/lake.ts';

const lake = keptLake();

function adOn(date: string, id: string, more: StagingRow): StagingRow {
  return {
    platform: 'google',
    account_id: '1',
    account_name: 'Synthetic, account',
    date_start: date,
    date_stop: date,
    level: 'ad',
    object_key: id,
    occurrence: 1,
    campaign_id: '11',
    ad_set_id: '21',
    ad_id: id,
    currency: 'EUR',
    timezone: 'Europe/Berlin',
    pulled_on: '2026-04-30',
    ...more,
  };
}

beforeAll(async () => {
  putStaging(lake, {
    'fx_rates/all/all': [{ date: '2026-03-01', currency: 'EUR', usd_per_unit: '2' }],
    'google_report/1/2026-03': [
      adOn('2026-03-01', '31', {
        spend: '10',
        impressions: 200,
        clicks: 10,
        conversions: '2',
        conversion_value: '25',
        headline: 'Old',
      }),
      adOn('2026-03-03', '31', {
        spend: '30',
        impressions: 600,
        clicks: 10,
        conversions: '2',
        conversion_value: '75',
        headline: '=HYPERLINK("x")',
        status: '-ENABLED',
        landing_page_url: 'https://shop.example/',
      }),
      adOn('2026-03-03', '32', {
        spend: '0.50',
        impressions: 100,
        clicks: 0,
        conversions: '0',
        conversion_value: '0',
      }),
    ],
    'tiktok_report/7/2026-03': [
      {
        ...adOn('2026-03-02', '71', { spend: '4', impressions: 40 }),
        platform: 'tiktok',
        account_id: '7',
        currency: 'USD',
      },
    ],
    'revenue/all/2026-03': [
      {
        day: '2026-03-01',
        source: 's',
        currency: 'USD',
        amount: '100',
        batch_id: 'b',
        pulled_on: '2026-04-30',
      },
      {
        day: '2026-03-03',
        source: 's',
        currency: 'USD',
        amount: '50',
        batch_id: 'b',
        pulled_on: '2026-04-30',
      },
    ],
  });
  await curator(lake)({ tables: ['ad_performance_day', 'channel_day'] });
});

async function exported(...args: readonly string[]): Promise<readonly Record<string, string>[]> {
  const outcome = await adlake(['export', ...args, '--lake', lake.home]);
  expect(outcome.stderr).toBe('');
  return parse(outcome.stdout, { columns: true }) as Record<string, string>[];
}

describe('adlake export ads', () => {
  it('has the columns that people exchange, one row an ad, sums over the days and the newest texts', async () => {
    const [first, second, third, ...others] = await exported('ads');
    expect(others).toEqual([]);
    expect(first).toEqual({
      ad_id: '31',
      platform: 'google',
      account_id: '1',
      campaign_id: '11',
      ad_group_id: '21',
      headline: '\'=HYPERLINK("x")',
      description: '',
      cta: '',
      image_url: '',
      video_url: '',
      landing_page_url: 'https://shop.example/',
      start_date: '2026-03-01',
      end_date: '2026-03-03',
      status: "'-ENABLED",
      impressions: '800',
      clicks: '20',
      ctr: '0.025',
      spend: '40',
      conversions: '4',
      conversion_rate: '0.2',
      cpa: '10',
      roas: '2.5',
      relevance_score: '',
      quality_score: '',
    });
    expect([second?.ad_id, second?.spend, second?.cpa, second?.roas]).toEqual([
      '32',
      '0.5',
      '',
      '0',
    ]);
    expect([third?.platform, third?.clicks, third?.ctr]).toEqual(['tiktok', '', '']);
  });

  it('keeps to the days that were asked for, both ends included', async () => {
    const rows = await exported('ads', '--since', '2026-03-01', '--until', '2026-03-02');
    expect(rows.map((row) => [row.ad_id, row.spend, row.headline])).toEqual([
      ['31', '10', 'Old'],
      ['71', '4', ''],
    ]);
  });
});

describe('adlake export accounts', () => {
  it('has a row for each account and day, with how many campaigns and ads it knows', async () => {
    const path = join(lake.home, 'accounts.csv');
    const outcome = await adlake(['export', 'accounts', '--out', path, '--lake', lake.home]);
    expect(outcome.stdout).toBe(`Wrote 3 rows to ${path}.\n`);
    const rows = parse(readFileSync(path), { columns: true }) as Record<string, string>[];
    expect(rows[1]).toEqual({
      account_id: '1',
      platform: 'google',
      account_name: 'Synthetic, account',
      currency: 'EUR',
      timezone: 'Europe/Berlin',
      date: '2026-03-03',
      daily_spend: '30.5',
      daily_impressions: '700',
      daily_clicks: '10',
      daily_conversions: '2',
      daily_revenue: '75',
      daily_roas: '2.4590163934',
      campaign_count: '1',
      ad_count: '2',
    });
  });
});

describe('adlake export robyn', () => {
  it('is wide: a row a day, spend and impressions of each channel in dollars, and what was sold', async () => {
    expect(await exported('robyn')).toEqual([
      {
        DATE: '2026-03-01',
        revenue: '100',
        google_S: '20',
        google_I: '200',
        tiktok_S: '',
        tiktok_I: '',
      },
      {
        DATE: '2026-03-02',
        revenue: '0',
        google_S: '0',
        google_I: '0',
        tiktok_S: '4',
        tiktok_I: '40',
      },
      {
        DATE: '2026-03-03',
        revenue: '50',
        google_S: '61',
        google_I: '700',
        tiktok_S: '',
        tiktok_I: '',
      },
    ]);
  });

  it('fills days on which nothing at all happened, and leaves unknown sales unknown', () => {
    const long: ExportTable = {
      columns: [],
      isPlain: [],
      rows: [
        ['2026-03-01', 'a', '1', '2', '3'],
        ['2026-03-02', 'a', null, '2', '3'],
        ['2026-03-05', 'a', '4', '5', '6'],
      ],
    };
    expect(robynTable(long).rows).toEqual([
      ['2026-03-01', '1', '2', '3'],
      ['2026-03-02', null, '2', '3'],
      ['2026-03-03', '0', '0', '0'],
      ['2026-03-04', '0', '0', '0'],
      ['2026-03-05', '4', '5', '6'],
    ]);
  });
});

describe('a CSV for spreadsheets', () => {
  it.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', ' =1', '\r=1', '＝1', '\u200b=1'])(
    'takes the formula out of %j',
    (text) => {
      const table = { columns: ['a'], isPlain: [false], rows: [[text]] };
      expect(parse(spreadsheetCsv(table))[1]).toEqual([`'${text}`]);
    },
  );

  it('leaves negative numbers, names and unknown cells as they are', () => {
    const table = {
      columns: ['a', 'b', 'c'],
      isPlain: [true, false, false],
      rows: [['-1.50', 'Autumn - sale', null]],
    };
    expect(spreadsheetCsv(table)).toBe('a,b,c\n-1.5,Autumn - sale,\n');
  });
});

it('an export that is none is refused with those that there are', async () => {
  const outcome = await adlake(['export', 'robin', '--lake', lake.home]);
  expect(outcome.exitCode).toBe(78);
  expect(outcome.stderr).toContain('Did you mean robyn');
});
