import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { actionOf, ask, type Json, rows, WINDOWS } from './ask.ts';

const SPAN = { time_range: { since: '2026-02-01', until: '2026-03-20' }, level: 'campaign' };
let sandbox: Sandbox;
let found: readonly Json[];

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
  const lists = sandbox.accountIds.map((id) => rows(sandbox, `act_${id}`, SPAN));
  found = (await Promise.all(lists)).flat();
});
afterAll(() => sandbox.close());

const KEYS = ['value', ...WINDOWS];

/** The sum of some action types of a row in one column; what is not there counts as 0. */
function sum(row: Json, key: string, ...types: readonly string[]): number {
  return types.reduce((total, type) => total + Number(actionOf(row, type, 'actions', key) ?? 0), 0);
}

describe('aliases', () => {
  test('every alias is the sum of the channels it covers, in every column', () => {
    for (const row of found) {
      for (const key of KEYS) {
        for (const [event, app] of [
          ['purchase', 'purchase'],
          ['view_content', 'content_view'],
          ['add_to_cart', 'add_to_cart'],
        ] as const) {
          const web = sum(row, key, `offsite_conversion.fb_pixel_${event}`);
          const meta = sum(row, key, `onsite_conversion.${event}`);
          const inApp = sum(row, key, `app_custom_event.fb_mobile_${app}`);
          expect(sum(row, key, `omni_${event}`)).toBe(web + meta + inApp);
          expect(sum(row, key, `onsite_web_app_${event}`)).toBe(web + meta + inApp);
          expect(sum(row, key, `onsite_web_${event}`)).toBe(web + meta);
          expect(sum(row, key, `onsite_app_${event}`)).toBe(meta + inApp);
          expect(sum(row, key, event)).toBe(web);
        }
        const leads = ['offsite_conversion.fb_pixel_lead', 'onsite_conversion.lead_grouped'];
        expect(sum(row, key, 'lead')).toBe(sum(row, key, ...leads));
      }
    }
  });

  test('purchases arrive on the web, on Meta and in apps, and some campaigns have custom events', () => {
    const text = JSON.stringify(found);
    for (const type of [
      'offsite_conversion.fb_pixel_purchase',
      'onsite_conversion.purchase',
      'app_custom_event.fb_mobile_purchase',
      'omni_initiated_checkout',
      'omni_complete_registration',
      'offsite_conversion.custom.402941663880776609',
      'offsite_conversion.fb_pixel_custom.SyntheticQuiz',
    ]) {
      expect(text).toContain(`"${type}"`);
    }
  });

  test('engagement adds up as it does on real accounts', () => {
    const parts = ['video_view', 'link_click', 'post_reaction', 'comment', 'post'];
    for (const row of found) {
      const posts = sum(row, 'value', ...parts, 'onsite_conversion.post_save');
      expect(sum(row, 'value', 'post_engagement')).toBe(posts);
      expect(sum(row, 'value', 'page_engagement')).toBe(posts + sum(row, 'value', 'like'));
      expect(sum(row, 'value', 'link_click')).toBe(Number(row.inline_link_clicks ?? 0));
    }
  });
});

describe('attribution windows', () => {
  test('1d_click is within 7d_click, and 7d_click within 28d_click', () => {
    let longer = 0;
    for (const row of found) {
      const [one = 0, seven = 0, all = 0] = WINDOWS.slice(0, 3).map((key) =>
        sum(row, key, 'omni_purchase'),
      );
      expect(one).toBeLessThanOrEqual(seven);
      expect(seven).toBeLessThanOrEqual(all);
      if (one < seven && seven < all) longer += 1;
    }
    expect(longer).toBeGreaterThan(10);
  });

  test("value follows the ad set's setting, which some ad sets limit to one day", async () => {
    const settings = new Set<unknown>();
    const fields = 'adset_id,attribution_setting,actions';
    for (const row of await rows(sandbox, `act_${sandbox.accountIds[1]}`, {
      ...SPAN,
      fields,
      level: 'adset',
    })) {
      settings.add(row.attribution_setting);
      const short = row.attribution_setting === '1d_click';
      const value = short
        ? sum(row, '1d_click', 'omni_purchase')
        : sum(row, '7d_click', 'omni_purchase') + sum(row, '1d_view', 'omni_purchase');
      expect(sum(row, 'value', 'omni_purchase')).toBe(value);
    }
    expect([...settings].sort()).toEqual(['1d_click', '7d_click_1d_view']);
  });

  test('windows come only when asked for, and never as 0; default is the plain value', async () => {
    const params = { ...SPAN, fields: 'actions', time_increment: 1 };
    const path = `act_${sandbox.accountIds[0]}/insights`;
    const plain = await ask(sandbox, path, params);
    const asDefault = await ask(sandbox, path, {
      ...params,
      action_attribution_windows: ['default'],
    });
    const gone = await ask(sandbox, path, {
      ...params,
      action_attribution_windows: ['7d_view', '28d_view'],
    });
    expect(plain.text).not.toContain('d_click"');
    expect(asDefault.data).toEqual(plain.data);
    expect(gone.data).toEqual(plain.data);
    expect(JSON.stringify(found)).not.toMatch(/"\d+d_(click|view|ev)":"0"/);
  });
});

describe('figures', () => {
  test('roas is value over spend to 6 decimals, and ratios have their parts', async () => {
    const fields =
      'spend,impressions,clicks,cpc,cpm,ctr,reach,cpp,frequency,action_values,purchase_roas';
    const list = await rows(sandbox, `act_${sandbox.accountIds[2]}`, { ...SPAN, fields });
    let seen = 0;
    for (const row of list) {
      const [spend, clicks, impressions] = ['spend', 'clicks', 'impressions'].map((f) =>
        Number(row[f]),
      );
      const value = Number(actionOf(row, 'omni_purchase', 'action_values') ?? 0);
      const roas = actionOf(row, 'omni_purchase', 'purchase_roas');
      expect(row.spend).toMatch(/^\d+$/);
      if (spend && value) {
        expect(Number(roas)).toBeCloseTo(value / spend, 5);
        seen += 1;
      } else expect(roas).toBeUndefined();
      if (clicks && spend) expect(Number(row.cpc)).toBeCloseTo(spend / clicks, 5);
      if (!clicks) expect(row).not.toHaveProperty('cpc');
      if (clicks && impressions)
        expect(Number(row.ctr)).toBeCloseTo((100 * clicks) / impressions, 5);
    }
    expect(seen).toBeGreaterThan(50);
  });

  test('every scalar is text, and nothing that is nothing is there', () => {
    for (const row of found) {
      for (const [name, value] of Object.entries(row)) {
        if (Array.isArray(value)) expect(value.length).toBeGreaterThan(0);
        else expect(typeof value, name).toBe('string');
      }
    }
  });
});
