import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { secretProof } from '../src/platforms/meta/secret.ts';
import { FAULT_NAMES, type FaultName, type Sandbox, startSandbox } from '../src/sandbox/index.ts';
import type { Lake } from '../src/zone.ts';
import { adlake, type Outcome } from './helpers/command-line.ts';
import { temporaryLake } from './helpers/lake.ts';
import { leaksIn, spellings } from './helpers/leaks.ts';

const TODAY = '2026-11-20';
const APP_SECRET = 'synthetic+app/secret=0123456789abcdef';
const APP = { secret: APP_SECRET } as const;
const SECRET = 'a secret of some length';

/** Far longer than a run takes; a fault that makes it wait longer is looked at where it stands. */
const LONGEST_SECONDS = 8;

/** A short history of few datasets, so that each fault is met in seconds. */
const SHORT = ['ad_accounts', 'campaigns', 'insights_campaign_day', 'pixel_events_hour'];
const ARGV = ['--today', TODAY, '--dataset', SHORT.join(','), '--debug', '--json'];

/** Runs at the same time: they mostly wait. */
const GROUP = 9;

function groupsOf(faults: readonly FaultName[]): readonly (readonly FaultName[])[] {
  const count = Math.ceil(faults.length / GROUP);
  return Array.from({ length: count }, (_, at) => faults.slice(at * GROUP, (at + 1) * GROUP));
}

function settings(url: string, accountIds: readonly string[]) {
  return {
    META_API_BASE_URL: url,
    META_AD_ACCOUNT_ID: accountIds.join(','),
    META_APP_SECRET: APP_SECRET,
    META_FIRST_PULL_DAYS: '4',
    META_CHUNK_DAYS: '2',
    META_LOOKBACK_DAYS: '4',
    META_RETRY_ATTEMPTS: '2',
    META_REQUEST_TIMEOUT: '5',
  };
}

/** What was done until the time is up, which begins with the first request; null when it was not done. */
async function bounded(sandbox: Sandbox, work: Promise<Outcome>): Promise<Outcome | null> {
  const stop = new AbortController();
  const outcome = await Promise.race([work, timeUp(sandbox, stop.signal).catch(() => null)]);
  stop.abort();
  return outcome;
}

async function timeUp(sandbox: Sandbox, signal: AbortSignal): Promise<null> {
  while (sandbox.requests() === 0) await sleep(50, null, { signal });
  return sleep(LONGEST_SECONDS * 1000, null, { signal, ref: false });
}

async function runWith(sandbox: Sandbox, lake: Lake, command: string): Promise<Outcome | null> {
  const env = settings(sandbox.url, sandbox.accountIds.slice(0, 2));
  const kept = { ...env, ADLAKE_SECRET: SECRET };
  await adlake(['auth', 'login', '--lake', lake.home], kept, sandbox.token);
  const outcome = await bounded(sandbox, adlake([command, ...ARGV, '--lake', lake.home], kept));
  await sandbox.close();
  return outcome;
}

describe('token, app secret, proof and ADLAKE_SECRET', () => {
  const secretsOf = ({ token }: Sandbox) =>
    spellings(token, APP_SECRET, SECRET, secretProof(APP_SECRET, token));

  it.each(groupsOf(FAULT_NAMES).map((group) => [group]))(
    'are nowhere in the lake and in nothing that is printed when the source has one of the faults %j',
    async (group) => {
      const runs = group.map(async (fault) => {
        const lake = temporaryLake();
        const sandbox = await startSandbox({
          today: TODAY,
          app: APP,
          faults: [fault],
          faultRate: 0.3,
        });
        const outcome = await runWith(sandbox, lake, 'extract');
        expect(sandbox.requests()).toBeGreaterThan(0);
        return { fault, found: leaksIn(lake, outcome, secretsOf(sandbox)) };
      });
      expect(await Promise.all(runs)).toEqual(group.map((fault) => ({ fault, found: [] })));
    },
    (LONGEST_SECONDS + 230) * 1000,
  );

  it('are nowhere after a whole run with most faults at once, and what status and doctor say of it', async () => {
    const lake = temporaryLake();
    const endless: readonly FaultName[] = ['expired-token'];
    const faults = FAULT_NAMES.filter((name) => !endless.includes(name));
    const sandbox = await startSandbox({ today: TODAY, app: APP, faults, faultRate: 0.1 });
    const outcome = await runWith(sandbox, lake, 'run');
    const secrets = secretsOf(sandbox);
    expect(leaksIn(lake, outcome, secrets)).toEqual([]);
    const env = { ...settings(sandbox.url, ['1']), ADLAKE_SECRET: SECRET };
    for (const command of ['status', 'doctor', 'plan']) {
      const said = await adlake([command, '--debug', '--json', '--lake', lake.home], env);
      expect(leaksIn(lake, said, secrets)).toEqual([]);
    }
  });
});

describe('an API that repeats what it was sent', () => {
  const TOKEN = 'EAAsynthetic|Token+of/this=test';

  /** Quotes the request in an error, or in a page that is kept. */
  function quoting(request: IncomingMessage, body: string): string {
    const { authorization } = request.headers;
    return `${request.method} ${request.url} ${decodeURIComponent(request.url ?? '')} with ${authorization} ${body} ${decodeURIComponent(body)} and ${APP_SECRET}`;
  }

  async function withEcho(
    answer: (quote: string) => readonly [number, string],
    work: (url: string) => Promise<void>,
  ): Promise<void> {
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const part of request) body += String(part);
      const [status, text] = answer(quoting(request, body));
      response.writeHead(status, { 'x-ad-api-version-warning': quoting(request, '') });
      response.end(text);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    try {
      await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  }

  const error = (code: number) => (message: string) =>
    [400, JSON.stringify({ error: { message, code, fbtrace_id: 'x' } })] as const;

  it.each([
    ['with a refused token', error(190)],
    ['with a missing permission', error(200)],
    ['with a refused question', error(100)],
    ['with a deprecated version', error(2635)],
    ['with a page of HTML', (quote: string) => [500, `<html>${quote}`] as const],
    ['in a page of data', (name: string) => [200, JSON.stringify({ data: [{ name }] })] as const],
  ])(
    '%s makes adlake repeat none of it',
    async (_, answer) => {
      await withEcho(answer, async (url) => {
        const lake = temporaryLake();
        const env = {
          ...settings(url, ['11']),
          META_ACCESS_TOKEN: TOKEN,
          META_APP_ID: '77',
          META_RETRY_ATTEMPTS: '0',
          ADLAKE_SECRET: SECRET,
        };
        const app = `77|${APP_SECRET}`;
        const proofs = [secretProof(APP_SECRET, TOKEN), secretProof(APP_SECRET, app)];
        const secrets = spellings(TOKEN, APP_SECRET, SECRET, ...proofs);
        const commands = [
          ['extract', ...ARGV],
          ['auth', 'check', '--debug'],
          ['auth', 'refresh', '--debug', '--json'],
          ['auth', 'permissions', '--debug'],
          ['status', '--json'],
          ['doctor'],
        ];
        for (const argv of commands) {
          const outcome = await adlake([...argv, '--lake', lake.home], env);
          expect({ argv, found: leaksIn(lake, outcome, secrets) }).toEqual({ argv, found: [] });
        }
      });
    },
    30_000,
  );
});

describe.skipIf(!existsSync('/proc/self/cmdline'))('the list of processes', () => {
  it('holds no token while adlake starts and works', async () => {
    const root = fileURLToPath(new URL('..', import.meta.url));
    const sandbox = await startSandbox({ today: TODAY, app: APP, faults: ['slow'], faultRate: 1 });
    const lake = temporaryLake();
    const env = {
      ...settings(sandbox.url, sandbox.accountIds.slice(0, 1)),
      META_ACCESS_TOKEN: sandbox.token,
      PATH: process.env.PATH,
      PROJECT_ROOT: lake.home,
    };
    const script = join(root, 'scripts/extract.mjs');
    const argv = [script, '--dataset', 'ad_accounts', '--today', TODAY];
    const child = spawn(process.execPath, argv, { cwd: lake.home, env, stdio: 'ignore' });
    const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
    const seen = new Set<string>();
    while (child.exitCode === null && child.signalCode === null) {
      for (const line of commandLines()) seen.add(line);
      await sleep(20);
    }
    await sandbox.close();
    expect(await ended).toBe(0);
    const lines = [...seen];
    expect(lines.some((line) => line.includes('extract.mjs'))).toBe(true);
    const secrets = spellings(sandbox.token, APP_SECRET);
    expect(lines.filter((line) => secrets.some((secret) => line.includes(secret)))).toEqual([]);
  });

  function commandLines(): readonly string[] {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => {
        try {
          return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
        } catch {
          return [];
        }
      });
  }
});
