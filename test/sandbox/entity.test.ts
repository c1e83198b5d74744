import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { ask, type Json, rows } from './ask.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
});
afterAll(() => sandbox.close());

const act = (index: number) => `act_${sandbox.accountIds[index]}`;
const ids = (list: readonly Json[], name = 'id') => list.map((row) => String(row[name]));

describe('objects', () => {
  test('the accounts are in dollars, euros and yen, each with its own time zone', async () => {
    const fields = 'account_id,currency,timezone_name,timezone_offset_hours_utc,amount_spent,name';
    const { data } = await ask(sandbox, 'me/adaccounts', { fields });
    expect(
      data.map((row) => [row.currency, row.timezone_name, row.timezone_offset_hours_utc]),
    ).toEqual([
      ['USD', 'America/Los_Angeles', -7],
      ['EUR', 'Europe/Berlin', 1],
      ['JPY', 'Asia/Tokyo', 9],
    ]);
    expect(ids(data, 'account_id')).toEqual(sandbox.accountIds);
    for (const row of data) expect(row.amount_spent).toMatch(/^\d+$/);
  });

  test('permissions are granted', async () => {
    const { data } = await ask(sandbox, 'me/permissions');
    expect(data).toContainEqual({ permission: 'ads_read', status: 'granted' });
  });

  test('a list gives only ids unless fields are asked for', async () => {
    const { data } = await ask(sandbox, `${act(0)}/campaigns`);
    for (const row of data) expect(Object.keys(row)).toEqual(['id']);
  });

  test('an object by its id says what its list says', async () => {
    for (const edge of ['campaigns', 'adsets', 'ads', 'adcreatives', 'adspixels']) {
      const fields = edge === 'adspixels' ? 'id,name' : 'id,name,account_id,status';
      const { data } = await ask(sandbox, `${act(1)}/${edge}`, { fields, limit: 3 });
      for (const row of data) {
        expect((await ask(sandbox, String(row.id), { fields })).json).toEqual(row);
      }
    }
  });

  test('every campaign has 1 to 4 ad sets, every ad set 1 to 4 ads, every ad its creative', async () => {
    const get = async (edge: string, fields: string) =>
      (await ask(sandbox, `${act(0)}/${edge}`, { fields, limit: 500 })).data;
    const [campaigns, adSets, ads] = [
      await get('campaigns', 'id'),
      await get('adsets', 'id,campaign_id'),
      await get('ads', 'id,adset_id,campaign_id,creative{id,name}'),
    ];
    for (const id of ids(campaigns)) {
      const own = adSets.filter((row) => row.campaign_id === id).length;
      expect(own).toBeGreaterThanOrEqual(1);
      expect(own).toBeLessThanOrEqual(4);
    }
    for (const id of ids(adSets)) {
      const own = ads.filter((row) => row.adset_id === id).length;
      expect(own).toBeGreaterThanOrEqual(1);
      expect(own).toBeLessThanOrEqual(4);
    }
    for (const ad of ads) expect(ad.creative).toHaveProperty('name');
  });

  test('a budget is on the campaign or on its ad sets, never on both, in whole minor units', async () => {
    const adSets = await ask(sandbox, `${act(2)}/adsets`, {
      fields: 'campaign_id,daily_budget',
      limit: 500,
    });
    const campaigns = await ask(sandbox, `${act(2)}/campaigns`, {
      fields: 'daily_budget',
      limit: 500,
    });
    const kinds = new Set<boolean>();
    for (const campaign of campaigns.data) {
      const own = adSets.data.filter((row) => row.campaign_id === campaign.id);
      const onCampaign = campaign.daily_budget !== undefined;
      kinds.add(onCampaign);
      for (const adSet of own) expect(adSet.daily_budget === undefined).toBe(onCampaign);
    }
    expect(kinds.size).toBe(2);
    for (const row of [...adSets.data, ...campaigns.data]) {
      if (row.daily_budget !== undefined) expect(row.daily_budget).toMatch(/^\d+$/);
    }
  });

  test('a campaign with a stop_time has a lifetime budget, any other a daily one', async () => {
    const fields = 'stop_time,daily_budget,lifetime_budget';
    const { data } = await ask(sandbox, `${act(0)}/campaigns`, { fields, limit: 500 });
    const own = data.filter((row) => row.daily_budget !== undefined);
    expect(new Set(own.map((row) => row.stop_time === undefined)).size).toBe(2);
    for (const row of own) {
      expect(row.lifetime_budget === '0').toBe(row.stop_time === undefined);
      expect(row.daily_budget === '0').toBe(row.stop_time !== undefined);
    }
  });

  test("times are on the account's clock, with the offset that held at that instant", async () => {
    const fields = 'created_time,start_time,stop_time,updated_time';
    const effective_status = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED'];
    const offsets: string[][] = [];
    for (const index of [0, 1, 2]) {
      const list = await ask(sandbox, `${act(index)}/campaigns`, {
        fields,
        effective_status,
        limit: 500,
      });
      const times = list.data.flatMap(({ id: _, ...row }) => Object.values(row).map(String));
      for (const time of times) expect(time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d[+-]\d{4}$/);
      offsets.push([...new Set(times.map((time) => time.slice(19)))].sort());
      for (const time of times) {
        const month = Number(time.slice(5, 7));
        if (month === 1 && index < 2) expect(time.slice(19)).toBe(['-0800', '+0100'][index]);
        if (month === 7 && index < 2) expect(time.slice(19)).toBe(['-0700', '+0200'][index]);
      }
    }
    expect(offsets).toEqual([['-0700', '-0800'], ['+0100', '+0200'], ['+0900']]);
  });
});

describe('states', () => {
  test('archived and deleted objects are listed only when asked for', async () => {
    const statuses = async (params: object) => {
      const fields = 'effective_status';
      const lists = [0, 1].map((index) =>
        ask(sandbox, `${act(index)}/campaigns`, { fields, limit: 500, ...params }),
      );
      const found = (await Promise.all(lists)).flatMap((list) => list.data);
      return new Set(found.map((row) => row.effective_status));
    };
    expect(await statuses({})).toEqual(new Set(['ACTIVE', 'PAUSED']));
    expect(await statuses({ effective_status: ['DELETED'] })).toEqual(new Set(['DELETED']));
    expect(await statuses({ effective_status: 'ARCHIVED,DELETED' })).toEqual(
      new Set(['ARCHIVED', 'DELETED']),
    );
    const bad = await ask(sandbox, `${act(0)}/campaigns`, { effective_status: ['LIVE'] });
    expect(bad.status).toBe(400);
  });

  test('any filter on insights hides archived and deleted objects, unless it asks for them', async () => {
    const params = {
      level: 'campaign',
      time_range: { since: '2026-01-01', until: '2026-03-20' },
      fields: 'campaign_id',
    };
    const listed = async (effective_status: readonly string[]) =>
      new Set(
        ids((await ask(sandbox, `${act(1)}/campaigns`, { effective_status, limit: 500 })).data),
      );
    const gone = await listed(['DELETED', 'ARCHIVED']);
    const seen = async (filtering?: unknown) =>
      new Set(
        ids(
          await rows(sandbox, act(1), filtering === undefined ? params : { ...params, filtering }),
          'campaign_id',
        ),
      );
    const plain = await seen();
    const goneSeen = [...plain].filter((id) => gone.has(id));
    expect(goneSeen.length).toBeGreaterThan(0);
    const filtered = await seen([{ field: 'campaign.id', operator: 'NOT_IN', value: ['1'] }]);
    expect([...filtered].filter((id) => gone.has(id))).toEqual([]);
    expect(filtered.size).toBe(plain.size - goneSeen.length);
    const asked = await seen([
      { field: 'campaign.effective_status', operator: 'IN', value: ['DELETED', 'ARCHIVED'] },
    ]);
    expect([...asked].sort()).toEqual(goneSeen.sort());
  });

  test('filters by id and by size keep what fits', async () => {
    const span = { time_range: { since: '2026-03-01', until: '2026-03-20' }, level: 'ad' };
    const all = await rows(sandbox, act(0), span);
    const one = String(all[0]?.campaign_id);
    const filter = (field: string, operator: string, value: unknown) =>
      rows(sandbox, act(0), { ...span, filtering: [{ field, operator, value }] });
    const other = (await filter('campaign.id', 'NOT_IN', [one])).map((row) => row.campaign_id);
    expect(other).not.toContain(one);
    const own = await filter('campaign.id', 'IN', [one]);
    expect(own).toEqual(all.filter((row) => row.campaign_id === one));
    const big = await filter('ad.impressions', 'GREATER_THAN', 2000);
    expect(big.length).toBeGreaterThan(0);
    expect(big.length).toBeLessThan(all.length);
    for (const row of big) expect(Number(row.impressions)).toBeGreaterThan(2000);
  });

  test("a campaign's own insights are the account's rows of that campaign", async () => {
    const span = { time_range: { since: '2026-03-01', until: '2026-03-20' }, level: 'campaign' };
    const all = await rows(sandbox, act(0), span);
    const id = String(all[0]?.campaign_id);
    expect(await rows(sandbox, id, span)).toEqual(all.filter((row) => row.campaign_id === id));
  });
});

describe('pixels', () => {
  test('count events by the hour, for 7 days only, on the clock of the account', async () => {
    const pixel = String((await ask(sandbox, `${act(1)}/adspixels`)).data[0]?.id);
    const params = { aggregation: 'event', limit: 500 };
    const whole = (await ask(sandbox, `${pixel}/stats`, params)).data;
    expect(whole).toHaveLength(7 * 24);
    expect(whole[0]?.start_time).toBe('2026-03-13T12:00:00+0100');
    expect(whole[0]).toMatchObject({ aggregation: 'event' });
    expect(whole[0]?.data).toContainEqual({ value: 'PageView', count: expect.any(Number) });
    // Midnight of 15 March 2026 in Berlin.
    const from = 1773529200;
    const day = { ...params, start_time: from, end_time: from + 86_400 };
    const unix = (await ask(sandbox, `${pixel}/stats`, day)).data;
    const iso = {
      ...params,
      start_time: '2026-03-15T00:00:00+0100',
      end_time: '2026-03-16T00:00:00+0100',
    };
    expect((await ask(sandbox, `${pixel}/stats`, iso)).data).toEqual(unix);
    expect(unix).toEqual(whole.filter((row) => String(row.start_time).startsWith('2026-03-15')));
    expect(unix).toHaveLength(24);
    const paged = await ask(sandbox, `${pixel}/stats`, { ...params, limit: 10 });
    expect(paged.json.paging).toHaveProperty('next');
  });
});
