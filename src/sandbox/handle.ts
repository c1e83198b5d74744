import { checkAccess } from './access.ts';
import { answerBatch, type Handled, isBatch } from './batch.ts';
import { parseDay } from './calendar.ts';
import type { Answer, RowMemory } from './call.ts';
import { answer } from './endpoint.ts';
import { noon } from './entity-part.ts';
import type { FaultPlan } from './fault.ts';
import { sandboxFxRates } from './fx.ts';
import { errorBody, GraphError, invalid } from './graph-error.ts';
import { mix, saltOf } from './random.ts';
import type { RunStore } from './report-run.ts';
import type { GraphRequest } from './request.ts';
import { repeatsRows, spoilRows } from './row-fault.ts';
import { jsonReply, type Reply } from './send.ts';
import { daysAskedFor } from './span.ts';
import { tokenAnswer } from './token-answer.ts';
import type { KnownToken, TokenRegistry } from './token-registry.ts';
import { usageHeaders } from './usage.ts';
import type { UsageMeter } from './usage-meter.ts';
import { type ExpiredVersions, readRoot, readVersion } from './version.ts';
import type { Atlas } from './world.ts';

/** What a sandbox answers from. */
export interface Source {
  readonly atlas: Atlas;
  readonly tokens: TokenRegistry;
  readonly faults: FaultPlan;
  readonly memory: RowMemory;
  readonly runs: RunStore;
  readonly meter: UsageMeter;
  /** How many polls of a report go by until it is complete. */
  readonly reportPolls: number;
  readonly hidesMixed: boolean;
  /** Most values (rows by fields) of one insights query; Infinity: no limit. */
  readonly dataLimit: number;
  /** Most rows of a page, whatever is asked for; Infinity: as many as are. */
  readonly pageRows: number;
  readonly expired: ExpiredVersions;
  readonly accountIds: readonly string[];
  /** How many calls were answered: every entry of a batch is one. */
  readonly tally: { calls: number };
}

/** Parameters that v26.0 took away; the exact words of Meta's answer are not known. */
const REMOVED_PARAMS = ['pretty', 'debug', 'date_format'];
const SECRET_PARAMS = ['access_token', 'appsecret_proof'];
const DEFAULT_LIMIT = '25';
/** Ten years of rates in one answer are enough for any lake. */
const MAX_RATE_DAYS = 3660;

/** Answers a request as the Marketing API would. Never throws for anything a client can send. */
export function handle(request: GraphRequest, source: Source): Handled {
  const { url } = request;
  try {
    if (url.pathname === '/sandbox/fx_rates.csv') return { reply: rates(url), fault: undefined };
    const aboutToken = tokenReply(request, source);
    if (aboutToken !== undefined) return { reply: aboutToken, fault: undefined };
    return isBatch(request) ? batchReply(request, source) : graphReply(request, source);
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

/** Answers a question about a token; undefined for any other request. */
function tokenReply(request: GraphRequest, source: Source): Reply | undefined {
  const body = tokenAnswer(request.url.pathname, {
    params: request.url.searchParams,
    token: tokenIn(request),
    registry: source.tokens,
    now: nowIn(source),
    allExpired: source.faults.rateOf('expired-token') === 1,
  });
  return body === undefined ? undefined : jsonReply(200, body, {});
}

/** A batch as a whole: its own faults, and the answers of its entries. */
function batchReply(request: GraphRequest, source: Source): Handled {
  const version = readRoot(request.url.pathname, source.expired);
  const key = keyOf(request);
  const about = { accountId: undefined, isInsights: false, limit: 0, hasCursor: false, days: 0 };
  const fault = source.faults.next({ key, list: key, ...about });
  if (fault?.kind === 'error' && fault.limited !== 'account') throw new GraphError(fault.detail);
  const entries = answerBatch(request, {
    version,
    handle: (entry) => handle(entry, source),
    drops: (entry) => source.faults.strikes('null-batch-entry', keyOf(entry)),
  });
  return { reply: jsonReply(200, entries, {}), fault };
}

function graphReply(request: GraphRequest, source: Source): Handled {
  source.tally.calls += 1;
  const { url } = request;
  if (url.searchParams.has('ids')) throw idsGone();
  const { path, version, warning } = readVersion(url.pathname, source.expired);
  const proof = url.searchParams.get('appsecret_proof') ?? undefined;
  const token = checkAccess({ token: tokenIn(request), proof, path }, source.tokens, nowIn(source));
  checkRequest(request, path);
  const headers = {
    'facebook-api-version': version,
    ...(warning === undefined ? {} : { 'x-ad-api-version-warning': warning }),
  };
  const key = keyOf(request);
  const run = source.runs.find(path[0] ?? '');
  const world = (run?.object ?? source.atlas.find(path[0] ?? ''))?.world;
  const accountId = world?.account.id;
  const isInsights = path[1] === 'insights' || run !== undefined;
  const measured = world === undefined ? undefined : source.meter.charge(world, isInsights);
  const fault = source.faults.next({
    key,
    list: listOf(url),
    accountId,
    isInsights,
    limit: Number(url.searchParams.get('limit') ?? DEFAULT_LIMIT),
    hasCursor: url.searchParams.has('after'),
    days: isInsights ? daysAskedFor(url.searchParams) : 0,
  });
  const about = { accountId: accountId ?? source.accountIds[0] ?? '', isInsights };
  const limited = fault?.kind === 'error' ? fault.limited : undefined;
  const all = { ...headers, ...usageHeaders({ ...about, limited, measured }) };
  if (measured?.refused !== undefined) {
    return { reply: errorReply(new GraphError(measured.refused), url, all), fault: undefined };
  }
  if (fault?.kind === 'error') {
    return { reply: errorReply(new GraphError(fault.detail), url, all), fault: undefined };
  }
  return { reply: answered(request, path, { source, token, key, headers: all }), fault };
}

function answered(
  request: GraphRequest,
  path: readonly string[],
  by: {
    readonly source: Source;
    readonly token: KnownToken;
    readonly key: string;
    readonly headers: Record<string, string>;
  },
): Reply {
  const { source, token, key, headers } = by;
  const { method, url } = request;
  const { memory, runs, reportPolls, hidesMixed, dataLimit } = source;
  const address = new URL(url);
  shortenPages(address, source.pageRows);
  const params = new URLSearchParams(address.searchParams);
  address.searchParams.set('access_token', token.token);
  const repeats = url.searchParams.has('after') && repeatsRows(key, source.faults);
  try {
    const found: Answer = answer(
      {
        method,
        path,
        params,
        address,
        token,
        key,
        repeats,
        memory,
        runs,
        reportPolls,
        hidesMixed,
        dataLimit,
      },
      source.atlas,
    );
    return jsonReply(200, spoilRows(found.body, source.faults), headers);
  } catch (thrown) {
    if (!(thrown instanceof GraphError)) throw thrown;
    return errorReply(thrown, url, headers);
  }
}

function checkRequest({ method, url }: GraphRequest, path: readonly string[]): void {
  if (method !== 'GET' && !(method === 'POST' && path[1] === 'insights')) {
    throw new GraphError({
      status: 400,
      code: 100,
      type: 'GraphMethodException',
      message: `Unsupported ${method.toLowerCase()} request. The sandbox serves GET, and POST of insights and of batches.`,
    });
  }
  const removed = REMOVED_PARAMS.find((name) => url.searchParams.has(name));
  if (removed !== undefined) {
    throw invalid(`The ${removed} query parameter is deprecated in v26.0+`);
  }
}

/** Noon of the first account's day: the time of a sandbox. */
function nowIn({ atlas }: Source): number {
  const [world] = atlas.worlds();
  return world === undefined ? 0 : noon(world.today, world.account);
}

function tokenIn({ bearer, url }: GraphRequest): string | undefined {
  return bearer ?? url.searchParams.get('access_token') ?? undefined;
}

/** A request without its token: equal for a retry, and free of what must not be shown. */
function keyOf({ method, url }: Pick<GraphRequest, 'method' | 'url'>): string {
  const bare = new URL(url);
  for (const secret of SECRET_PARAMS) bare.searchParams.delete(secret);
  bare.searchParams.sort();
  const key = `${bare.pathname}${bare.search}`;
  return method === 'GET' ? key : `${method} ${key}`;
}

/** The API may give fewer rows in a page than it was asked for. */
function shortenPages({ searchParams }: URL, pageRows: number): void {
  if (Number(searchParams.get('limit') ?? DEFAULT_LIMIT) > pageRows) {
    searchParams.set('limit', String(pageRows));
  }
}

/** What all pages of a list have in common. */
function listOf(url: URL): string {
  const bare = new URL(url);
  for (const name of [...SECRET_PARAMS, 'after', 'before', 'limit']) bare.searchParams.delete(name);
  return `${bare.pathname}?${bare.searchParams}`;
}

function errorReply(error: GraphError, url: URL, headers: Readonly<Record<string, string>>): Reply {
  const trace = `A${mix(saltOf(keyOf({ method: 'GET', url })), error.detail.code).toString(36)}SYNTHETIC`;
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
