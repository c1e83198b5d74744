import { afterEach, describe, expect, it } from 'vitest';
import { MetaClient } from '../../src/platforms/meta/client.ts';
import { type Progress, silent } from '../../src/progress.ts';
import { ACCOUNT_FAILURES, Breaker, MAX_PAUSES } from '../../src/pull/breaker.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { sandboxConfig } from '../helpers/extract.ts';
import { temporaryLake } from '../helpers/lake.ts';
import {
  type Asked,
  SCRIPTED_TOKEN,
  scriptedClient,
  scriptedServer,
  type Told,
} from '../helpers/scripted-client.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

const NOTHING: Told = { body: '{"data":[]}' };
const query = (account: string) => ({ path: `act_${account}/campaigns`, params: { fields: 'id' } });
const about = (accountId: string) => ({ accountId, label: `campaigns, account ${accountId}` });
const refusal = (code: number, subcode: number, headers: Told['headers'] = {}): Told => ({
  status: 400,
  headers,
  body: JSON.stringify({ error: { message: 'too many calls', code, error_subcode: subcode } }),
});
const minutes = (count: number) => ({
  'x-business-use-case-usage': `{"1":[{"estimated_time_to_regain_access":${count}}]}`,
});
const isOf = (asked: Asked, account: string): boolean => asked.path.includes(`act_${account}/`);

async function client(
  script: (asked: Asked) => Told,
  more: { progress?: Progress; sleepMs?: number } = {},
) {
  const opened = await scriptedClient(script, { retryAttempts: 3, ...more });
  closers.push(opened.close);
  return opened;
}

describe('a limit', () => {
  /** A client whose waits last until they are released, and what tells that one has begun. */
  async function waitingClient(script: (asked: Asked) => Told) {
    let release = (): void => {};
    const released = new Promise<void>((resolve) => {
      release = resolve;
    });
    let begin = (_: number): void => {};
    const waiting = new Promise<number>((resolve) => {
      begin = resolve;
    });
    const { url, close } = await scriptedServer(script);
    const meta = new MetaClient({
      config: sandboxConfig({ url, token: 't', accountIds: ['1', '2'] } as unknown as Sandbox),
      lake: temporaryLake(),
      token: SCRIPTED_TOKEN,
      progress: silent,
      now: () => '2026-03-15T12:00:00.000Z',
      sleep: (seconds) => {
        begin(seconds);
        return released;
      },
    });
    closers.push(async () => {
      await meta.close();
      await close();
    });
    return { meta, waiting, release };
  }

  it('of one account keeps no other waiting', async () => {
    let isFree = false;
    const { meta, waiting, release } = await waitingClient((asked) =>
      isOf(asked, '1') && !isFree ? refusal(80004, 2446079, minutes(30)) : NOTHING,
    );
    const walled = Array.from({ length: 6 }, () => meta.get(query('1'), about('1')));
    await waiting;
    const others = Array.from({ length: 6 }, () => meta.get(query('2'), about('2')));
    expect((await Promise.all(others)).every(({ kind }) => kind === 'page')).toBe(true);
    isFree = true;
    release();
    expect((await Promise.all(walled)).every(({ kind }) => kind === 'page')).toBe(true);
  });

  it('of the app keeps every account waiting, a minute at first', async () => {
    const { meta, waiting, release } = await waitingClient(({ call }) =>
      call === 1 ? refusal(4, 1504022) : NOTHING,
    );
    const first = meta.get(query('1'), about('1'));
    expect(await waiting).toBe(60);
    const other = meta.get(query('2'), about('2'));
    const soon = new Promise((resolve) => setTimeout(resolve, 200, 'still waiting'));
    expect(await Promise.race([other, soon])).toBe('still waiting');
    release();
    expect((await first).kind).toBe('page');
    expect((await other).kind).toBe('page');
  });

  it.each([
    ['development_access', 300],
    ['standard_access', 60],
  ])('of the score of an account with %s is waited for %i seconds', async (tier, seconds) => {
    const usage = `{"acc_id_util_pct":40,"ads_api_access_tier":"${tier}"}`;
    const { client: meta } = await client(({ call }) =>
      call === 1 ? refusal(17, 2446079, { 'x-ad-account-usage': usage }) : NOTHING,
    );
    await meta.get(query('1'), about('1'));
    expect(meta.waitsSeconds).toBe(seconds);
  });

  it('is waited for once by all requests of the account, told with its reason and the time left', async () => {
    const notes: string[] = [];
    let hits = 0;
    const progress = { ...silent, note: (text: string) => notes.push(text) };
    const opened = await client(
      () => (hits++ < 4 ? refusal(80004, 2446079, minutes(3)) : NOTHING),
      { progress, sleepMs: 100 },
    );
    const calls = Array.from({ length: 4 }, () => opened.client.get(query('1'), about('1')));
    await Promise.all(calls);
    expect(opened.client.waitsSeconds).toBe(180);
    expect(notes.slice(0, 2)).toEqual([
      "Waiting, 3 min left: Meta's limit is reached for account 1 (code 80004).",
      "Waiting, 2 min left: Meta's limit is reached for account 1 (code 80004).",
    ]);
  });

  it('is not run into again by the next run', async () => {
    const first = await client(() => refusal(80004, 2446079, minutes(50)));
    await expect(first.client.get(query('1'), about('1'))).rejects.toMatchObject({
      code: 'SOURCE_LIMITED',
    });
    const killed = await scriptedClient(() => NOTHING, { lake: first.lake });
    closers.push(killed.close);
    await killed.client.get(query('2'), about('2'));
    expect(killed.client.waitsSeconds).toBe(0);
    await killed.client.get(query('1'), about('1'));
    expect(killed.client.waitsSeconds).toBe(3000);
    expect(killed.asked.length).toBe(2);
  });
});

describe('a source that is away', () => {
  it('is left alone for a while after so many failures in a row, longer each time', () => {
    const breaker = new Breaker(ACCOUNT_FAILURES);
    const pauses: number[] = [];
    for (let failures = 0; failures < ACCOUNT_FAILURES * MAX_PAUSES; failures++) {
      const broken = breaker.failed();
      if (broken.kind === 'pause') pauses.push(broken.seconds);
    }
    expect(pauses).toEqual([5, 10, 20, 40, 80, 160]);
    expect(breaker.failed().kind).toBe('give_up');
    breaker.answered();
    expect(breaker.failed().kind).toBe('none');
  });

  it('is not asked by every request in turn', async () => {
    const { client: meta, asked } = await client(() => ({ status: 503, body: '' }));
    const calls = Array.from({ length: 40 }, () => meta.get(query('1'), about('1')));
    const ends = await Promise.allSettled(calls);
    expect(ends.every(({ status }) => status === 'rejected')).toBe(true);
    expect(asked.length).toBeLessThan(40 * 4);
    expect(meta.waitsSeconds).toBeGreaterThan(0);
  });
});

describe('a refused token', () => {
  it('ends the asking about that account at once, and of no other', async () => {
    const { client: meta, asked } = await client((one) =>
      isOf(one, '1') ? refusal(190, 463) : NOTHING,
    );
    await expect(meta.get(query('1'), about('1'))).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
    await expect(meta.get(query('1'), about('1'))).rejects.toMatchObject({ code: 'TOKEN_REFUSED' });
    expect(asked.length).toBe(1);
    expect((await meta.get(query('2'), about('2'))).kind).toBe('page');
  });

  it('ends it for a permission of the account too, and not for one of an object', async () => {
    const { client: meta, asked } = await client(({ path }) =>
      path.includes('act_2') ? NOTHING : refusal(200, 1),
    );
    const pixel = { path: '77/stats', params: {} };
    await expect(meta.get(pixel, about('2'))).rejects.toMatchObject({ code: 'PERMISSION_REFUSED' });
    expect((await meta.get(query('2'), about('2'))).kind).toBe('page');
    await expect(meta.get(query('1'), about('1'))).rejects.toThrow();
    await expect(meta.get(query('1'), about('1'))).rejects.toThrow();
    expect(asked.length).toBe(3);
  });
});

describe('a batch', () => {
  const body = (id: string): string => JSON.stringify({ id });

  it('asks again for entries that were not run or failed, and for these alone', async () => {
    const sent: number[] = [];
    const { client: meta } = await client(({ params }) => {
      const entries = JSON.parse(params.get('batch') ?? '[]') as { relative_url: string }[];
      sent.push(entries.length);
      const answers = entries.map(({ relative_url: url }, at) => {
        if (sent.length === 1 && at % 3 === 0) return null;
        if (sent.length === 1 && at % 3 === 1) return { code: 503, body: '' };
        return { code: 200, headers: [], body: body(/\/(\d+)/.exec(url)?.[1] ?? '') };
      });
      return { body: JSON.stringify(answers) };
    });
    const ids = Array.from({ length: 9 }, (_, at) => String(100 + at));
    const replies = await meta.batch(
      ids.map((path) => ({ path, params: {} })),
      about('1'),
    );
    expect(replies.map((reply) => reply.kind === 'page' && reply.bytes.toString())).toEqual(
      ids.map(body),
    );
    expect(sent).toEqual([9, 6]);
  });

  it('holds at most 50 requests', async () => {
    const { client: meta, asked } = await client(({ params }) => {
      const entries = JSON.parse(params.get('batch') ?? '[]') as readonly unknown[];
      expect(entries.length).toBeLessThanOrEqual(50);
      const answers = entries.map(() => ({ code: 200, headers: [], body: '{}' }));
      return { body: JSON.stringify(answers) };
    });
    const queries = Array.from({ length: 120 }, (_, at) => ({ path: String(at), params: {} }));
    expect((await meta.batch(queries, about('1'))).length).toBe(120);
    expect(asked.length).toBe(3);
  });

  it('carries a question whose address is too long for a server', async () => {
    const { client: meta, asked } = await client(() => ({
      body: '[{"code":200,"headers":[],"body":"{\\"data\\":[]}"}]',
    }));
    const ids = Array.from({ length: 400 }, (_, at) => String(10 ** 15 + at));
    const params = { fields: 'id', filtering: JSON.stringify(ids) };
    expect((await meta.get({ path: 'act_1/insights', params }, about('1'))).kind).toBe('page');
    expect(asked[0]).toMatchObject({ method: 'POST', path: '/v26.0/' });
    expect(asked[0]?.params.get('batch')).toContain(encodeURIComponent(ids.at(-1) ?? ''));
  });
});
