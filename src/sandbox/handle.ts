import type { IncomingMessage } from 'node:http';
import { checkToken } from './access.ts';
import { ACCOUNTS } from './account.ts';
import { parseDay } from './calendar.ts';
import { type Answer, answer, type RowMemory } from './endpoint.ts';
import type { Fault, FaultPlan } from './fault.ts';
import { sandboxFxRates } from './fx.ts';
import { errorBody, GraphError, invalid } from './graph-error.ts';
import { mix, saltOf } from './random.ts';
import { repeatsRows, spoilRows } from './row-fault.ts';
import { jsonReply, type Reply } from './send.ts';
import { usageHeaders } from './usage.ts';
import { readVersion } from './version.ts';
import type { Atlas } from './world.ts';

/** What a sandbox answers from. */
export interface Source {
  readonly atlas: Atlas;
  readonly token: string;
  readonly faults: FaultPlan;
  readonly memory: RowMemory;
}

/** A reply, and the fault that spoils it on its way. */
export interface Handled {
  readonly reply: Reply;
  readonly fault: Fault | undefined;
}

/** Parameters that v26.0 took away; the exact words of Meta's answer are not known. */
const REMOVED_PARAMS = ['pretty', 'debug', 'date_format'];
const DEFAULT_LIMIT = '25';
/** Ten years of rates in one answer are enough for any lake. */
const MAX_RATE_DAYS = 3660;

/** Answers a request as the Marketing API would. Never throws for anything a client can send. */
export function handle(request: IncomingMessage, source: Source): Handled {
  const url = addressOf(request);
  try {
    if (url.pathname === '/sandbox/fx_rates.csv') return { reply: rates(url), fault: undefined };
    return graphReply(request, url, source);
  } catch (thrown) {
    const error = thrown instanceof GraphError ? thrown : ownFault(thrown);
    return { reply: errorReply(error, url, {}), fault: undefined };
  }
}

/** A fault of the sandbox itself: said aloud in an answer, so that whoever embeds it goes on. */
function ownFault(thrown: unknown): GraphError {
  const message = `An unknown error occurred (in the sandbox itself: ${String(thrown)})`;
  return new GraphError({ status: 500, code: 1, message });
}

/** The request's address; a path that is no address counts as the root. */
function addressOf(request: IncomingMessage): URL {
  const base = `http://${request.headers.host ?? '127.0.0.1'}`;
  const path = (request.url ?? '/').replace(/^\/+/, '/');
  return URL.canParse(path, base) ? new URL(path, base) : new URL('http://127.0.0.1/');
}

function graphReply(request: IncomingMessage, url: URL, source: Source): Handled {
  if (url.searchParams.has('ids')) throw idsGone();
  const { path, version, warning } = readVersion(url.pathname);
  checkToken(tokenIn(request, url), source.token, path);
  checkRequest(request, url);
  const headers = {
    'facebook-api-version': version,
    ...(warning === undefined ? {} : { 'x-ad-api-version-warning': warning }),
  };
  const key = keyOf(url);
  const accountId = source.atlas.find(path[0] ?? '')?.world.account.id;
  const isInsights = path[1] === 'insights';
  const fault = source.faults.next({
    key,
    accountId,
    isInsights,
    limit: Number(url.searchParams.get('limit') ?? DEFAULT_LIMIT),
    hasCursor: url.searchParams.has('after'),
  });
  const about = { accountId: accountId ?? ACCOUNTS[0]?.id ?? '', isInsights };
  const limited = fault?.kind === 'error' && fault.limited;
  const all = { ...headers, ...usageHeaders({ ...about, limited }) };
  if (fault?.kind === 'error') {
    return { reply: errorReply(new GraphError(fault.detail), url, all), fault: undefined };
  }
  return { reply: answered(url, path, { source, key, headers: all }), fault };
}

function answered(
  url: URL,
  path: readonly string[],
  by: { readonly source: Source; readonly key: string; readonly headers: Record<string, string> },
): Reply {
  const { source, key, headers } = by;
  const address = new URL(url);
  address.searchParams.set('access_token', source.token);
  const repeats = url.searchParams.has('after') && repeatsRows(key, source.faults);
  try {
    const found: Answer = answer(
      { path, params: url.searchParams, address, repeats, memory: source.memory },
      source.atlas,
    );
    return jsonReply(200, spoilRows(found.body, source.faults), headers);
  } catch (thrown) {
    if (!(thrown instanceof GraphError)) throw thrown;
    return errorReply(thrown, url, headers);
  }
}

function checkRequest(request: IncomingMessage, url: URL): void {
  if (request.method !== 'GET') {
    throw new GraphError({
      status: 400,
      code: 100,
      type: 'GraphMethodException',
      message: `Unsupported ${(request.method ?? '').toLowerCase()} request. The sandbox serves GET only.`,
    });
  }
  const removed = REMOVED_PARAMS.find((name) => url.searchParams.has(name));
  if (removed !== undefined) {
    throw invalid(`The ${removed} query parameter is deprecated in v26.0+`);
  }
}

function tokenIn(request: IncomingMessage, url: URL): string | undefined {
  const [, bearer] = /^Bearer\s+(.*)$/i.exec(request.headers.authorization ?? '') ?? [];
  return bearer ?? url.searchParams.get('access_token') ?? undefined;
}

/** A request without its token: equal for a retry, and free of what must not be shown. */
function keyOf(url: URL): string {
  const bare = new URL(url);
  bare.searchParams.delete('access_token');
  bare.searchParams.sort();
  return `${bare.pathname}${bare.search}`;
}

function errorReply(error: GraphError, url: URL, headers: Readonly<Record<string, string>>): Reply {
  const trace = `A${mix(saltOf(keyOf(url)), error.detail.code).toString(36)}SYNTHETIC`;
  return jsonReply(error.detail.status, errorBody(error.detail, trace), headers);
}

function idsGone(): GraphError {
  return new GraphError({
    status: 500,
    code: 100,
    message: 'The ids query parameter is deprecated in v26.0+',
  });
}

function rates(url: URL): Reply {
  const since = url.searchParams.get('since') ?? '';
  const until = url.searchParams.get('until') ?? '';
  const [first, last] = [parseDay(since), parseDay(until)];
  if (first === undefined || last === undefined || last - first > MAX_RATE_DAYS) {
    throw invalid(
      `since and until must be days as YYYY-MM-DD, at most ${MAX_RATE_DAYS} days apart.`,
    );
  }
  const headers = { 'content-type': 'text/csv; charset=utf-8' };
  return { status: 200, headers, body: sandboxFxRates(since, until) };
}
