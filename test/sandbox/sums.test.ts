import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { hundredths, type Json, rows } from './ask.ts';

const SPAN = { time_range: { since: '2026-03-06', until: '2026-03-20' } };
let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
});
afterAll(() => sandbox.close());

/** Sums of a list of rows by some key: impressions, clicks, spend, and every action in every window. */
function sums(list: readonly Json[], key: (row: Json) => string, actions = true) {
  const total: Record<string, number> = {};
  const add = (name: string, value: number) => {
    if (value !== 0) total[name] = (total[name] ?? 0) + value;
  };
  for (const row of list) {
    const at = key(row);
    for (const name of ['impressions', 'clicks', 'spend'])
      add(`${at} ${name}`, hundredths(row[name]));
    for (const name of actions ? ['actions', 'action_values'] : []) {
      for (const action of (row[name] ?? []) as Record<string, string>[]) {
        const { action_type: type, ...numbers } = action;
        for (const [window, value] of Object.entries(numbers)) {
          add(`${at} ${name} ${type} ${window}`, hundredths(value));
        }
      }
    }
  }
  return total;
}

const dayOf = (row: Json) => String(row.date_start);
const campaignDay = (row: Json) => `${row.date_start} ${row.campaign_id}`;

describe('levels', () => {
  test('ads add up to ad sets, ad sets to campaigns, campaigns to the account, exactly', async () => {
    for (const id of sandbox.accountIds) {
      const of = (level: string) => rows(sandbox, `act_${id}`, { ...SPAN, level });
      const [ad, adset, campaign, account] = await Promise.all([
        of('ad'),
        of('adset'),
        of('campaign'),
        of('account'),
      ]);
      expect(account).toHaveLength(15);
      const adSetDay = (row: Json) => `${row.date_start} ${row.adset_id}`;
      expect(sums(ad, adSetDay)).toEqual(sums(adset, adSetDay));
      expect(sums(adset, campaignDay)).toEqual(sums(campaign, campaignDay));
      expect(sums(campaign, dayOf)).toEqual(sums(account, dayOf));
    }
  });

  test('a row of many days is the sum of its days', async () => {
    const path = `act_${sandbox.accountIds[1]}`;
    const daily = await rows(sandbox, path, { ...SPAN, level: 'campaign' });
    const whole = await rows(sandbox, path, {
      ...SPAN,
      level: 'campaign',
      time_increment: 'all_days',
    });
    const id = (row: Json) => String(row.campaign_id);
    expect(sums(daily, id)).toEqual(sums(whole, id));
    expect(whole.every((row) => row.date_stop === '2026-03-20')).toBe(true);
  });

  test('reach is at most impressions, and reach of a campaign is less than that of its ads together', async () => {
    const path = `act_${sandbox.accountIds[0]}`;
    const ads = await rows(sandbox, path, { ...SPAN, level: 'ad' });
    const campaigns = await rows(sandbox, path, { ...SPAN, level: 'campaign' });
    let smaller = 0;
    for (const row of campaigns) {
      const parts = ads.filter((ad) => campaignDay(ad) === campaignDay(row));
      const together = parts.reduce((sum, ad) => sum + Number(ad.reach), 0);
      expect(Number(row.reach)).toBeLessThanOrEqual(Number(row.impressions));
      expect(Number(row.reach)).toBeLessThanOrEqual(together);
      if (Number(row.reach) < together) smaller += 1;
    }
    expect(smaller).toBeGreaterThan(campaigns.length / 2);
  });
});

describe('breakdowns', () => {
  const all = [
    'age',
    'gender',
    'age,gender',
    'country',
    'publisher_platform,platform_position',
    'device_platform',
  ];

  test.each(all)('rows by %s add up to the campaign, conversions too', async (breakdowns) => {
    for (const id of sandbox.accountIds) {
      const whole = await rows(sandbox, `act_${id}`, { ...SPAN, level: 'campaign' });
      const parts = await rows(sandbox, `act_${id}`, { ...SPAN, level: 'campaign', breakdowns });
      expect(parts.length).toBeGreaterThan(whole.length);
      expect(sums(parts, campaignDay)).toEqual(sums(whole, campaignDay));
      for (const name of breakdowns.split(',')) expect(parts[0]).toHaveProperty(name);
    }
  });

  test('no cell has more clicks than impressions, or reaches more people than it has impressions', async () => {
    const path = `act_${sandbox.accountIds[2]}`;
    for (const row of await rows(sandbox, path, {
      ...SPAN,
      level: 'ad',
      breakdowns: 'age,gender',
    })) {
      expect(Number(row.clicks)).toBeLessThanOrEqual(Number(row.impressions));
      expect(Number(row.reach)).toBeLessThanOrEqual(Number(row.impressions));
    }
  });

  test.each(['region', 'hourly_stats_aggregated_by_advertiser_time_zone'])(
    'rows by %s add up, and carry no off-platform conversions',
    async (breakdowns) => {
      const path = `act_${sandbox.accountIds[0]}`;
      const whole = await rows(sandbox, path, { ...SPAN, level: 'campaign' });
      const parts = await rows(sandbox, path, { ...SPAN, level: 'campaign', breakdowns });
      expect(sums(parts, campaignDay, false)).toEqual(sums(whole, campaignDay, false));
      expect(JSON.stringify(parts)).not.toContain('purchase');
      expect(JSON.stringify(parts)).toContain('link_click');
      expect(JSON.stringify(whole)).toContain('purchase');
    },
  );

  test('a day on which the clocks go forward has no hour from 02:00', async () => {
    const breakdowns = 'hourly_stats_aggregated_by_advertiser_time_zone';
    const hours = async (account: number, day: string) => {
      const time_range = { since: day, until: day };
      const path = `act_${sandbox.accountIds[account]}`;
      const found = await rows(sandbox, path, { time_range, level: 'account', breakdowns });
      return found.map((row) => String(row[breakdowns]).slice(0, 2));
    };
    expect(await hours(0, '2026-03-08')).not.toContain('02');
    expect(await hours(0, '2026-03-08')).toHaveLength(23);
    expect(await hours(0, '2026-03-09')).toContain('02');
    expect(await hours(1, '2026-03-08')).toContain('02');
  });
});
