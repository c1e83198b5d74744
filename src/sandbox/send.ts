import type { ServerResponse } from 'node:http';
import type { Fault } from './fault.ts';

/** An answer on its way out: status, headers and body text. */
export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** How long a slow answer takes unless it is said. Long enough to be seen. */
export const SLOW_MS = 1000;

/** Sends a reply, or what a fault makes of it; a slow one takes `slowMs` longer. */
export function send(
  response: ServerResponse,
  reply: Reply,
  spoilt: { readonly fault: Fault | undefined; readonly slowMs: number },
): void {
  const { fault, slowMs } = spoilt;
  switch (fault?.kind) {
    case 'slow':
      setTimeout(() => sendPlain(response, reply), slowMs);
      return;
    case 'html-500':
      sendPlain(response, {
        status: 500,
        headers: { ...reply.headers, 'content-type': 'text/html; charset=utf-8' },
        body: '<!DOCTYPE html><html><body><h1>Sorry, something went wrong.</h1></body></html>',
      });
      return;
    case 'empty-503':
      sendPlain(response, { ...reply, status: 503, body: '' });
      return;
    case 'cut-body':
      sendPlain(response, { ...reply, body: firstHalf(reply.body) });
      return;
    case 'broken-body':
      sendBroken(response, reply);
      return;
    case 'reset':
      response.socket?.destroy();
      return;
    default:
      sendPlain(response, reply);
  }
}

/** JSON as a reply. */
export function jsonReply(
  status: number,
  body: object,
  headers: Readonly<Record<string, string>>,
): Reply {
  const type = { 'content-type': 'application/json; charset=UTF-8' };
  return { status, headers: { ...type, ...headers }, body: JSON.stringify(body) };
}

function sendPlain(response: ServerResponse, reply: Reply): void {
  const length = { 'content-length': String(Buffer.byteLength(reply.body)) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  response.end(reply.body);
}

/** Promises the whole body, sends half of it and closes the connection. */
function sendBroken(response: ServerResponse, reply: Reply): void {
  const length = { 'content-length': String(Buffer.byteLength(reply.body)) };
  response.writeHead(reply.status, { ...reply.headers, ...length });
  response.write(firstHalf(reply.body), () => response.socket?.destroy());
}

function firstHalf(body: string): string {
  return body.slice(0, Math.floor(body.length / 2));
}
