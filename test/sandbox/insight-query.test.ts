import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { meets, parseFiltering } from '../../src/sandbox/filter.ts';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { actionOf, ask, hundredths, type Json, type Params, rows, withSandbox } from './ask.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
});
afterAll(() => sandbox.close());

const act = (index: number) => `act_${sandbox.accountIds[index]}`;
const WEEK = { since: '2026-03-01', until: '2026-03-07' };
const insights = (index: number, params: Params) =>
  ask(sandbox, `${act(index)}/insights`, { time_range: WEEK, limit: 500, ...params });

describe('filters', () => {
  const OPERATORS: readonly (readonly [string, unknown, string, boolean])[] = [
    ['IN_RANGE', [2, 4], '4', true],
    ['IN_RANGE', [2, 4], '5', false],
    ['NOT_IN_RANGE', [2, 4], '5', true],
    ['CONTAIN', 'SPRING', 'a spring sale', true],
    ['NOT_CONTAIN', 'sale', 'a spring sale', false],
    ['CONTAINS_ANY', ['x', 'sale'], 'a spring sale', true],
    ['CONTAINS_ALL', ['x', 'sale'], 'a spring sale', false],
    ['NOT_CONTAINS_ANY', ['x', 'y'], 'a spring sale', true],
    ['STARTS_WITH', 'A sp', 'a spring sale', true],
    ['ENDS_WITH', 'sale', 'a spring', false],
    ['ANY', ['1', '2'], '2', true],
    ['ALL', ['1', '2'], '2', false],
    ['NONE', ['1', '2'], '2', false],
    ['AFTER', 10, '10', false],
    ['ON_OR_AFTER', 10, '10', true],
    ['BEFORE', 10, '9', true],
    ['ON_OR_BEFORE', 10, '11', false],
  ];

  test.each(OPERATORS)('%s %j and %s: %s', (operator, value, text, expected) => {
    const json = JSON.stringify([{ field: 'name', operator, value }]);
    const [condition] = parseFiltering(json, new Set(['name']));
    expect(condition !== undefined && meets(condition, text)).toBe(expected);
  });

  test('on names and clicks choose rows', async () => {
    const named = [{ field: 'campaign.name', operator: 'CONTAIN', value: 'evergreen' }];
    const fields = 'campaign_name,clicks';
    const { data } = await insights(0, { level: 'campaign', fields, filtering: named });
    expect(data.length).toBeGreaterThan(0);
    for (const row of data) expect(String(row.campaign_name).toLowerCase()).toContain('evergreen');
    const clicked = [{ field: 'campaign.clicks', operator: 'GREATER_THAN', value: 1000 }];
    const some = await insights(0, { level: 'campaign', fields, filtering: clicked });
    const any = [{ field: 'campaign.clicks', operator: 'GREATER_THAN_OR_EQUAL', value: 0 }];
    const all = await insights(0, { level: 'campaign', fields, filtering: any });
    expect(some.data).toEqual(all.data.filter((row) => Number(row.clicks) > 1000));
    expect(some.data.length).toBeLessThan(all.data.length);
  });
});

test('rows can be sorted by an action', async () => {
  const params = { level: 'ad', fields: 'ad_id,actions', sort: ['actions:link_click_descending'] };
  const { data } = await insights(0, params);
  const clicks = data.map((row) => Number(actionOf(row, 'link_click') ?? 0));
  expect(clicks.length).toBeGreaterThan(5);
  expect([...clicks].sort((a, b) => b - a)).toEqual(clicks);
  expect(clicks[0]).toBeGreaterThan(clicks.at(-1) ?? 0);
});

test('a summary is the sum of all rows, whatever the page', async () => {
  const params = { level: 'ad', fields: 'ad_id,spend,impressions', time_increment: 1 };
  const page = await insights(0, { ...params, summary: ['spend', 'impressions'], limit: 3 });
  const all = await insights(0, params);
  const total = (name: string) => all.data.reduce((sum, row) => sum + hundredths(row[name]), 0);
  const summary = page.json.summary as Json;
  expect(hundredths(summary.spend)).toBe(total('spend'));
  expect(hundredths(summary.impressions)).toBe(total('impressions'));
  expect(summary).toMatchObject({ date_start: '2026-03-01', date_stop: '2026-03-07' });
  expect(page.data).toHaveLength(3);
  const byDefault = await insights(0, { ...params, default_summary: 'true' });
  expect(byDefault.json.summary).toEqual(summary);
  expect(all.json).not.toHaveProperty('summary');
});

describe('history', () => {
  const OLD = { since: '2025-02-18', until: '2025-02-22' };
  const fields = 'impressions,reach,frequency,cpp,unique_clicks';

  test('has no people by breakdown more than 13 months back, and people without one', async () => {
    const params = { fields, time_range: OLD, level: 'account' };
    for (const row of await rows(sandbox, act(0), { ...params, breakdowns: 'country' })) {
      const isOld = String(row.date_start) < '2025-02-20';
      for (const name of ['reach', 'frequency', 'unique_clicks']) {
        expect(name in row, `${name} on ${row.date_start}`).toBe(!isOld);
      }
      expect(row).toHaveProperty('impressions');
    }
    for (const row of await rows(sandbox, act(0), params)) expect(row).toHaveProperty('reach');
  });

  test('has no hourly rows more than 13 months back', async () => {
    const found = await rows(sandbox, act(0), {
      fields: 'impressions',
      time_range: OLD,
      level: 'account',
      breakdowns: 'hourly_stats_aggregated_by_advertiser_time_zone',
    });
    expect(new Set(found.map((row) => row.date_start))).toEqual(
      new Set(['2025-02-20', '2025-02-21', '2025-02-22']),
    );
  });
});

test('mixed attribution settings hide values outside Meta when told to, and only then', async () => {
  const ask3 = async (from: Sandbox, level: string) =>
    rows(from, act(1), {
      level,
      fields: 'campaign_id,attribution_setting,actions,action_values,purchase_roas',
      time_range: WEEK,
      time_increment: 'all_days',
    });
  await withSandbox({ today: '2026-03-20', mixedValues: 'hidden' }, async (hidden) => {
    const [shown, hides] = [await ask3(sandbox, 'campaign'), await ask3(hidden, 'campaign')];
    const mixed = hides.filter((row) => row.attribution_setting === 'mixed');
    expect(mixed).toHaveLength(1);
    for (const [place, row] of hides.entries()) {
      if (row.attribution_setting !== 'mixed') expect(row).toEqual(shown[place]);
    }
    const [row = {}] = mixed;
    expect(actionOf(row, 'omni_purchase')).toBeUndefined();
    expect(Number(actionOf(row, 'omni_purchase', 'actions', '7d_click'))).toBeGreaterThan(0);
    expect(Number(actionOf(row, 'link_click'))).toBeGreaterThan(0);
    expect(row).not.toHaveProperty('purchase_roas');
    expect(await ask3(hidden, 'adset')).toEqual(await ask3(sandbox, 'adset'));
  });
});
