import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../src/checkout.ts';
import { isColorRefused, loadConfig } from '../src/config.ts';
import { AdlakeError } from '../src/errors.ts';

function folderWith(dotenv: string | null): string {
  const folder = mkdtempSync(join(tmpdir(), 'adlake-config-'));
  if (dotenv !== null) writeFileSync(join(folder, '.env'), dotenv);
  return folder;
}

function load(env: Readonly<Record<string, string>>, dotenv: string | null = null) {
  return loadConfig({ env, cwd: folderWith(dotenv) });
}

function errorOf(env: Readonly<Record<string, string>>, dotenv: string | null = null): AdlakeError {
  try {
    load(env, dotenv);
  } catch (error) {
    if (error instanceof AdlakeError) return error;
    throw error;
  }
  throw new Error('the settings were accepted');
}

describe('settings', () => {
  it('have defaults when nothing is set', () => {
    expect(load({}).config).toEqual({
      meta: {
        accessToken: null,
        accountIds: [],
        appId: null,
        appSecret: null,
        apiVersion: 'v26.0',
        apiBaseUrl: 'https://graph.facebook.com',
        rateLimitBuffer: 0.8,
        retryAttempts: 3,
        requestTimeoutSeconds: 30,
        inactiveThresholdDays: 7,
        activityCacheTtlHours: 24,
        enableActivityFiltering: true,
        lookbackDays: 28,
        detailDays: 7,
        firstPullDays: null,
        chunkDays: 7,
        reportRows: 5000,
        datasets: null,
      },
      sources: {
        google: { kind: 'none' },
        tiktok: { kind: 'none' },
        amazon: { kind: 'none' },
        lookbackDays: 30,
        firstPullDays: 365,
      },
      projectRoot: CHECKOUT,
      maxQuarantineShare: 0.01,
      alerts: { leastSeverity: 'warning', mail: null, slackUrl: null, webhookUrl: null },
      blockingChecks: ['no_future_day', 'ids_intact'],
      drift: [],
      fxBaseUrl: 'https://www.ecb.europa.eu/stats/eurofxref',
      secret: null,
    });
  });

  it('come from the environment first, then from .env', () => {
    const { config, origins } = load(
      { META_LOOKBACK_DAYS: '14' },
      'META_LOOKBACK_DAYS=7\nMETA_CHUNK_DAYS="3" # a comment\n',
    );
    expect(config.meta.lookbackDays).toBe(14);
    expect(config.meta.chunkDays).toBe(3);
    expect(origins).toMatchObject({
      META_LOOKBACK_DAYS: 'environment',
      META_CHUNK_DAYS: '.env',
      META_RETRY_ATTEMPTS: 'default',
    });
  });

  it('that are empty count as not set, and an empty one in the environment hides .env', () => {
    const { config } = load({ META_ACCESS_TOKEN: '' }, 'META_ACCESS_TOKEN=abc\nMETA_APP_ID=\n');
    expect(config.meta.accessToken).toBeNull();
    expect(config.meta.appId).toBeNull();
  });

  it('take account ids with and without act_, each once', () => {
    const { config } = load({ META_AD_ACCOUNT_ID: ' act_12, 34,12,, ' });
    expect(config.meta.accountIds).toEqual(['12', '34']);
  });

  it('keep account ids as text, however long', () => {
    const { config } = load({ META_AD_ACCOUNT_ID: 'act_123456789012345678' });
    expect(config.meta.accountIds).toEqual(['123456789012345678']);
  });

  it.each([
    ['true', true],
    ['YES', true],
    ['1', true],
    ['false', false],
    ['No', false],
    ['0', false],
  ])('read %s as %s', (text, value) => {
    const { config } = load({ META_ENABLE_ACTIVITY_FILTERING: text });
    expect(config.meta.enableActivityFiltering).toBe(value);
  });

  it('resolve a lake option against the current folder, before PROJECT_ROOT', () => {
    const cwd = folderWith(null);
    const { config, origins } = loadConfig({ env: { PROJECT_ROOT: '/other' }, cwd, lake: 'mine' });
    expect(config.projectRoot).toBe(join(cwd, 'mine'));
    expect(origins.PROJECT_ROOT).toBe('option');
    expect(loadConfig({ env: { PROJECT_ROOT: 'rel' }, cwd }).config.projectRoot).toBe(
      join(cwd, 'rel'),
    );
  });

  it('let the base URL end with a slash', () => {
    const { config } = load({ META_API_BASE_URL: 'http://127.0.0.1:8080/' });
    expect(config.meta.apiBaseUrl).toBe('http://127.0.0.1:8080');
  });
});

describe('a name that is no setting', () => {
  it.each([
    ['META_ACESS_TOKEN', 'META_ACCESS_TOKEN'],
    ['META_AD_ACCOUNT_IDS', 'META_AD_ACCOUNT_ID'],
    ['META_LOOKBACK', 'META_LOOKBACK_DAYS'],
    ['META_TOKEN', 'META_ACCESS_TOKEN'],
    ['ADLAKE_MAX_QUARANTINE_SHARES', 'ADLAKE_MAX_QUARANTINE_SHARE'],
  ])('%s is refused and %s is named', (wrong, right) => {
    const error = errorOf({ [wrong]: 'hidden-value' });
    expect(error).toMatchObject({ code: 'CONFIG_UNKNOWN_NAME', exitCode: 78 });
    expect(error.message).toContain(`Did you mean ${right}?`);
    expect(error.message + error.remedy).not.toContain('hidden-value');
  });

  it('is refused in .env too', () => {
    expect(errorOf({}, 'META_TOKEN=x\n').message).toContain('META_TOKEN, found in .env');
  });

  it('of another program is left alone', () => {
    expect(load({ METABASE_URL: 'x', PATH: '/bin' }).config.meta.accessToken).toBeNull();
  });
});

describe('a value that is not allowed', () => {
  it.each([
    ['META_AD_ACCOUNT_ID', '12;34'],
    ['META_AD_ACCOUNT_ID', ','],
    ['META_APP_ID', 'app'],
    ['META_API_VERSION', '26.0'],
    ['META_API_BASE_URL', 'graph.facebook.com'],
    ['META_API_BASE_URL', 'http://example.com'],
    ['META_API_BASE_URL', 'https://user:word@example.com'],
    ['META_RATE_LIMIT_BUFFER', '0'],
    ['META_RATE_LIMIT_BUFFER', '1.1'],
    ['META_RATE_LIMIT_BUFFER', '80%'],
    ['META_RETRY_ATTEMPTS', '-1'],
    ['META_RETRY_ATTEMPTS', '2.5'],
    ['META_REQUEST_TIMEOUT', '30s'],
    ['META_REQUEST_TIMEOUT', 'Infinity'],
    ['META_INACTIVE_THRESHOLD_DAYS', '0'],
    ['META_ACTIVITY_CACHE_TTL_HOURS', '1e3'],
    ['META_ENABLE_ACTIVITY_FILTERING', 'maybe'],
    ['META_LOOKBACK_DAYS', '0x1c'],
    ['META_FIRST_PULL_DAYS', '5000'],
    ['META_CHUNK_DAYS', '0'],
    ['META_DATASETS', 'Ads; campaigns'],
    ['ADLAKE_MAX_QUARANTINE_SHARE', '1,5'],
    ['ADLAKE_MAX_QUARANTINE_SHARE', '2'],
  ])('%s=%s is refused with what is allowed', (name, text) => {
    const error = errorOf({ [name]: text });
    expect(error).toMatchObject({ code: 'CONFIG_INVALID', exitCode: 78 });
    expect(error.message).toMatch(new RegExp(`^${name} must be .{20,}`));
    expect(error.message).toContain(JSON.stringify(text));
    expect(error.message).not.toContain('undefined');
  });

  it.each(['META_ACCESS_TOKEN', 'META_APP_SECRET'])('of %s is never shown', (name) => {
    const error = errorOf({ [name]: 'hush hush' });
    expect(error.message).toContain('a value of 9 characters');
    expect(JSON.stringify([error.message, error.remedy, error.cause])).not.toContain('hush');
  });
});

describe('colors', () => {
  it.each([
    [{}, false],
    [{ NO_COLOR: '' }, false],
    [{ NO_COLOR: '1' }, true],
    [{ TERM: 'dumb' }, true],
  ])('with %j are refused: %s', (env, isRefused) => {
    expect(isColorRefused(env)).toBe(isRefused);
  });
});
