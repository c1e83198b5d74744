import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  REPORT_FAULTS,
  REPORT_PLATFORMS,
  type ReportSandbox,
  type ReportSandboxOptions,
  startReportSandbox,
} from '../../src/sandbox/reports/index.ts';
import { addDays } from '../../src/window.ts';
import type { Lake } from '../../src/zone.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { pullFrom, stagedOf, truthOf } from '../helpers/report-sandbox.ts';

const FIRST = '2026-03-20';
const open: ReportSandbox[] = [];
let today = FIRST;

async function sandbox(options: ReportSandboxOptions): Promise<ReportSandbox> {
  today = FIRST;
  const started = await startReportSandbox({ today: () => today, pageRows: 40, ...options });
  open.push(started);
  return started;
}

afterEach(async () => {
  await Promise.all(open.splice(0).map((one) => one.close()));
});

function allText(lake: Lake): string {
  const files = readdirSync(lake.home, { recursive: true, withFileTypes: true });
  return files
    .filter((file) => file.isFile())
    .map((file) => readFileSync(join(file.parentPath, file.name), 'latin1'))
    .join('\n');
}

describe.each(REPORT_PLATFORMS)('pulling %s', (platform) => {
  it('lands the truth, goes on after a part of it, asks nobody twice on a day, and replaces what was restated', async () => {
    const lake = temporaryLake();
    const source = await sandbox({ platform });
    const selection = { accounts: [source.world.accounts[0]?.id ?? ''], until: '2026-02-20' };
    const [part] = await pullFrom(source, { lake, today, more: { selection } });
    expect(part?.batches).toBeGreaterThan(0);
    const pulled = await pullFrom(source, { lake, today });
    expect(pulled.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(await stagedOf(lake, platform)).toEqual(truthOf(source, { first: FIRST, today }));
    const asked = source.requests();
    await pullFrom(source, { lake, today });
    expect(source.requests()).toBe(asked);
    today = addDays(FIRST, 3);
    await pullFrom(source, { lake, today });
    expect(await stagedOf(lake, platform)).toEqual(truthOf(source, { first: FIRST, today }));
  });

  it('gets through everything that goes wrong for a while', async () => {
    const lake = temporaryLake();
    const faults = REPORT_FAULTS.filter((one) => platform !== 'tiktok' || one !== 'token-expired');
    const source = await sandbox({ platform, faults, faultRate: 0.3, tokenRequests: 7 });
    const slept: number[] = [];
    const pulled = await pullFrom(source, { lake, today, slept: (one) => slept.push(one) });
    expect(pulled.map(({ error }) => error)).toEqual([undefined, undefined]);
    expect(slept.length).toBeGreaterThan(3);
    expect(await stagedOf(lake, platform)).toEqual(truthOf(source, { first: FIRST, today }));
    const { refreshToken, clientSecret, accessToken, developerToken } = source.secrets;
    const text = allText(lake);
    for (const secret of [refreshToken, clientSecret, accessToken, developerToken]) {
      expect(text).not.toContain(secret);
    }
  });

  it('says what opens the door when the token is refused, without the token', async () => {
    const lake = temporaryLake();
    const source = await sandbox({ platform });
    const wrong = 'wrong-token-of-somebody';
    const sources = { refreshToken: wrong, accessToken: wrong };
    const [account] = await pullFrom(source, { lake, today, sources });
    expect(account?.error?.code).toBe('TOKEN_REFUSED');
    expect(account?.error?.remedy).toMatch(/(GOOGLE_ADS|AMAZON_ADS)_REFRESH|TIKTOK_ACCESS_TOKEN/);
    expect(JSON.stringify(account)).not.toContain(wrong);
    expect(account?.batches).toBe(0);
  });
});

describe('a report that Amazon makes', () => {
  it('is ordered once, although the run that ordered it was killed', async () => {
    const lake = temporaryLake();
    const source = await sandbox({ platform: 'amazon' });
    const killed = async (): Promise<never> => {
      throw new Error('killed while it waited');
    };
    const accounts = [source.world.accounts[0]?.id ?? ''];
    const more = { selection: { accounts, since: '2026-03-01' } };
    await expect(pullFrom(source, { lake, today, more, sleep: killed })).rejects.toThrow('killed');
    const ordered = source.reports();
    expect(ordered).toBe(6);
    const [account] = await pullFrom(source, { lake, today, more });
    expect(account).toMatchObject({ batches: 6 });
    expect(source.reports()).toBe(ordered);
  });

  it('is taken over when Amazon has it already and the cache was deleted', async () => {
    const lake = temporaryLake();
    const source = await sandbox({ platform: 'amazon' });
    const accounts = [source.world.accounts[0]?.id ?? ''];
    const more = { selection: { accounts, since: '2026-03-01' } };
    await pullFrom(source, { lake, today, more });
    const [account] = await pullFrom(source, { lake: temporaryLake(), today, more });
    expect(account).toMatchObject({ batches: 6 });
    expect(source.reports()).toBe(6);
  });
});
