import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { type Asked, addressOf, type Json, type Params, read, withSandbox } from './ask.ts';

const TODAY = '2026-03-20';
const errorOf = (answer: Asked) => answer.json.error as Json | undefined;
const proofOf = (sandbox: Sandbox, token: string) =>
  createHmac('sha256', sandbox.app.secret).update(token).digest('hex');

async function bare(sandbox: Sandbox, path: string, params: Params): Promise<Asked> {
  return read(await fetch(addressOf(sandbox, path, params)));
}

const debug = async (sandbox: Sandbox, input_token: string) =>
  (
    await bare(sandbox, '/debug_token', {
      input_token,
      access_token: `${sandbox.app.id}|${sandbox.app.secret}`,
    })
  ).json.data as Json;

describe('a token', () => {
  test.each([
    ['expired', 190, 463],
    ['revoked', 190, 460],
    ['unscoped', 200, undefined],
  ] as const)('that is %s answers %i with subcode %s', async (name, code, subcode) => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const access_token = sandbox.tokens[name];
      for (const path of ['/v26.0/me/adaccounts', `/v26.0/act_${sandbox.accountIds[0]}`]) {
        const error = errorOf(await bare(sandbox, path, { access_token }));
        expect([error?.code, error?.error_subcode]).toEqual([code, subcode]);
      }
    });
  });

  test('that is good reads the same as any other, and is in the address of the next page', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const path = `/v26.0/act_${sandbox.accountIds[0]}/campaigns`;
      const [one, two] = await Promise.all(
        [sandbox.token, sandbox.tokens.user].map((access_token) =>
          bare(sandbox, path, { access_token, limit: 2 }),
        ),
      );
      expect(one?.data).toEqual(two?.data);
      expect(JSON.stringify(two?.json.paging)).toContain(sandbox.tokens.user);
    });
  });

  test('for 90 minutes is over on the next day, one for 60 days is not', async () => {
    let today = TODAY;
    await withSandbox({ today: () => today }, async (sandbox) => {
      const status = async (access_token: string) =>
        (await bare(sandbox, '/v26.0/me', { access_token })).status;
      expect(await status(sandbox.tokens.user)).toBe(200);
      today = '2026-03-21';
      expect(await status(sandbox.tokens.user)).toBe(400);
      expect(await status(sandbox.tokens.longLived)).toBe(200);
      today = '2026-05-25';
      expect(await status(sandbox.tokens.longLived)).toBe(400);
      expect(await status(sandbox.token)).toBe(200);
    });
  });

  test('of a test is known with its scopes, and its permissions are listed', async () => {
    const tokens = [{ token: 'EAAOWN', scopes: ['ads_management'], type: 'USER' as const }];
    await withSandbox({ today: TODAY, tokens }, async (sandbox) => {
      const params = { access_token: 'EAAOWN' };
      expect((await bare(sandbox, '/v26.0/me/permissions', params)).data).toEqual([
        { permission: 'ads_management', status: 'granted' },
      ]);
      expect((await bare(sandbox, '/v26.0/me/adaccounts', params)).data).toHaveLength(3);
    });
  });
});

describe('appsecret_proof', () => {
  test('is checked wherever it is sent, and is only needed when the app says so', async () => {
    const [right, wrong] = [{ needsProof: false }, { needsProof: true }];
    for (const app of [right, wrong]) {
      await withSandbox({ today: TODAY, app }, async (sandbox) => {
        const access_token = sandbox.token;
        const ask = (more: Params) => bare(sandbox, '/v26.0/me', { access_token, ...more });
        expect((await ask({ appsecret_proof: proofOf(sandbox, access_token) })).status).toBe(200);
        const forged = await ask({ appsecret_proof: proofOf(sandbox, sandbox.tokens.user) });
        expect(errorOf(forged)).toMatchObject({
          code: 100,
          type: 'GraphMethodException',
          message: 'Invalid appsecret_proof provided in the API argument',
        });
        const none = await ask({});
        expect(errorOf(none)?.message).toBe(
          app.needsProof
            ? 'API calls from the server require an appsecret_proof argument'
            : undefined,
        );
      });
    }
  });

  test('of a batch counts for its entries', async () => {
    await withSandbox({ today: TODAY, app: { needsProof: true } }, async (sandbox) => {
      const send = async (proof: string) => {
        const body = new URLSearchParams({
          batch: JSON.stringify([{ method: 'GET', relative_url: 'me' }]),
          access_token: sandbox.token,
          appsecret_proof: proof,
        });
        const url = `${sandbox.url}/v26.0/`;
        const answer = await read(await fetch(url, { method: 'POST', body }));
        return (answer.json as unknown as readonly Json[])[0]?.code;
      };
      expect(await send(proofOf(sandbox, sandbox.token))).toBe(200);
      expect(await send('0'.repeat(64))).toBe(400);
    });
  });
});

describe('/debug_token', () => {
  test('says type, scopes and expiry of a token, and 0 for one that never expires', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      expect(await debug(sandbox, sandbox.token)).toMatchObject({
        app_id: sandbox.app.id,
        type: 'SYSTEM_USER',
        is_valid: true,
        expires_at: 0,
        data_access_expires_at: 0,
        scopes: ['ads_read', 'business_management', 'public_profile'],
      });
      const user = await debug(sandbox, sandbox.tokens.user);
      expect(user).toMatchObject({ type: 'USER', is_valid: true });
      expect(Number(user.expires_at) - Number(user.issued_at)).toBe(5400);
      expect(Number(user.data_access_expires_at)).toBeGreaterThan(Number(user.expires_at));
    });
  });

  test('says of an invalid token why, without being an error', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const expired = await debug(sandbox, sandbox.tokens.expired);
      expect(expired).toMatchObject({ is_valid: false, error: { code: 190, subcode: 463 } });
      const unknown = await debug(sandbox, 'EAAnobody');
      expect(unknown).toMatchObject({ is_valid: false, error: { code: 190 }, scopes: [] });
    });
  });

  test('asks for a token of its own, and for one to look at', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const path = '/v26.0/debug_token';
      const { token } = sandbox;
      expect((await bare(sandbox, path, { input_token: token })).status).toBe(400);
      expect((await bare(sandbox, path, { access_token: token })).status).toBe(400);
      const own = await bare(sandbox, path, { input_token: token, access_token: token });
      expect(own.json.data).toMatchObject({ is_valid: true });
    });
  });
});

describe('the exchange', () => {
  const exchange = (sandbox: Sandbox, more: Params) =>
    bare(sandbox, '/v26.0/oauth/access_token', {
      grant_type: 'fb_exchange_token',
      client_id: sandbox.app.id,
      client_secret: sandbox.app.secret,
      fb_exchange_token: sandbox.tokens.user,
      ...more,
    });

  test('gives a token for about 60 days', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const { json } = await exchange(sandbox, {});
      expect(json).toEqual({
        access_token: sandbox.tokens.longLived,
        token_type: 'bearer',
        expires_in: 5183944,
      });
      const access_token = String(json.access_token);
      expect((await bare(sandbox, '/v26.0/me', { access_token })).status).toBe(200);
      const same = await exchange(sandbox, { fb_exchange_token: sandbox.token });
      expect(same.json).toEqual({ access_token: sandbox.token, token_type: 'bearer' });
    });
  });

  test('refuses another app, another secret, and a token that is not valid', async () => {
    await withSandbox({ today: TODAY }, async (sandbox) => {
      const code = async (more: Params) => errorOf(await exchange(sandbox, more))?.code;
      expect(await code({ client_id: '1' })).toBe(101);
      expect(await code({ client_secret: 'no' })).toBe(1);
      expect(await code({ fb_exchange_token: sandbox.tokens.revoked })).toBe(190);
      expect(await code({ grant_type: 'client_credentials' })).toBe(100);
    });
  });
});
