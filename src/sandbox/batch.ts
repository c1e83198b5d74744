import type { Fault } from './fault.ts';
import { invalid } from './graph-error.ts';
import { parseJson } from './parameter.ts';
import { addBody, type GraphRequest, urlOf } from './request.ts';
import type { Reply } from './send.ts';

/** A reply, and the fault that spoils it on its way. */
export interface Handled {
  readonly reply: Reply;
  readonly fault: Fault | undefined;
}

/** What a batch is answered with. */
export interface BatchContext {
  /** The version of the batch's own address: for entries that name none. */
  readonly version: string | undefined;
  /** Answers one entry as if it had come alone. */
  readonly handle: (request: GraphRequest) => Handled;
  /** A fault: the entry is not run. */
  readonly drops: (request: GraphRequest) => boolean;
}

/** Most requests in one batch. Source: Meta, Batch requests. */
export const MAX_ENTRIES = 50;

type Entry = Readonly<Record<string, unknown>>;

/** True for a request whose entries are to be answered one by one. */
export function isBatch(request: GraphRequest): boolean {
  return request.method === 'POST' && request.url.searchParams.has('batch');
}

/**
 * Answers a batch: a list in the order of the entries, each with its status, its headers and its body
 * as text; null for an entry that was not run, or that is to be left out when it succeeds. Throws a
 * `GraphError` (100) for a batch that cannot be read or has more than 50 entries.
 */
export function answerBatch(
  request: GraphRequest,
  context: BatchContext,
): readonly (object | null)[] {
  const entries = parseJson('batch', request.url.searchParams.get('batch') ?? '');
  if (!Array.isArray(entries) || entries.length === 0) {
    throw invalid('Param batch must be a non-empty array.');
  }
  if (entries.length > MAX_ENTRIES) {
    throw invalid(`Too many requests in batch message. Maximum batch size is ${MAX_ENTRIES}`);
  }
  return entries.map((entry) => answerEntry((entry ?? {}) as Entry, request, context));
}

function answerEntry(entry: Entry, batch: GraphRequest, context: BatchContext): object | null {
  const request = requestOf(entry, batch, context.version);
  if (request.url.searchParams.has('batch')) throw invalid('A batch cannot be in a batch.');
  if (entry.depends_on !== undefined) throw invalid('depends_on is not served by the sandbox.');
  if (context.drops(request)) return null;
  const { reply, fault } = context.handle(request);
  const spoiled = spoil(reply, fault);
  if (spoiled === undefined) return null;
  if (spoiled.status === 200 && entry.omit_response_on_success === true) return null;
  const named = Object.entries(spoiled.headers).map(([name, value]) => ({ name, value }));
  const withHeaders = batch.url.searchParams.get('include_headers') !== 'false';
  return {
    code: spoiled.status,
    ...(withHeaders ? { headers: named } : {}),
    body: spoiled.body,
  };
}

/** An entry as a request of its own; it has the batch's token unless it brings one. */
function requestOf(entry: Entry, batch: GraphRequest, version: string | undefined): GraphRequest {
  const path = String(entry.relative_url ?? '').replace(/^\/+/, '');
  const versioned =
    version === undefined || /^v\d+\.\d+\//.test(path) ? path : `${version}/${path}`;
  const url = urlOf(`/${versioned}`, batch.url.origin);
  if (typeof entry.body === 'string') addBody(url, entry.body);
  const own = url.searchParams.has('access_token');
  for (const name of ['access_token', 'appsecret_proof']) {
    const value = batch.url.searchParams.get(name);
    if (!own && value !== null) url.searchParams.set(name, value);
  }
  return {
    method: String(entry.method ?? 'GET').toUpperCase(),
    url,
    bearer: own ? undefined : batch.bearer,
  };
}

/** What a fault makes of an entry; undefined when the connection behind it broke. */
function spoil(reply: Reply, fault: Fault | undefined): Reply | undefined {
  const half = reply.body.slice(0, Math.floor(reply.body.length / 2));
  switch (fault?.kind) {
    case 'reset':
      return undefined;
    case 'html-500':
      return { ...reply, status: 500, body: '<!DOCTYPE html><html><body></body></html>' };
    case 'empty-503':
      return { ...reply, status: 503, body: '' };
    case 'cut-body':
    case 'broken-body':
      return { ...reply, body: half };
    default:
      return reply;
  }
}
