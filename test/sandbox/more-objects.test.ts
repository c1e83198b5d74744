import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { ask, type Json } from './ask.ts';

let sandbox: Sandbox;

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
});
afterAll(() => sandbox.close());

const act = (index: number) => `act_${sandbox.accountIds[index]}`;

describe('custom audiences', () => {
  const fields =
    'id,account_id,name,subtype,approximate_count_lower_bound,approximate_count_upper_bound,lookalike_spec,rule,delivery_status,time_created,retention_days';
  const list = async () => (await ask(sandbox, `${act(0)}/customaudiences`, { fields })).data;

  test('are of four kinds, with sizes as bounds and -1 for one that is too small', async () => {
    const data = await list();
    expect(data.map((row) => row.subtype)).toEqual([
      'WEBSITE',
      'CUSTOM',
      'LOOKALIKE',
      'ENGAGEMENT',
    ]);
    for (const row of data.slice(0, 3)) {
      const [low, high] = [row.approximate_count_lower_bound, row.approximate_count_upper_bound];
      expect(Number(low)).toBeGreaterThan(1000);
      expect(Number(high)).toBeGreaterThan(Number(low));
    }
    expect(data[3]).toMatchObject({ approximate_count_lower_bound: -1 });
    expect(data[3]).toMatchObject({ approximate_count_upper_bound: -1 });
  });

  test('can be read by id; a lookalike names the audience it is like', async () => {
    const [site, file, lookalike] = await list();
    expect((await ask(sandbox, String(site?.id), { fields })).json).toEqual(site);
    expect(JSON.parse(String(site?.rule))).toHaveProperty('inclusions');
    expect(lookalike?.lookalike_spec).toMatchObject({
      country: 'US',
      ratio: 0.01,
      origin: [{ id: file?.id }],
    });
    expect(Number.isInteger(lookalike?.time_created)).toBe(true);
  });

  test('refuse a field that does not exist, and hang on accounts only', async () => {
    const wrong = await ask(sandbox, `${act(0)}/customaudiences`, { fields: 'size' });
    expect((wrong.json.error as Json).message).toContain('node type (CustomAudience)');
    const [campaign] = (await ask(sandbox, `${act(0)}/campaigns`, { limit: 1 })).data;
    expect((await ask(sandbox, `${campaign?.id}/customaudiences`)).data).toEqual([]);
    const [audience] = await list();
    expect((await ask(sandbox, `${audience?.id}/insights`)).status).toBe(400);
  });
});

test('the custom conversion that actions name is in the list of custom conversions', async () => {
  const fields = 'id,name,rule,custom_event_type,data_sources,creation_time,retention_days';
  const { data } = await ask(sandbox, `${act(0)}/customconversions`, { fields });
  expect(data).toHaveLength(1);
  const insights = await ask(sandbox, `${act(0)}/insights`, {
    fields: 'actions',
    level: 'account',
  });
  expect(insights.text).toContain(`"offsite_conversion.custom.${data[0]?.id}"`);
  expect(JSON.parse(String(data[0]?.rule))).toHaveProperty('and');
  expect(data[0]?.creation_time).toMatch(/\+0000$/);
});

test('one creative in some comes from an asset feed, and every one names its story', async () => {
  const fields = 'id,asset_feed_spec,object_story_spec,url_tags,effective_object_story_id';
  const { data } = await ask(sandbox, `${act(0)}/adcreatives`, { fields, limit: 500 });
  const fed = data.filter((row) => row.asset_feed_spec !== undefined);
  expect(fed.length).toBeGreaterThan(3);
  expect(fed.length).toBeLessThan(data.length / 2);
  expect(fed[0]?.asset_feed_spec).toMatchObject({ optimization_type: 'DEGREES_OF_FREEDOM' });
  for (const row of data) {
    expect(row.effective_object_story_id).toMatch(/^\d+_\d{15}$/);
    expect(row.url_tags).toMatch(/^utm_content=\d+$/);
  }
});

test('a pixel says how it matches and whose it is', async () => {
  const fields = 'id,automatic_matching_fields,owner_ad_account,first_party_cookie_status';
  const { data } = await ask(sandbox, `${act(1)}/adspixels`, { fields });
  expect(data[0]).toMatchObject({ owner_ad_account: { id: act(1) } });
  expect(data[0]?.automatic_matching_fields).toContain('em');
});

describe('activities', () => {
  const fields = 'event_time,event_type,extra_data,object_id,object_type,date_time_in_timezone';
  const log = async (params: Json) =>
    (await ask(sandbox, `${act(0)}/activities`, { fields, limit: 500, ...params })).data;
  const year = { since: '2025-03-21', until: '2026-03-20' };

  test('are those of the last week when no time is given, newest first', async () => {
    const data = await log({});
    expect(data.length).toBeGreaterThan(0);
    const times = data.map((row) => String(row.event_time));
    expect([...times].sort().reverse()).toEqual(times);
    for (const time of times) {
      expect(time > '2026-03-13' && time < '2026-03-21', time).toBe(true);
      expect(time).toMatch(/\+0000$/);
    }
    expect((await log(year)).length).toBeGreaterThan(data.length);
  });

  test('tell when a campaign was made and when its state changed, as JSON in text', async () => {
    const data = await log(year);
    const made = data.filter((row) => row.event_type === 'create_campaign_group');
    const turned = data.filter((row) => row.event_type === 'update_campaign_run_status');
    const statuses = ['ACTIVE', 'PAUSED', 'ARCHIVED', 'DELETED'];
    const campaigns = await ask(sandbox, `${act(0)}/campaigns`, {
      fields: 'id,created_time,effective_status',
      effective_status: statuses,
      limit: 500,
    });
    const ids = campaigns.data.map((row) => row.id);
    expect(made.length).toBeGreaterThan(5);
    expect(ids).toEqual(expect.arrayContaining(made.map((row) => row.object_id)));
    const archived = turned.filter(
      (row) => JSON.parse(String(row.extra_data)).new_value === 'Archived',
    );
    const [one] = archived;
    const now = campaigns.data.find((row) => row.id === one?.object_id);
    expect(now?.effective_status).toBe('ARCHIVED');
  });

  test('can be cut by category, object and day', async () => {
    const billed = await log({ ...year, category: 'ACCOUNT' });
    expect(new Set(billed.map((row) => row.event_type))).toEqual(
      new Set(['ad_account_billing_charge']),
    );
    const [first] = await log({ ...year, category: 'CAMPAIGN' });
    const own = await log({ ...year, oid: String(first?.object_id) });
    expect(new Set(own.map((row) => row.object_id))).toEqual(new Set([first?.object_id]));
    const day = String(billed[0]?.event_time).slice(0, 10);
    expect(await log({ since: day, until: day, category: 'ACCOUNT' })).toEqual([billed[0]]);
    const wrong = await ask(sandbox, `${act(0)}/activities`, { category: 'NONE' });
    expect((wrong.json.error as Json).code).toBe(100);
  });

  test('come in pages', async () => {
    const first = await ask(sandbox, `${act(0)}/activities`, { ...year, fields, limit: 3 });
    const { cursors, next } = first.json.paging as { cursors: { after: string }; next: string };
    expect(next).toContain('/activities?');
    const second = await ask(sandbox, `${act(0)}/activities`, {
      ...year,
      fields,
      limit: 3,
      after: cursors.after,
    });
    expect([...first.data, ...second.data]).toEqual((await log(year)).slice(0, 6));
  });
});
