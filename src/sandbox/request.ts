import type { IncomingMessage } from 'node:http';

/** A request to the sandbox with its body read: parameters of the body are in the address. */
export interface GraphRequest {
  readonly method: string;
  readonly url: URL;
  /** The token of the `Authorization` header. */
  readonly bearer: string | undefined;
}

/** A batch of 50 long requests stays far below this; more is a mistake of the caller. */
const MAX_BODY_BYTES = 4_000_000;

/** Reads a request whole. Rejects when the body is over 4 MB or the connection breaks. */
export async function readRequest(request: IncomingMessage): Promise<GraphRequest> {
  const method = request.method ?? 'GET';
  const url = addressOf(request);
  const [, bearer] = /^Bearer\s+(.*)$/i.exec(request.headers.authorization ?? '') ?? [];
  if (method !== 'GET') addBody(url, await bodyOf(request));
  return { method, url, bearer };
}

/** Puts the parameters of a body, JSON or form, into an address; what is not scalar becomes JSON. */
export function addBody(url: URL, body: string): void {
  for (const [name, value] of fieldsOf(body)) url.searchParams.set(name, value);
}

/** The address of a path; a path that is no address counts as the root. */
export function urlOf(path: string, base: string): URL {
  const one = path.replace(/^\/+/, '/');
  return URL.canParse(one, base) ? new URL(one, base) : new URL('http://127.0.0.1/');
}

function addressOf(request: IncomingMessage): URL {
  return urlOf(request.url ?? '/', `http://${request.headers.host ?? '127.0.0.1'}`);
}

function fieldsOf(body: string): Iterable<readonly [string, string]> {
  if (!body.trim().startsWith('{')) return new URLSearchParams(body);
  try {
    const json = JSON.parse(body) as Readonly<Record<string, unknown>>;
    return Object.entries(json).map(([name, value]) => [name, textOf(value)] as const);
  } catch {
    return [];
  }
}

function textOf(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    const chunk = part as Buffer;
    bytes += chunk.length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError('The body of a request is over 4 MB.');
    parts.push(chunk);
  }
  return Buffer.concat(parts).toString('utf8');
}
