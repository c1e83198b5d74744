import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { ask, askUrl, type Json } from './ask.ts';

let sandbox: Sandbox;
let account: string;

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
  account = `act_${sandbox.accountIds[0]}`;
});
afterAll(() => sandbox.close());

/** A list inside an object. */
interface Page {
  readonly data: readonly Json[];
  readonly paging: { readonly cursors: { readonly after: string }; readonly next?: string };
}

describe('a list among the fields', () => {
  test('is what its own address gives, with limits at every depth', async () => {
    const fields = 'id,name,adsets.limit(2){id,name,ads.limit(1){id,creative{id,name}}}';
    const { data } = await ask(sandbox, `${account}/campaigns`, { fields, limit: 5 });
    expect(data).toHaveLength(5);
    for (const campaign of data) {
      const adSets = campaign.adsets as Page;
      const own = await ask(sandbox, `${campaign.id}/adsets`, {
        fields: 'id,name,ads.limit(1){id,creative{id,name}}',
        limit: 2,
      });
      expect(adSets.data).toEqual(own.data);
      for (const adSet of adSets.data) expect((adSet.ads as Page).data).toHaveLength(1);
    }
  });

  test('goes on where its next page says', async () => {
    const { json } = await ask(sandbox, account, { fields: 'name,campaigns.limit(3){id,name}' });
    const first = json.campaigns as Page;
    const second = await askUrl(sandbox, first.paging.next ?? '');
    const all = await ask(sandbox, `${account}/campaigns`, { fields: 'id,name', limit: 6 });
    expect([...first.data, ...second.data]).toEqual(all.data);
  });

  test('of insights has its own days and fields, and is not there without rows', async () => {
    const days = '{"since":"2026-03-01","until":"2026-03-07"}';
    const fields = `id,insights.time_range(${days}).time_increment(1){spend,impressions}`;
    const { data } = await ask(sandbox, `${account}/campaigns`, { fields, limit: 100 });
    const active = data.filter((row) => row.insights !== undefined);
    expect(active.length).toBeGreaterThan(2);
    expect(active.length).toBeLessThan(data.length);
    const own = await ask(sandbox, `${active[0]?.id}/insights`, {
      fields: 'spend,impressions',
      time_range: days,
      time_increment: 1,
    });
    expect(active[0]?.insights).toMatchObject({ data: own.data });
  });

  test('refuses fields that do not exist, however deep', async () => {
    for (const fields of [
      'campaigns{foo}',
      'adsets{ads{foo}}',
      'insights{foo}',
      'insights.date_preset(never){spend}',
      'business{id}',
    ]) {
      const answer = await ask(sandbox, account, { fields });
      expect([answer.status, (answer.json.error as Json).code], fields).toEqual([400, 100]);
    }
  });
});
