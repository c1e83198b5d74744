import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { type Asked, ask, type Json, post, read, withSandbox } from './ask.ts';

const TODAY = '2026-03-20';

/** An entry of a batch's answer. */
interface Entry {
  readonly code: number;
  readonly headers?: readonly { readonly name: string; readonly value: string }[];
  readonly body: string;
}

const get = (relative_url: string, more: Json = {}) => ({ method: 'GET', relative_url, ...more });
const entriesOf = (answer: Asked) => answer.json as unknown as readonly (Entry | null)[];
const errorOf = (answer: Asked) => answer.json.error as Json | undefined;
const batch = async (sandbox: Sandbox, entries: readonly object[], more: Json = {}) =>
  post(sandbox, '', { batch: entries, ...more });
const accountOf = (sandbox: Sandbox) => `act_${sandbox.accountIds[0]}`;

describe('a batch', () => {
  test('answers every entry in its order as if it had come alone, good or bad', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const paths = [
        `${accountOf(sandbox)}?fields=name,currency`,
        '120219999999999999',
        `${accountOf(sandbox)}/insights?fields=spend&level=account`,
        'me/permissions',
      ];
      const answer = await batch(
        sandbox,
        paths.map((path) => get(path)),
      );
      expect(answer.status).toBe(200);
      const entries = entriesOf(answer);
      expect(entries.map((entry) => entry?.code)).toEqual([200, 400, 200, 200]);
      for (const [place, path] of paths.entries()) {
        expect(typeof entries[place]?.body).toBe('string');
        expect(JSON.parse(entries[place]?.body ?? '')).toEqual((await ask(sandbox, path)).json);
      }
      const names = entries[2]?.headers?.map(({ name }) => name) ?? [];
      expect(names).toContain('x-business-use-case-usage');
    });
  });

  test('may be sent to the root without a version, when its entries name theirs', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const entries = JSON.stringify([get('v25.0/me'), get('me')]);
      const body = new URLSearchParams({ batch: entries, access_token: sandbox.token });
      const answer = await read(await fetch(`${sandbox.url}/`, { method: 'POST', body }));
      const [with25, without] = entriesOf(answer);
      expect(with25?.code).toBe(200);
      expect(with25?.headers).toContainEqual({ name: 'facebook-api-version', value: 'v25.0' });
      expect(JSON.parse(without?.body ?? '')).toMatchObject({ error: { code: 2635 } });
    });
  });

  test('has at most 50 entries', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const of = (count: number) =>
        batch(
          sandbox,
          Array.from({ length: count }, () => get('me')),
        );
      expect(entriesOf(await of(50))).toHaveLength(50);
      const refused = await of(51);
      expect([refused.status, errorOf(refused)?.code]).toEqual([400, 100]);
      expect(errorOf(refused)?.message).toContain('Maximum batch size is 50');
    });
  });

  test('orders reports and polls them', async () => {
    await withSandbox({ today: TODAY, reportPolls: 0 }, async (sandbox) => {
      const order = { method: 'POST', relative_url: `${accountOf(sandbox)}/insights` };
      const [ordered] = entriesOf(await batch(sandbox, [{ ...order, body: 'level=campaign' }]));
      const run = JSON.parse(ordered?.body ?? '').report_run_id as string;
      const [polled, page] = entriesOf(await batch(sandbox, [get(run), get(`${run}/insights`)]));
      expect(JSON.parse(polled?.body ?? '')).toMatchObject({ async_status: 'Job Completed' });
      expect(JSON.parse(page?.body ?? '').data.length).toBeGreaterThan(5);
    });
  });

  test('leaves out headers, and successes, when it is asked to', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const omit = { omit_response_on_success: true };
      const answer = await batch(sandbox, [get('me', omit), get('1', omit), get('me')], {
        include_headers: 'false',
      });
      const entries = entriesOf(answer);
      expect(entries.map((entry) => entry?.code ?? null)).toEqual([null, 400, 200]);
      expect(entries[2]).not.toHaveProperty('headers');
    });
  });

  test.each([
    ['no JSON', '[{'],
    ['no list', '{}'],
    ['an empty list', '[]'],
    ['a batch in a batch', JSON.stringify([{ method: 'POST', relative_url: '?batch=[]' }])],
  ])('is refused when it is %s', async (_, text) => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const answer = await post(sandbox, '', { batch: text });
      expect([answer.status, errorOf(answer)?.code]).toEqual([400, 100]);
    });
  });

  test('strange entries are answered with errors, and are no fault of the sandbox', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const strange = [null, 5, {}, { method: 'PUT', relative_url: 'me' }, { relative_url: 7 }];
      const answer = await post(sandbox, '', { batch: strange });
      expect(entriesOf(answer).map((entry) => entry?.code)).toEqual([400, 400, 400, 400, 400]);
    });
  });
});

describe('the faults of batches', () => {
  test('null-batch-entry makes entries null, and spares the third attempt', async () => {
    const options = { today: TODAY, faults: ['null-batch-entry'], faultRate: 0.5 } as const;
    await withSandbox(options, async (sandbox) => {
      const paths = Array.from({ length: 40 }, (_, place) => `me?fields=id&try=${place}`);
      const left = async (tries: readonly string[]) => {
        const entries = entriesOf(
          await batch(
            sandbox,
            tries.map((path) => get(path)),
          ),
        );
        return tries.filter((_, place) => entries[place] === null);
      };
      const once = await left(paths);
      expect(once.length).toBeGreaterThan(10);
      expect(once.length).toBeLessThan(30);
      const twice = await left(once);
      expect(twice.length).toBeGreaterThan(2);
      expect(await left(twice)).toEqual([]);
    });
  });

  test('a fault of single requests falls on single entries', async () => {
    const options = { today: TODAY, faults: ['transient'], faultRate: 0.3, seed: 4 } as const;
    await withSandbox(options, async (sandbox) => {
      const paths = Array.from({ length: 30 }, (_, place) => `me?fields=id&try=${place}`);
      const codes = new Set<unknown>();
      for (let attempt = 0; attempt < 3; attempt++) {
        const answer = await batch(
          sandbox,
          paths.map((path) => get(path)),
        );
        if (answer.status === 200) for (const entry of entriesOf(answer)) codes.add(entry?.code);
        else expect(answer.status).toBe(503);
      }
      expect(codes).toEqual(new Set([200, 503]));
    });
  });
});
