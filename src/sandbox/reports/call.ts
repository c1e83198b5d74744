import type { IncomingMessage } from 'node:http';

/** A request to a sandbox of reports, read whole. */
export interface ReportCall {
  readonly method: string;
  readonly url: URL;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An answer on its way out. */
export interface ReportReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

const MAX_BODY_BYTES = 1_000_000;

/** Reads a request whole. Rejects when the body is over 1 MB or the connection breaks. */
export async function readCall(request: IncomingMessage): Promise<ReportCall> {
  const base = `http://${request.headers.host ?? '127.0.0.1'}`;
  const path = request.url ?? '/';
  const headers = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, [value].flat().join(',')]),
  );
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > MAX_BODY_BYTES) throw new RangeError('The body of a request is over 1 MB.');
    parts.push(part as Buffer);
  }
  return {
    method: request.method ?? 'GET',
    url: URL.canParse(path, base) ? new URL(path, base) : new URL('http://127.0.0.1/'),
    headers,
    body: Buffer.concat(parts).toString('utf8'),
  };
}

/** JSON as a reply. */
export function json(
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): ReportReply {
  const type = { 'content-type': 'application/json' };
  return { status, headers: { ...type, ...headers }, body: Buffer.from(JSON.stringify(body)) };
}

/** The fields of a JSON body; none when it is no object. */
export function fieldsIn(body: string): Readonly<Record<string, unknown>> {
  try {
    const value = JSON.parse(body) as unknown;
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
