import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { MetaConfig } from '../../../src/config.ts';
import { MetaClient } from '../../../src/platforms/meta/client.ts';
import { secretProof } from '../../../src/platforms/meta/secret.ts';
import { HeldPages, MAX_RESTARTS, walk } from '../../../src/platforms/meta/walk.ts';
import { silent } from '../../../src/progress.ts';
import type { Sandbox } from '../../../src/sandbox/index.ts';
import { sandboxConfig } from '../../helpers/extract.ts';
import { temporaryLake } from '../../helpers/lake.ts';

const TOKEN = 'synthetic-secret-token';
const QUERY = { path: 'act_1/campaigns', params: { fields: 'id', limit: '100' } };
const CONTEXT = { accountId: '1', label: 'campaigns, account 1' };

type Script = (request: IncomingMessage, call: number) => Reply;
interface Reply {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly delayMs?: number;
}

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** A client of a server that follows a script; `slept` collects what was waited. */
async function clientOf(script: Script, more: Partial<MetaConfig> = {}) {
  const requests: IncomingMessage[] = [];
  const server = createServer((request: IncomingMessage, response: ServerResponse) => {
    requests.push(request);
    const reply = script(request, requests.length);
    setTimeout(() => {
      response.writeHead(reply.status ?? 200, reply.headers);
      response.end(reply.body);
    }, reply.delayMs ?? 0);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const slept: number[] = [];
  const client = new MetaClient({
    config: sandboxConfig({ url, token: TOKEN, accountIds: ['1'] } as unknown as Sandbox, more),
    lake: temporaryLake(),
    token: TOKEN,
    progress: silent,
    now: () => '2026-03-15T12:00:00.000Z',
    sleep: async (seconds) => {
      slept.push(seconds);
    },
  });
  closers.push(async () => {
    await client.close();
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { client, requests, slept };
}

function page(rows: readonly string[], next: string | null, after = next): string {
  const data = rows.map((id) => ({ id }));
  const more =
    next === null
      ? {}
      : { next: `http://127.0.0.1:1/elsewhere?access_token=${TOKEN}&after=${next}` };
  return JSON.stringify({
    data,
    paging: { cursors: { before: 'x', after: after ?? 'end' }, ...more },
  });
}

function afterOf(request: IncomingMessage): string | null {
  return new URL(request.url ?? '', 'http://x').searchParams.get('after');
}

const LIMITED = '{"error":{"message":"too many calls","code":80004,"error_subcode":2446079}}';

/** A walk whose pages are held. */
async function walked(client: MetaClient) {
  const sink = new HeldPages();
  const { kind } = await walk(QUERY, { ...CONTEXT, client, sink });
  return { kind, pages: sink.pages };
}

describe('the client', () => {
  it('sends the token in the Authorization header and in no URL', async () => {
    const { client, requests } = await clientOf(() => ({ body: page([], null) }));
    await client.get(QUERY, CONTEXT);
    expect(requests[0]?.headers.authorization).toBe(`Bearer ${TOKEN}`);
    expect(requests[0]?.url).toBe('/v26.0/act_1/campaigns?fields=id&limit=100');
  });

  it('proves the app secret when there is one', async () => {
    const { client, requests } = await clientOf(() => ({ body: page([], null) }), {
      appSecret: 's3',
    });
    await client.get(QUERY, CONTEXT);
    expect(requests[0]?.url).toContain(`appsecret_proof=${secretProof('s3', TOKEN)}`);
  });

  it('gives no page that repeats the app secret or the proof', async () => {
    const appSecret = 'synthetic-app-secret';
    const name = `${appSecret} ${secretProof(appSecret, TOKEN)}`;
    const { client } = await clientOf(() => ({ body: JSON.stringify({ data: [{ name }] }) }), {
      appSecret,
    });
    const reply = await client.get(QUERY, CONTEXT);
    expect(reply.kind === 'page' && reply.bytes.toString()).toBe('{"data":[{"name":" "}]}');
  });

  it('gives pages that stay as they came while others come', async () => {
    const text = (call: number): string => page([`${call}`.repeat(100_000)], null);
    const { client } = await clientOf((_, call) => ({ body: text(call) }));
    const replies = [];
    for (let call = 1; call <= 3; call++) replies.push(await client.get(QUERY, CONTEXT));
    const texts = replies.map((reply) => reply.kind === 'page' && reply.bytes.toString());
    expect(texts).toEqual([text(1), text(2), text(3)]);
  });

  it('tries again what is worth it, as often as it is told', async () => {
    const { client } = await clientOf((_, call) =>
      call < 3 ? { status: 503, body: '' } : { body: page(['1'], null) },
    );
    expect((await client.get(QUERY, CONTEXT)).kind).toBe('page');
    expect(client.calls).toBe(3);
  });

  it('gives up with a remedy when nothing helps', async () => {
    const { client } = await clientOf(() => ({ status: 503, body: '' }), { retryAttempts: 1 });
    await expect(client.get(QUERY, CONTEXT)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
      exitCode: 69,
    });
    expect(client.calls).toBe(2);
  });

  it('takes no answer in time for a failed attempt', async () => {
    const { client } = await clientOf(
      (_, call) => ({ body: page([], null), delayMs: call === 1 ? 1500 : 0 }),
      {
        requestTimeoutSeconds: 1,
      },
    );
    expect((await client.get(QUERY, CONTEXT)).kind).toBe('page');
    expect(client.calls).toBe(2);
  });

  it('waits as long as the API says, and does not count that as an attempt', async () => {
    const headers = {
      'x-business-use-case-usage': '{"1":[{"estimated_time_to_regain_access":2}]}',
    };
    const { client, slept } = await clientOf(
      (_, call) => (call <= 5 ? { status: 400, headers, body: LIMITED } : { body: page([], null) }),
      { retryAttempts: 0 },
    );
    expect((await client.get(QUERY, CONTEXT)).kind).toBe('page');
    expect(slept).toEqual(Array.from({ length: 10 }, () => 60));
    expect(client.waitsSeconds).toBe(600);
  });

  it('waits longer and longer when the API does not say how long, and not for ever', async () => {
    const { client, slept } = await clientOf(() => ({ status: 400, body: LIMITED }));
    await expect(client.get(QUERY, CONTEXT)).rejects.toMatchObject({ code: 'SOURCE_LIMITED' });
    expect(slept.slice(0, 6)).toEqual([30, 60, 60, 60, 60, 60]);
    expect(client.waitsSeconds).toBeLessThanOrEqual(4_000);
  });

  it('slows down before the limit is reached', async () => {
    const headers = { 'x-ad-account-usage': '{"acc_id_util_pct":90}' };
    const { client, slept } = await clientOf(() => ({ headers, body: page([], null) }));
    await client.get(QUERY, CONTEXT);
    expect(slept).toEqual([]);
    await client.get(QUERY, CONTEXT);
    expect(slept.length).toBe(1);
    expect(slept[0]).toBeCloseTo(15);
  });

  it('never repeats the token in an error, even when the API does', async () => {
    const body = JSON.stringify({ error: { message: `Bad token ${TOKEN}`, code: 190 } });
    const { client } = await clientOf(() => ({ status: 400, body }));
    const error = await client.get(QUERY, CONTEXT).catch((thrown: unknown) => thrown as Error);
    expect(error).toMatchObject({ code: 'TOKEN_REFUSED' });
    expect(JSON.stringify(error) + String(error)).not.toContain(TOKEN);
    expect(client.calls).toBe(1);
  });
});

describe('a walk', () => {
  it('goes by cursor, never to the URL in paging.next, and ends where there is none', async () => {
    const { client, requests } = await clientOf((request) => {
      const after = afterOf(request);
      if (after === null) return { body: page(['1', '2'], 'a') };
      return { body: after === 'a' ? page(['3'], 'b') : page(['4'], null) };
    });
    const whole = await walked(client);
    expect(whole).toMatchObject({ kind: 'whole', pages: [{ rows: 2 }, { rows: 1 }, { rows: 1 }] });
    expect(requests.map(afterOf)).toEqual([null, 'a', 'b']);
  });

  it('asks for fewer rows when a page is too large, and keeps the pages it has', async () => {
    const tooLarge = '{"error":{"message":"Please reduce the amount of data","code":1}}';
    const limits: string[] = [];
    const { client } = await clientOf((request) => {
      const { searchParams } = new URL(request.url ?? '', 'http://x');
      limits.push(`${searchParams.get('after')}:${searchParams.get('limit')}`);
      if (searchParams.get('after') === null) return { body: page(['1'], 'a') };
      return Number(searchParams.get('limit')) > 30
        ? { status: 500, body: tooLarge }
        : { body: page(['2'], null) };
    });
    expect(await walked(client)).toMatchObject({ kind: 'whole' });
    expect(limits).toEqual(['null:100', 'a:100', 'a:50', 'a:25']);
  });

  it('begins anew when its cursor is refused, some times and not for ever', async () => {
    const bad = { status: 400, body: '{"error":{"message":"Invalid cursors values","code":2642}}' };
    const once = await clientOf((request, call) =>
      afterOf(request) === null
        ? { body: page(['1'], 'a') }
        : call === 2
          ? bad
          : { body: page(['2'], null) },
    );
    expect(await walked(once.client)).toMatchObject({
      pages: [{ rows: 1 }, { rows: 1 }],
    });
    const always = await clientOf((request) =>
      afterOf(request) === null ? { body: page(['1'], 'a') } : bad,
    );
    await expect(walked(always.client)).rejects.toMatchObject({
      code: 'SOURCE_UNAVAILABLE',
    });
    expect(always.client.calls).toBe(2 * (MAX_RESTARTS + 1));
  });

  it('ends with an error when a cursor comes twice, or there is more but no cursor to it', async () => {
    const circle = await clientOf(() => ({ body: page(['1'], 'a') }));
    await expect(walked(circle.client)).rejects.toThrow(/came twice/);
    const blind = await clientOf(() => ({
      body: '{"data":[],"paging":{"next":"http://x/?limit=5"}}',
    }));
    await expect(walked(blind.client)).rejects.toThrow(/no cursor/);
  });
});
