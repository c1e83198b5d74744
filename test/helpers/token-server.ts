import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { secretProof } from '../../src/platforms/meta/secret.ts';

/** The made-up app that the server knows. */
export const APP = { id: '3120000000000001', secret: 'synthetic-app-secret-77' } as const;

/** A request as it came. */
export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | null;
  readonly body: string;
}

/** A token the server knows, as `/debug_token` speaks of it; see Meta's reference. */
export type TokenFacts = Readonly<Record<string, unknown>>;

/** A server that knows tokens: `/debug_token`, `/me/permissions` and the exchange, as Meta has them. */
export interface TokenServer {
  readonly url: string;
  readonly seen: readonly Seen[];
}

/** What it knows. */
export interface TokenWorld {
  /** By token. */
  readonly tokens: Readonly<Record<string, TokenFacts>>;
  /** What the exchange answers. */
  readonly exchanged?: object;
  /** Answers this many requests with 503 first. */
  readonly failing?: number;
}

/** Starts such a server on this machine until the test ends. */
export async function tokenServer(world: TokenWorld): Promise<TokenServer> {
  const seen: Seen[] = [];
  const server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    let body = '';
    for await (const part of request) body += String(part);
    const authorization = request.headers.authorization ?? null;
    seen.push({ method: request.method ?? '', url: request.url ?? '', authorization, body });
    const failed = seen.length <= (world.failing ?? 0);
    const [status, answer] = failed ? [503, {}] : answerOf(world, request, body);
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(failed ? '' : JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, seen };
}

type Answered = readonly [number, object];

function answerOf(world: TokenWorld, request: IncomingMessage, body: string): Answered {
  const url = new URL(request.url ?? '/', 'http://x');
  const form = new URLSearchParams(body);
  const bearer = request.headers.authorization?.replace(/^Bearer /, '') ?? '';
  const path = url.pathname.replace(/^\/v\d+\.0\//, '');
  if (path === 'oauth/access_token') return exchanged(world, form);
  const isApp = bearer === `${APP.id}|${APP.secret}`;
  if (!isApp && world.tokens[bearer] === undefined) return INVALID;
  const proof = url.searchParams.get('appsecret_proof');
  if (proof !== null && proof !== secretProof(APP.secret, bearer)) return BAD_PROOF;
  if (path === 'me/permissions') return [200, { data: permissionsOf(world.tokens[bearer]) }];
  if (path !== 'debug_token' || form.get('method') !== 'get') return UNKNOWN;
  const facts = world.tokens[form.get('input_token') ?? ''];
  return [200, { data: facts ?? NOT_VALID }];
}

function exchanged(world: TokenWorld, form: URLSearchParams): Answered {
  if (form.get('client_id') !== APP.id || form.get('client_secret') !== APP.secret) {
    return [
      400,
      { error: { message: 'Error validating client secret.', type: 'OAuthException', code: 1 } },
    ];
  }
  const isKnown = world.tokens[form.get('fb_exchange_token') ?? ''] !== undefined;
  return isKnown && form.get('grant_type') === 'fb_exchange_token'
    ? [200, world.exchanged ?? {}]
    : INVALID;
}

function permissionsOf(facts: TokenFacts | undefined): readonly object[] {
  const scopes = (facts?.scopes ?? []) as readonly string[];
  const granted = scopes.map((permission) => ({ permission, status: 'granted' }));
  return [...granted, { permission: 'email', status: 'declined' }];
}

const NOT_VALID = {
  is_valid: false,
  error: { code: 190, message: 'Error validating access token: it ended.', subcode: 463 },
  scopes: [],
};
const INVALID: Answered = [
  400,
  {
    error: {
      message: 'Invalid OAuth access token - Cannot parse access token',
      type: 'OAuthException',
      code: 190,
      fbtrace_id: 'AsyntheticTrace',
    },
  },
];
const BAD_PROOF: Answered = [
  400,
  {
    error: {
      message: 'Invalid appsecret_proof provided in the API argument',
      type: 'GraphMethodException',
      code: 100,
    },
  },
];
const UNKNOWN: Answered = [
  400,
  { error: { message: 'Unsupported get request.', type: 'GraphMethodException', code: 100 } },
];
