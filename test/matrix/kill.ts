import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Sandbox, type SandboxOptions, startSandbox } from '../../src/sandbox/index.ts';
import type { Lake } from '../../src/zone.ts';
import { type RawRows, rawRows } from './raw-rows.ts';

/** What came of a pull that was killed and begun again. */
export interface Killed {
  /** Requests of the first process, the one at which it was killed included. */
  readonly requestsBefore: number;
  readonly requestsAfter: number;
  /** Reports whose id the first process had already used, and which were ordered again all the same. */
  readonly orderedAgain: readonly string[];
  readonly rows: RawRows;
  readonly exitCode: number | null;
}

/** When a process is killed: as its n-th request arrives, or once the answer to it was sent. */
export type Moment = 'before the answer' | 'after the answer';

/** The day of all kills. */
const TODAY = '2026-11-20';
const WORLD: SandboxOptions = {
  today: TODAY,
  size: { accounts: 2, campaigns: 6, inactive: 0, on: TODAY },
  pageRows: 40,
  reportPolls: 1,
};
const DATASETS = ['campaigns', 'ads', 'insights_campaign_day', 'insights_ad_day'];
const SETTINGS = {
  META_FIRST_PULL_DAYS: '4',
  META_LOOKBACK_DAYS: '4',
  META_CHUNK_DAYS: '2',
  META_RETRY_ATTEMPTS: '3',
};
const PROGRAM = fileURLToPath(new URL('../../scripts/adlake.mjs', import.meta.url));

/** How insights are asked for: page by page, or as reports. */
export type Way = 'pages' | 'reports';

/** Pulls in one process that nobody disturbs: how many requests it takes, and what lands. */
export async function pullUndisturbed(way: Way): Promise<Killed> {
  return killAt(Number.POSITIVE_INFINITY, { way, moment: 'before the answer' });
}

/**
 * Pulls in a process of its own, kills it (SIGKILL) at its n-th request, pulls again in another
 * process to the end, and gives what has landed as raw.
 */
export async function killAt(
  place: number,
  how: { readonly way: Way; readonly moment: Moment },
): Promise<Killed> {
  const sandbox = await startSandbox(WORLD);
  const home = mkdtempSync(join(tmpdir(), 'adlake-kill-'));
  const watch = await openWatch(sandbox);
  try {
    const pulls = { lake: { home }, watch, sandbox, way: how.way };
    const first = await pullInProcess({ ...pulls, kill: { place, moment: how.moment } });
    const before = watch.seen.splice(0);
    const again = first === 'ended' ? null : await pullInProcess(pulls);
    return {
      requestsBefore: before.length,
      requestsAfter: watch.seen.length,
      orderedAgain: orderedAgain(before, watch.seen),
      rows: await rawRows({ home }),
      exitCode: again === 'killed' ? null : watch.exitCode(),
    };
  } finally {
    await watch.close();
    await sandbox.close();
    rmSync(home, { recursive: true, force: true });
  }
}

/** A request that went by, and the id of the report that it ordered. */
interface Seen {
  readonly text: string;
  readonly isOrder: boolean;
  reportId: string | undefined;
}

/** Stands between a process and the sandbox, sees every request, and can kill at one of them. */
interface Watch {
  readonly url: string;
  readonly seen: Seen[];
  /** Is called as the request of a place arrives, and when its answer has been sent. */
  onRequest: ((place: number, moment: Moment) => boolean) | undefined;
  exitCode: () => number | null;
  close(): Promise<void>;
}

async function openWatch(sandbox: Sandbox): Promise<Watch> {
  const seen: Seen[] = [];
  const server = createServer((incoming, response) => {
    void passOn(incoming, response, { sandbox, watch });
  });
  server.keepAliveTimeout = 600_000;
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const watch: Watch = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    onRequest: undefined,
    exitCode: () => null,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return watch;
}

async function passOn(
  incoming: IncomingMessage,
  response: ServerResponse,
  by: { readonly sandbox: Sandbox; readonly watch: Watch },
): Promise<void> {
  const body = await bytesOf(incoming).catch(() => undefined);
  if (body === undefined) return;
  const { watch, sandbox } = by;
  const text = `${incoming.method} ${decodeURIComponent(incoming.url ?? '')} ${decodeURIComponent(body.toString())}`;
  const isOrder = incoming.method === 'POST' && /\/insights\b/.test(incoming.url ?? '');
  const entry: Seen = { text, isOrder, reportId: undefined };
  const place = watch.seen.push(entry);
  if (watch.onRequest?.(place, 'before the answer') === true) return;
  const url = new URL(incoming.url ?? '/', sandbox.url);
  const onward = request(url, { method: incoming.method, headers: incoming.headers }, (answer) => {
    void bytesOf(answer).then((bytes) => {
      if (isOrder) entry.reportId = /"report_run_id":"(\d+)"/.exec(bytes.toString())?.[1];
      response.writeHead(answer.statusCode ?? 500, answer.headers);
      response.end(bytes, () => watch.onRequest?.(place, 'after the answer'));
    });
  });
  onward.end(body);
}

async function bytesOf(stream: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

/**
 * Reports that the first process asked after (so that their ids were saved before), and that the
 * second ordered once more.
 */
function orderedAgain(before: readonly Seen[], after: readonly Seen[]): readonly string[] {
  const saved = before.filter(
    ({ isOrder, reportId }) =>
      isOrder &&
      reportId !== undefined &&
      before.some(({ text, isOrder: isOther }) => !isOther && text.includes(reportId)),
  );
  return saved
    .map(({ text }) => text)
    .filter((text) => after.some((other) => other.isOrder && other.text === text));
}

async function pullInProcess(by: {
  readonly lake: Lake;
  readonly watch: Watch;
  readonly sandbox: Sandbox;
  readonly way: Way;
  readonly kill?: { readonly place: number; readonly moment: Moment };
}): Promise<'ended' | 'killed'> {
  const { lake, watch, sandbox, way, kill } = by;
  const datasets = DATASETS.flatMap((name) => ['--dataset', name]);
  const argv = ['extract', '--lake', lake.home, '--today', TODAY, ...datasets];
  const child = spawn(process.execPath, [PROGRAM, ...argv], {
    cwd: tmpdir(),
    stdio: 'ignore',
    env: {
      PATH: process.env.PATH,
      META_API_BASE_URL: watch.url,
      META_ACCESS_TOKEN: sandbox.token,
      META_AD_ACCOUNT_ID: sandbox.accountIds.join(','),
      ...(way === 'reports' ? { META_REPORT_ROWS: '1' } : {}),
      ...SETTINGS,
    },
  });
  watch.onRequest = (place, moment) => {
    if (place !== kill?.place || moment !== kill.moment) return false;
    child.kill('SIGKILL');
    return true;
  };
  const ended = new Promise<'ended' | 'killed'>((resolve) => {
    child.once('exit', (code, signal) => {
      watch.exitCode = () => code;
      resolve(signal === null ? 'ended' : 'killed');
    });
  });
  const how = await ended;
  watch.onRequest = undefined;
  return how;
}
