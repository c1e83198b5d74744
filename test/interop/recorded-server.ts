import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

type Json = Readonly<Record<string, unknown>>;

/** An answer that was recorded, and the cursor it was asked with; '' for the first page. */
interface Recorded {
  readonly cursor: string;
  readonly body: Json;
}

/** A server that plays recorded answers, and what it was asked. */
export interface RecordedServer {
  readonly url: string;
  /** The cursors that were asked for, in order, by list; '' is the first page. */
  readonly cursors: (list: string) => readonly string[];
  /** Addresses that nothing was recorded for. */
  readonly unknown: () => readonly string[];
  close(): Promise<void>;
}

/** What was recorded of one list of an account. */
export interface Recording {
  readonly accountId: string;
  /** The pages of each list in the order in which their cursors lead from one to the next. */
  readonly pages: ReadonlyMap<string, readonly Recorded[]>;
}

/**
 * Reads a recording: a list of requests and answers. First pages were asked for with `ids`, which
 * the API has given up; they are the first pages of the same lists.
 */
export function readRecording(path: string): Recording {
  const exchanges = JSON.parse(readFileSync(path, 'utf8')) as readonly Exchange[];
  const found = exchanges.map(recordedOf);
  const accountId = found.map((one) => one.accountId).find((id) => id !== '') ?? '';
  const lists = new Set(found.map((one) => one.list));
  return {
    accountId,
    pages: new Map(
      [...lists].map((list) => [list, chained(found.filter((one) => one.list === list))]),
    ),
  };
}

/**
 * Plays a recording: each page for its cursor, whatever fields, days or version are asked for, and
 * the account itself with a currency and a time zone, which were not recorded. `renamed` gives the
 * recorded list that is played for another one.
 */
export async function playRecording(
  recording: Recording,
  renamed: Readonly<Record<string, string>> = {},
): Promise<RecordedServer> {
  const asked: { readonly list: string; readonly cursor: string }[] = [];
  const unknown: string[] = [];
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    const [, , object, edge = ''] = url.pathname.split('/');
    const list = renamed[edge] ?? edge;
    const cursor = url.searchParams.get('after') ?? '';
    const page = recording.pages.get(list)?.find((one) => one.cursor === cursor);
    const isAccount = edge === '' && object === `act_${recording.accountId}`;
    const body = isAccount ? accountOf(recording.accountId) : page?.body;
    if (page !== undefined) asked.push({ list: edge, cursor });
    if (body === undefined || request.method !== 'GET')
      unknown.push(`${request.method} ${url.pathname}`);
    response.writeHead(body === undefined ? 400 : 200, { 'content-type': 'application/json' });
    response.end(JSON.stringify(body ?? NOT_RECORDED));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cursors: (list) => asked.filter((one) => one.list === list).map((one) => one.cursor),
    unknown: () => unknown,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

interface Exchange {
  readonly request: {
    readonly url: string;
    readonly query: Readonly<Record<string, string>> | null;
  };
  readonly response: { readonly body: Json };
}

interface Placed extends Recorded {
  readonly accountId: string;
  readonly list: string;
}

const NOT_RECORDED = {
  error: { message: '(#100) Not recorded', type: 'OAuthException', code: 100, fbtrace_id: 'A' },
};

function recordedOf({ request, response }: Exchange): Placed {
  const url = new URL(request.url);
  const parts = url.pathname.split('/');
  const list = parts.at(-1) ?? '';
  const ids = request.query?.ids;
  if (ids !== undefined) {
    return { accountId: '', list, cursor: '', body: response.body[ids] as Json };
  }
  const accountId = (parts.at(-2) ?? '').replace('act_', '');
  return { accountId, list, cursor: url.searchParams.get('after') ?? '', body: response.body };
}

/** Pages in the order of their cursors: the recording itself is in none. */
function chained(pages: readonly Placed[]): readonly Recorded[] {
  const chain: Recorded[] = [];
  for (let cursor: string | undefined = ''; cursor !== undefined; ) {
    const page = pages.find((one) => one.cursor === cursor);
    if (page === undefined) return chain;
    chain.push({ cursor: page.cursor, body: page.body });
    cursor = nextOf(page.body);
  }
  return chain;
}

function nextOf(body: Json): string | undefined {
  const { next } = (body.paging ?? {}) as { readonly next?: string };
  return next === undefined ? undefined : (new URL(next).searchParams.get('after') ?? undefined);
}

function accountOf(accountId: string): Json {
  return {
    id: `act_${accountId}`,
    account_id: accountId,
    name: 'Not recorded',
    currency: 'EUR',
    timezone_name: 'Europe/Prague',
    account_status: 1,
  };
}
