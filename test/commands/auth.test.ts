import { existsSync, readFileSync, statSync } from 'node:fs';
import { Readable } from 'node:stream';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { runCli } from '../../src/cli.ts';
import { keepToken, keptToken, tokenCacheFile } from '../../src/platforms/meta/token-cache.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { adlake } from '../helpers/command-line.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { APP, tokenServer } from '../helpers/token-server.ts';

const TOKEN = 'EAAsyntheticTokenOfThisTest1234567890';
const LONG = 'EAAsyntheticLongLivedToken0987654321';
/** Of both tokens, and long enough not to stand in a name or a ciphertext by chance. */
const PART = 'EAAsynth';
const SECRET = 'a secret of some length';
const NOW = Temporal.Now.instant();
const DAY = 86_400;

function inDays(days: number): number {
  return Math.floor(NOW.epochMilliseconds / 1000) + days * DAY;
}

const GOOD = {
  app_id: APP.id,
  type: 'SYSTEM_USER',
  application: 'Synthetic App',
  is_valid: true,
  expires_at: 0,
  data_access_expires_at: 0,
  scopes: ['ads_read', 'public_profile'],
  user_id: '680',
};

function serverOf(facts: object) {
  return tokenServer({
    tokens: { [TOKEN]: { ...GOOD, ...facts } },
    exchanged: { access_token: LONG, token_type: 'bearer', expires_in: 60 * DAY - 16 },
  });
}

async function check(facts: object, env: Readonly<Record<string, string>> = {}) {
  const server = await serverOf(facts);
  const outcome = await adlake(['auth', 'check', '--lake', temporaryLake().home], {
    META_API_BASE_URL: server.url,
    META_ACCESS_TOKEN: TOKEN,
    ...env,
  });
  return { ...outcome, seen: server.seen };
}

describe('adlake auth login', () => {
  it('keeps the token that is piped in, for its owner alone, and shows nothing of it', async () => {
    const lake = temporaryLake();
    const env = { ADLAKE_SECRET: SECRET };
    const outcome = await adlake(['auth', 'login', '--lake', lake.home], env, `${TOKEN}\n`);
    expect(outcome.exitCode).toBe(0);
    expect(keptToken(lake, SECRET)?.token).toBe(TOKEN);
    expect(statSync(tokenCacheFile(lake)).mode & 0o777).toBe(0o600);
    expect(outcome.stdout + outcome.stderr).not.toContain(PART);
    expect(outcome.stdout).toContain(tokenCacheFile(lake));
  });

  it('says when META_ACCESS_TOKEN will win over what was kept', async () => {
    const env = { ADLAKE_SECRET: SECRET, META_ACCESS_TOKEN: 'other' };
    const argv = ['auth', 'login', '--lake', temporaryLake().home];
    expect((await adlake(argv, env, TOKEN)).stderr).toContain('META_ACCESS_TOKEN is set and wins');
  });

  it('refuses to keep anything without ADLAKE_SECRET', async () => {
    const lake = temporaryLake();
    const { exitCode, stderr } = await adlake(['auth', 'login', '--lake', lake.home], {}, TOKEN);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('Error CONFIG_INVALID: ADLAKE_SECRET is not set');
    expect(existsSync(tokenCacheFile(lake))).toBe(false);
  });

  it('refuses a short ADLAKE_SECRET without showing it', async () => {
    const { exitCode, stderr } = await adlake(['auth', 'login'], { ADLAKE_SECRET: 'hush' }, TOKEN);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('at least 12 characters');
    expect(stderr).not.toContain('hush');
  });

  it.each([
    ['nothing', ''],
    ['two words', 'EAAone EAAtwo'],
    ['two lines', 'EAAone\nEAAtwo\n'],
    ['far too much', 'E'.repeat(5000)],
  ])('refuses %s and repeats none of it', async (_, input) => {
    const argv = ['auth', 'login', '--lake', temporaryLake().home];
    const { exitCode, stderr } = await adlake(argv, { ADLAKE_SECRET: SECRET }, input);
    expect(exitCode).toBe(78);
    expect(stderr).toContain('The access token is expected on standard input');
    expect(stderr).not.toMatch(/EAAone|EAAtwo|E{9}/);
  });

  it('shows nothing of what is typed on a terminal, and takes back what is erased', async () => {
    const lake = temporaryLake();
    const raw: boolean[] = [];
    const keys = Readable.from([...`x\u007f${TOKEN}`, '\r', 'too late']);
    const terminal = Object.assign(keys, {
      isTTY: true,
      setRawMode: (isRaw: boolean) => raw.push(isRaw),
    });
    let shown = '';
    const write = (text: string) => {
      shown += text;
    };
    const exitCode = await runCli(['auth', 'login', '--lake', lake.home], {
      stdin: () => terminal,
      stdout: { write },
      stderr: { write, isTTY: true },
      onStop: () => () => {},
      cwd: lake.home,
      env: { ADLAKE_SECRET: SECRET },
    });
    expect({ exitCode, raw }).toEqual({ exitCode: 0, raw: [true, false] });
    expect(keptToken(lake, SECRET)?.token).toBe(TOKEN);
    expect(shown).toMatch(/^Access token \(it is not shown\): \n/);
    expect(shown).not.toContain(PART);
  });

  it.each([[[TOKEN]], [[`--token=${TOKEN}`]], [['--token', TOKEN]]])(
    'takes no token as an argument, and does not repeat it',
    async (more) => {
      const argv = ['auth', 'login', ...more, '--json', '--debug'];
      const { exitCode, stdout, stderr } = await adlake(argv, { ADLAKE_SECRET: SECRET }, TOKEN);
      expect(exitCode).toBe(78);
      expect(stdout + stderr).not.toContain(TOKEN);
    },
  );
});

describe('adlake auth check', () => {
  it('says where the token comes from, whose it is and that it is enough', async () => {
    const { exitCode, stdout } = await check({});
    expect(exitCode).toBe(0);
    expect(stdout).toContain('ok    the access token comes from META_ACCESS_TOKEN\n');
    expect(stdout).toContain(`a token of a system user, of the app ${APP.id} (Synthetic App)`);
    expect(stdout).toMatch(
      /it may read every dataset \(ads_read\): ad_accounts, campaigns, .*pixel_/,
    );
    expect(stdout).toContain('ok    the access token does not expire\n');
    expect(stdout).not.toMatch(/warn|fail/);
  });

  it('takes ads_management for ads_read', async () => {
    const { exitCode, stdout } = await check({ scopes: ['ads_management'] });
    expect({ exitCode, found: stdout.includes('every dataset (ads_management)') }).toEqual({
      exitCode: 0,
      found: true,
    });
  });

  it('names the datasets that cannot be read without ads_read', async () => {
    const { exitCode, stdout } = await check({ scopes: ['email'] });
    expect(exitCode).toBe(77);
    expect(stdout).toContain(
      'fail  it has no permission ads_read or ads_management, only: email\n',
    );
    expect(stdout).toMatch(/these datasets cannot be read: ad_accounts, .*insights_ad_day/);
  });

  it.each([
    ['8 days before', 8.5, 'ok    the access token expires on', 'in 8 days', 0],
    ['7 days before', 6.9, 'warn  the access token expires on', 'in 6 days', 0],
    ['on the last day', 0.5, 'warn  the access token expires on', 'in less than a day', 0],
    ['after its end', -1, 'fail  the access token expired on', '', 77],
  ])('speaks of the end of the token %s', async (_, days, what, left, code) => {
    const { exitCode, stdout } = await check({ expires_at: inDays(0) + days * DAY });
    const day = NOW.add({ minutes: Math.round(days * 1440) })
      .toString()
      .slice(0, 10);
    expect(stdout).toContain(`${what} ${day}`);
    expect(stdout).toContain(left);
    expect(exitCode).toBe(code);
  });

  it('warns before the access to data ends, which no exchange moves', async () => {
    const { stdout } = await check({ data_access_expires_at: inDays(3) });
    expect(stdout).toMatch(
      /warn {2}the access to data that its person gave expires on \S+, in [23] days/,
    );
  });

  it('warns when a permission names other accounts, and when the token is of another app', async () => {
    const granular = [{ scope: 'ads_read', target_ids: ['11', '12'] }];
    const env = { META_AD_ACCOUNT_ID: 'act_12,13', META_APP_ID: '99' };
    const { stdout, exitCode } = await check({ granular_scopes: granular }, env);
    expect(stdout).toContain('its permission ads_read names 2 objects, and not 13\n');
    expect(stdout).toContain(`it belongs to the app ${APP.id}, and META_APP_ID is 99\n`);
    expect(exitCode).toBe(0);
  });

  it('ends with 77 when Meta says that the token is not valid', async () => {
    const env = { META_APP_ID: APP.id, META_APP_SECRET: APP.secret, META_ACCESS_TOKEN: 'gone' };
    const { exitCode, stdout } = await check({}, env);
    expect(exitCode).toBe(77);
    expect(stdout).toContain('fail  the access token is not valid: Error validating access token');
  });

  it('ends with TOKEN_REFUSED when the token may not even ask about itself', async () => {
    const { exitCode, stderr } = await check({}, { META_ACCESS_TOKEN: 'gone-for-good' });
    expect(exitCode).toBe(77);
    expect(stderr).toContain('Error TOKEN_REFUSED');
    expect(stderr).not.toContain('gone-for-good');
  });

  it('asks with the token of the app when its id and secret are set, and proves the secret', async () => {
    const { exitCode, seen } = await check(
      {},
      { META_APP_ID: APP.id, META_APP_SECRET: APP.secret },
    );
    expect(exitCode).toBe(0);
    expect(seen.map((one) => one.authorization)).toEqual([`Bearer ${APP.id}|${APP.secret}`]);
    expect(seen[0]?.url).toMatch(/^\/v26\.0\/debug_token\?appsecret_proof=[0-9a-f]{64}$/);
  });

  it('puts no token and no secret into an address', async () => {
    const { seen } = await check({}, { META_APP_ID: APP.id, META_APP_SECRET: APP.secret });
    for (const { url } of seen) expect(url).not.toMatch(new RegExp(`${TOKEN}|${APP.secret}`));
    expect((await check({})).seen[0]).toMatchObject({
      method: 'POST',
      url: '/v26.0/debug_token',
      authorization: `Bearer ${TOKEN}`,
      body: `method=get&input_token=${TOKEN}`,
    });
  });

  it('gives programs the same as JSON', async () => {
    const server = await serverOf({ expires_at: 1_900_000_000 });
    const argv = ['auth', 'check', '--json', '--lake', temporaryLake().home];
    const env = { META_API_BASE_URL: server.url, META_ACCESS_TOKEN: TOKEN };
    const { stdout } = await adlake(argv, env);
    expect(JSON.parse(stdout)).toMatchObject({
      source: 'settings',
      token: { is_valid: true, type: 'SYSTEM_USER', expires_at: '2030-03-17T17:46:40Z' },
      findings: expect.any(Array),
    });
    expect(stdout).not.toContain(TOKEN);
  });

  it('tries again when the API is away for a moment', async () => {
    const server = await tokenServer({ tokens: { [TOKEN]: GOOD }, failing: 1 });
    const env = { META_API_BASE_URL: server.url, META_ACCESS_TOKEN: TOKEN };
    const argv = ['auth', 'check', '--lake', temporaryLake().home];
    expect((await adlake(argv, env)).exitCode).toBe(0);
    expect(server.seen.length).toBe(2);
  });
});

describe('adlake auth refresh', () => {
  const app = { META_APP_ID: APP.id, META_APP_SECRET: APP.secret, ADLAKE_SECRET: SECRET };

  it('keeps the long-lived token, says until when, and sends secrets in the body alone', async () => {
    const lake = temporaryLake();
    const server = await serverOf({});
    keepToken(
      lake,
      { token: TOKEN, stored_at: NOW.toString(), expires_at: null, data_access_expires_at: null },
      SECRET,
    );
    const env = { ...app, META_API_BASE_URL: server.url };
    const { exitCode, stdout, stderr } = await adlake(
      ['auth', 'refresh', '--lake', lake.home],
      env,
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain('It expires in 59 days.');
    const kept = keptToken(lake, SECRET);
    expect(kept?.token).toBe(LONG);
    const days = NOW.until(kept?.expires_at ?? '').total('hours') / 24;
    expect(days).toBeGreaterThan(59.9);
    expect(days).toBeLessThan(60.1);
    expect(server.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'POST /v26.0/oauth/access_token',
    ]);
    expect(stdout + readFileSync(tokenCacheFile(lake), 'utf8')).not.toMatch(
      /EAAsynth|synthetic-app/,
    );
  });

  it('leaves the kept token alone when Meta refuses', async () => {
    const lake = temporaryLake();
    const server = await serverOf({});
    keepToken(
      lake,
      { token: TOKEN, stored_at: NOW.toString(), expires_at: null, data_access_expires_at: null },
      SECRET,
    );
    const env = { ...app, META_APP_SECRET: 'wrong-secret-xyz', META_API_BASE_URL: server.url };
    const { exitCode, stderr } = await adlake(['auth', 'refresh', '--lake', lake.home], env);
    expect(exitCode).toBe(77);
    expect(stderr).toContain('Error validating client secret');
    expect(stderr).not.toContain('wrong-secret-xyz');
    expect(keptToken(lake, SECRET)?.token).toBe(TOKEN);
  });

  it.each([
    [{ META_APP_ID: APP.id, ADLAKE_SECRET: SECRET }, 'META_APP_SECRET is not set'],
    [{ META_APP_SECRET: APP.secret, ADLAKE_SECRET: SECRET }, 'META_APP_ID is not set'],
    [{ META_APP_ID: APP.id, META_APP_SECRET: APP.secret }, 'ADLAKE_SECRET is not set'],
  ])('asks nobody before everything it needs is set', async (some, said) => {
    const server = await serverOf({});
    const env = { META_ACCESS_TOKEN: TOKEN, META_API_BASE_URL: server.url, ...some };
    const { exitCode, stderr } = await adlake(
      ['auth', 'refresh', '--lake', temporaryLake().home],
      env,
    );
    expect(exitCode).toBe(78);
    expect(stderr).toContain(said);
    expect(server.seen).toEqual([]);
  });
});

describe('adlake auth permissions', () => {
  it('lists what was granted and what was declined', async () => {
    const server = await serverOf({});
    const env = { META_API_BASE_URL: server.url, META_ACCESS_TOKEN: TOKEN };
    const argv = ['auth', 'permissions', '--lake', temporaryLake().home];
    const { exitCode, stdout } = await adlake(argv, env);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/ads_read +granted\n *email +declined\n *public_profile +granted/);
  });
});

describe('against the sandbox', () => {
  // The sandbox's day is at noon in California all day long, and its token ends two hours later.
  it('a token is checked, refreshed and checked again, with the app of the sandbox', async () => {
    const sandbox = await startSandbox({ today: NOW.add({ hours: 12 }).toString().slice(0, 10) });
    const lake = temporaryLake().home;
    const env = {
      META_API_BASE_URL: sandbox.url,
      META_APP_ID: sandbox.app.id,
      META_APP_SECRET: sandbox.app.secret,
      ADLAKE_SECRET: SECRET,
    };
    const auth = (name: string, input = '') =>
      adlake(['auth', name, '--lake', lake], env, input).then(({ exitCode, stdout, stderr }) => {
        expect({ exitCode, stderr: stderr.includes('Error') }).toEqual({
          exitCode: 0,
          stderr: false,
        });
        return stdout;
      });
    await auth('login', sandbox.tokens.user);
    expect(await auth('check')).toContain('a token of a person, of the app');
    expect(await auth('permissions')).toMatch(/ads_read +granted/);
    await auth('refresh');
    expect(keptToken({ home: lake }, SECRET)?.token).toBe(sandbox.tokens.longLived);
    expect(await auth('check')).toMatch(/the access token expires on \S+, in (59|60|61) days/);
    await sandbox.close();
  });

  it.each([
    ['expired', 'fail  the access token is not valid'],
    ['revoked', 'fail  the access token is not valid'],
    ['unscoped', 'fail  it has no permission ads_read'],
  ] as const)('a token that is %s ends the check with 77', async (name, said) => {
    const sandbox = await startSandbox({ today: '2026-11-20' });
    const env = {
      META_API_BASE_URL: sandbox.url,
      META_APP_ID: sandbox.app.id,
      META_APP_SECRET: sandbox.app.secret,
      META_ACCESS_TOKEN: sandbox.tokens[name],
    };
    const argv = ['auth', 'check', '--lake', temporaryLake().home];
    const { exitCode, stdout } = await adlake(argv, env);
    await sandbox.close();
    expect(stdout).toContain(said);
    expect(exitCode).toBe(77);
  });
});

describe('without a token', () => {
  it.each(['check', 'permissions'])('auth %s ends with TOKEN_MISSING', async (name) => {
    const { exitCode, stderr } = await adlake(['auth', name, '--lake', temporaryLake().home]);
    expect(exitCode).toBe(77);
    expect(stderr).toContain('Error TOKEN_MISSING: There is no access token');
  });
});

describe('a kept token', () => {
  const kept = () => {
    const lake = temporaryLake();
    keepToken(
      lake,
      {
        token: TOKEN,
        stored_at: '2026-11-20T08:00:00Z',
        expires_at: null,
        data_access_expires_at: null,
      },
      SECRET,
    );
    return lake;
  };

  it('is what doctor and auth check say the token comes from', async () => {
    const lake = kept();
    const server = await serverOf({});
    const env = { ADLAKE_SECRET: SECRET, META_API_BASE_URL: server.url, META_AD_ACCOUNT_ID: '1' };
    const said = `the access token comes from ${tokenCacheFile(lake)}, kept on 2026-11-20`;
    expect((await adlake(['auth', 'check', '--lake', lake.home], env)).stdout).toContain(said);
    const doctor = await adlake(['doctor', '--lake', lake.home], env);
    expect(doctor.stdout).toContain(said);
    expect(doctor.stdout).toContain(
      `ADLAKE_SECRET: set, ${SECRET.length} characters (environment)`,
    );
    expect(doctor.stdout).not.toContain(SECRET);
  });

  it.each([
    ['run', {}, 'TOKEN_MISSING'],
    ['run', { ADLAKE_SECRET: 'another secret of some length' }, 'TOKEN_REFUSED'],
    ['plan', { ADLAKE_SECRET: 'another secret of some length' }, 'TOKEN_REFUSED'],
  ])(
    'without its secret stops %s with 77, and no sandbox is used instead',
    async (name, env, code) => {
      const lake = kept();
      const { exitCode, stderr } = await adlake([name, '--lake', lake.home], env);
      expect(exitCode).toBe(77);
      expect(stderr).toContain(`Error ${code}`);
      expect(existsSync(`${lake.home}/zones/landing/SANDBOX.txt`)).toBe(false);
    },
  );

  it('without its secret is what doctor calls broken', async () => {
    const { exitCode, stdout } = await adlake(['doctor', '--lake', kept().home]);
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(/^fail {2}An access token is kept in .* but ADLAKE_SECRET/m);
  });

  it('is what a run asks with', async () => {
    const lake = temporaryLake();
    const sandbox = await startSandbox({ today: '2026-11-20' });
    const env = {
      ADLAKE_SECRET: SECRET,
      META_API_BASE_URL: sandbox.url,
      META_AD_ACCOUNT_ID: sandbox.accountIds[0] ?? '',
    };
    await adlake(['auth', 'login', '--lake', lake.home], env, sandbox.token);
    const argv = ['extract', '--dataset', 'ad_accounts', '--today', '2026-11-20'];
    const { exitCode, stderr } = await adlake([...argv, '--lake', lake.home], env);
    await sandbox.close();
    expect(stderr).toContain('Pulled 1 row');
    expect(exitCode).toBe(0);
  });
});
