import { describe, expect, test } from 'vitest';
import { ask, type Json, withSandbox } from './ask.ts';

const TODAY = '2026-03-20';
const errorOf = (json: Json) => (json.error ?? {}) as Json;

describe('time_ranges', () => {
  const ranges = [
    { since: '2026-03-01', until: '2026-03-07' },
    { since: '2026-03-05', until: '2026-03-14' },
  ];

  test('give one result for each range, overlapping or not, and outdo every other parameter of time', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const path = `act_${sandbox.accountIds[0]}/insights`;
      const asked = { level: 'account', fields: 'spend,reach' };
      const both = await ask(sandbox, path, {
        ...asked,
        time_ranges: ranges,
        time_increment: 1,
        date_preset: 'yesterday',
      });
      const alone: Json[] = [];
      for (const time_range of ranges) {
        alone.push(...(await ask(sandbox, path, { ...asked, time_range })).data);
      }
      expect(both.data).toEqual(alone);
      expect(both.data.map((row) => row.date_start)).toEqual(['2026-03-01', '2026-03-05']);
    });
  });

  test('are refused like a range: no list, no days, beyond 37 months', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const path = `act_${sandbox.accountIds[0]}/insights`;
      const codes: unknown[] = [];
      for (const time_ranges of ['{}', [], [{}], [{ since: '2020-01-01', until: '2020-01-02' }]]) {
        codes.push(errorOf((await ask(sandbox, path, { time_ranges })).json).code);
      }
      expect(codes).toEqual([100, 100, 100, 3018]);
    });
  });
});

describe('action breakdowns of the second type', () => {
  const asked = {
    level: 'campaign',
    time_range: { since: '2026-02-20', until: '2026-03-19' },
    fields: 'campaign_id,actions',
    limit: 100,
  };
  const actionsBy = async (action_breakdowns?: readonly string[]) => {
    let found: readonly Json[] = [];
    await withSandbox({ today: TODAY }, async (sandbox) => {
      for (const id of sandbox.accountIds) {
        const params = action_breakdowns === undefined ? asked : { ...asked, action_breakdowns };
        const { data } = await ask(sandbox, `act_${id}/insights`, params);
        found = [...found, ...data.flatMap((row) => (row.actions ?? []) as readonly Json[])];
      }
    });
    return found;
  };
  const total = (actions: readonly Json[], type: string) =>
    actions
      .filter((action) => action.action_type === type)
      .reduce((sum, action) => sum + Number(action.value), 0);

  test('cut what happens on Meta, and the parts add up', async () => {
    const [whole, cut] = [await actionsBy(), await actionsBy(['action_type', 'action_device'])];
    const devices = new Set(cut.map((action) => action.action_device));
    expect(devices).toEqual(new Set(['iphone', 'android_smartphone', 'desktop', undefined]));
    for (const type of ['link_click', 'post_engagement', 'onsite_conversion.purchase']) {
      expect(total(cut, type)).toBe(total(whole, type));
      expect(total(whole, type)).toBeGreaterThan(0);
    }
  });

  test('give what happens on a website whole, without the value, and nothing of apps', async () => {
    const [whole, cut] = [await actionsBy(), await actionsBy(['action_device'])];
    const web = 'offsite_conversion.fb_pixel_purchase';
    expect(total(cut, web)).toBe(total(whole, web));
    expect(
      cut.filter((one) => one.action_type === web).every((one) => !('action_device' in one)),
    ).toBe(true);
    const isApp = (one: Json) => String(one.action_type).startsWith('app_custom_event');
    expect([whole.some(isApp), cut.some(isApp)]).toEqual([true, false]);
  });

  test('that do not exist, or are not served, are refused', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const path = `act_${sandbox.accountIds[0]}/insights`;
      const messages: string[] = [];
      for (const name of ['action_weather', 'action_video_type']) {
        const answer = await ask(sandbox, path, { ...asked, action_breakdowns: [name] });
        messages.push(String(errorOf(answer.json).message));
      }
      expect(messages[0]).toContain('must be one of');
      expect(messages[1]).toContain('not served');
    });
  });
});
