import { Agent, request } from 'undici';
import type { Headers } from './classify.ts';

/** An answer as it came, or why none came. */
export type Exchange =
  | {
      readonly kind: 'answer';
      readonly status: number;
      readonly headers: Headers;
      readonly bytes: Buffer;
    }
  | { readonly kind: 'failed'; readonly reason: string };

/** A page of 500 rows is about 2 MB; more than this is not an answer of this API. */
export const MAX_BODY_BYTES = 64 * 1024 * 1024;

/** Sockets kept open to the API, and so the requests under way at once, over all accounts. */
export const CONNECTIONS = 4;

/** A pool of connections, to be closed. */
export function openPool(): Agent {
  return new Agent({ connections: CONNECTIONS });
}

/** One request. */
export interface Call {
  readonly url: URL;
  /** For the `Authorization` header; null: the request carries none. */
  readonly token: string | null;
  readonly timeoutSeconds: number;
  /** Parameters that may be in no URL: with them the request is a POST, and they are its body. */
  readonly form?: URLSearchParams;
}

/**
 * One request, its answer read whole. The token goes in the `Authorization` header, never in the URL.
 * Network failures, a timeout and a body beyond `MAX_BODY_BYTES` come back as `failed`.
 */
export async function exchange(pool: Agent, call: Call): Promise<Exchange> {
  try {
    const response = await request(call.url, {
      dispatcher: pool,
      ...partsOf(call),
      signal: AbortSignal.timeout(call.timeoutSeconds * MILLISECONDS_PER_SECOND),
    });
    const bytes = await readWhole(response.body);
    if (bytes === null) return { kind: 'failed', reason: `more than ${MAX_BODY_BYTES} bytes came` };
    return { kind: 'answer', status: response.statusCode, headers: response.headers, bytes };
  } catch (error) {
    return { kind: 'failed', reason: reasonOf(error, call.timeoutSeconds) };
  }
}

function partsOf({ token, form }: Call): Parameters<typeof request>[1] {
  const headers = {
    accept: 'application/json',
    ...(token === null ? {} : { authorization: `Bearer ${token}` }),
  };
  if (form === undefined) return { headers };
  const type = { 'content-type': 'application/x-www-form-urlencoded' };
  return { method: 'POST', headers: { ...headers, ...type }, body: form.toString() };
}

const MILLISECONDS_PER_SECOND = 1000;

async function readWhole(body: AsyncIterable<Uint8Array>): Promise<Buffer | null> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of body) {
    size += part.length;
    if (size > MAX_BODY_BYTES) return null;
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}

function reasonOf(error: unknown, timeoutSeconds: number): string {
  const { name, code, message } = error as { name?: string; code?: string; message?: string };
  if (name === 'TimeoutError' || name === 'AbortError') return `no answer in ${timeoutSeconds} s`;
  return [code, message].filter((part) => part !== undefined && part !== '').join(': ');
}
