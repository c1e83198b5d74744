import { writeFileSync } from 'node:fs';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, it } from 'vitest';
import { keepToken, tokenCacheFile } from '../../src/platforms/meta/token-cache.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { adlake } from '../helpers/command-line.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { tokenServer } from '../helpers/token-server.ts';

const TODAY = '2026-11-20';
const UPGRADED =
  'Meta warns of version v24.0: The call has been auto-upgraded to v26.0 as v24.0 has been deprecated (last on ';
const REMEDY = 'Set META_API_VERSION to v26.0';

describe('a version that Meta warns of', () => {
  it('is said by the run, and by status and doctor after it, until another is set', async () => {
    const sandbox = await startSandbox({ today: TODAY });
    const lake = temporaryLake().home;
    const env = {
      META_API_BASE_URL: sandbox.url,
      META_ACCESS_TOKEN: sandbox.token,
      META_AD_ACCOUNT_ID: sandbox.accountIds[0] ?? '',
      META_API_VERSION: 'v24.0',
    };
    const argv = [
      'extract',
      '--dataset',
      'ad_accounts',
      '--today',
      TODAY,
      '--lake',
      lake,
      '--json',
    ];
    const run = await adlake(argv, env);
    await sandbox.close();
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toMatch(
      /^WARNING: version v24\.0 of the Marketing API expired on 2026-10-06/m,
    );
    expect(run.stderr).toContain(`WARNING: ${UPGRADED}`);
    expect(run.stderr).toContain(REMEDY);
    expect(JSON.parse(run.stdout)).toMatchObject({
      warnings: [{ remedy: expect.stringContaining(REMEDY) }, { what: expect.any(String) }],
    });
    const status = await adlake(['status', '--lake', lake], env);
    expect(status.stderr).toContain(UPGRADED);
    const doctor = await adlake(['doctor', '--lake', lake], env);
    expect(doctor.stdout).toContain(`warn  ${UPGRADED}`);
    const mended = await adlake(['status', '--lake', lake], { ...env, META_API_VERSION: 'v26.0' });
    expect(mended.stderr).not.toContain('Meta warns');
  });

  it('and one that nothing is known against is called so by doctor', async () => {
    const { stdout } = await adlake(['doctor', '--lake', temporaryLake().home]);
    expect(stdout).toContain('ok    nothing is known against version v26.0 of the API\n');
  });
});

describe('a kept token that ends soon', () => {
  const SECRET = 'a secret of some length';
  const TOKEN = 'EAAsyntheticTokenOfThisTest';
  const soon = Temporal.Now.instant().add({ hours: 80 });

  it('is learnt from auth check, and said by every status after it', async () => {
    const lake = temporaryLake();
    const server = await tokenServer({
      tokens: {
        [TOKEN]: {
          is_valid: true,
          type: 'USER',
          scopes: ['ads_read'],
          expires_at: Math.floor(soon.epochMilliseconds / 1000),
          data_access_expires_at: 0,
        },
      },
    });
    const env = { ADLAKE_SECRET: SECRET, META_API_BASE_URL: server.url };
    await adlake(['auth', 'login', '--lake', lake.home], env, TOKEN);
    expect((await adlake(['status', '--lake', lake.home], env)).stderr).not.toContain('expires');
    await adlake(['auth', 'check', '--lake', lake.home], env);
    const said = `the access token expires on ${soon.toString().slice(0, 10)}, in 3 days`;
    expect((await adlake(['status', '--lake', lake.home], env)).stderr).toContain(said);
    expect((await adlake(['doctor', '--lake', lake.home], env)).stdout).toContain(`warn  ${said}`);
    const other = { ...env, META_ACCESS_TOKEN: 'another' };
    expect((await adlake(['status', '--lake', lake.home], other)).stderr).not.toContain('expires');
  });

  it('is no reason to fail when its file is damaged: status does not need it', async () => {
    const lake = temporaryLake();
    const dates = { stored_at: soon.toString(), expires_at: null, data_access_expires_at: null };
    keepToken(lake, { token: TOKEN, ...dates }, SECRET);
    writeFileSync(tokenCacheFile(lake), '{');
    expect((await adlake(['status', '--lake', lake.home])).exitCode).toBe(0);
  });
});
