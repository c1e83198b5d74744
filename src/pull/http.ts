import type { request } from 'undici';
import { Basin } from './basin.ts';

/** Response headers, names in lower case, as undici gives them. */
export type Headers = Readonly<Record<string, string | readonly string[] | undefined>>;

/** A header's text, whatever the case of its name; empty when it is not there. */
export function headerOf(headers: Headers, name: string): string {
  const found = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  const value = found?.[1];
  return typeof value === 'string' ? value : (value?.join(',') ?? '');
}

/** Seconds that a `Retry-After` asks to wait; null when it says none. */
export function retryAfter(headers: Headers): number | null {
  const seconds = headerOf(headers, 'retry-after');
  return /^\d{1,6}$/.test(seconds) ? Number(seconds) : null;
}

/** An answer as it came. */
export interface Came {
  readonly kind: 'answer';
  readonly status: number;
  readonly headers: Headers;
  readonly bytes: Buffer;
}

/** Why no answer came. */
export interface Failed {
  readonly kind: 'failed';
  readonly reason: string;
}

/** An answer as it came, or why none came. */
export type Exchange = Came | Failed;

/** A page of any platform is a few megabytes; more than this is not an answer of theirs. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Sockets kept open to an API, and so the requests under way at once, over all accounts. */
export const CONNECTIONS = 4;

/** Connections to an API, to be closed; none is open before the first request. */
export interface Pool {
  readonly request: typeof request;
  /** Where answers are gathered; those in use are not among them. */
  readonly basins: Basin[];
  /** Waits for requests that are under way. */
  readonly close: () => Promise<void>;
}

/** A pool of connections. The code behind it is loaded when it is first asked: most commands ask nobody. */
export function openPool(): Pool {
  let opening: ReturnType<typeof openAgent> | null = null;
  return {
    basins: [],
    request: async (url, options) => {
      opening ??= openAgent();
      const { ask, agent } = await opening;
      return ask(url, { ...options, dispatcher: agent });
    },
    close: async () => {
      if (opening !== null) await (await opening).agent.close();
    },
  };
}

async function openAgent() {
  const { Agent, request: ask } = await import('undici');
  return { ask, agent: new Agent({ connections: CONNECTIONS }) };
}

/** One request. */
export interface HttpCall {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly timeoutSeconds: number;
  /** With it the request is a POST, and this is its body. */
  readonly body?: { readonly type: string; readonly text: string };
}

/**
 * One request, its answer read whole. Network failures, a timeout and a body beyond `MAX_BODY_BYTES`
 * come back as `failed`.
 */
export async function send(pool: Pool, call: HttpCall): Promise<Exchange> {
  const heard = await lend(pool, call, (came) => ({ ...came, bytes: Buffer.from(came.bytes) }));
  return heard.kind === 'read' ? heard.value : heard;
}

/** What came of an answer that was lent. */
export type Lent<T> = { readonly kind: 'read'; readonly value: T } | Failed;

/**
 * Like `send`, for large answers: `read` is lent the bytes while it runs, and what it gives must have none
 * of them in it, because the next answer is written over them. Throws what `read` throws.
 */
export async function lend<T>(
  pool: Pool,
  call: HttpCall,
  read: (came: Came) => T,
): Promise<Lent<T>> {
  const basin = pool.basins.pop() ?? new Basin();
  try {
    const came = await gathered(pool, call, basin);
    return came.kind === 'failed' ? came : { kind: 'read', value: read(came) };
  } finally {
    basin.clear();
    pool.basins.push(basin);
  }
}

async function gathered(pool: Pool, call: HttpCall, basin: Basin): Promise<Exchange> {
  try {
    const response = await pool.request(call.url, {
      ...partsOf(call),
      signal: AbortSignal.timeout(call.timeoutSeconds * MILLISECONDS_PER_SECOND),
    });
    const isWhole = await gather(response.body, basin);
    if (!isWhole) return { kind: 'failed', reason: `more than ${MAX_BODY_BYTES} bytes came` };
    const { statusCode: status, headers } = response;
    return { kind: 'answer', status, headers, bytes: basin.content };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error, call.timeoutSeconds) };
  }
}

/** False when more comes than an answer has. */
async function gather(body: AsyncIterable<Uint8Array>, basin: Basin): Promise<boolean> {
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_BODY_BYTES) return false;
    basin.add(part);
  }
  return true;
}

function partsOf({ headers, body }: HttpCall): Parameters<typeof request>[1] {
  const all = { accept: 'application/json', ...headers };
  if (body === undefined) return { headers: all };
  return { method: 'POST', headers: { ...all, 'content-type': body.type }, body: body.text };
}

const MILLISECONDS_PER_SECOND = 1000;

function reasonOf(error: unknown, timeoutSeconds: number): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer in ${timeoutSeconds} s`;
  return [code, message].filter((part) => part !== undefined && part !== '').join(': ');
}
