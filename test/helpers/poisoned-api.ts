import { request } from 'undici';
import type { Sandbox } from '../../src/sandbox/index.ts';
import { type Asked, scriptedServer, type Told } from './scripted-client.ts';

type Row = Readonly<Record<string, unknown>>;

/** What a request is too much for. */
export interface Poison {
  /** A row that makes every answer it would be in too large. */
  readonly row: (row: Row) => boolean;
  /** A request is too large only with this field; absent: with any. */
  readonly field?: string;
  /** More rows than this are too many for one answer; absent: none is. */
  readonly most?: number;
}

/**
 * A server in front of a sandbox that answers "too much data" where the sandbox's answer holds a
 * poisoned row: pages at once, reports when they are made. `asked` are the requests it got.
 */
export async function poisonedApi(sandbox: Sandbox, poison: Poison) {
  const server = await scriptedServer(async (asked) => {
    if (asked.path.endsWith('/insights') && (await isTooMuch(sandbox, asked, poison)))
      return TOO_MUCH;
    return forward(sandbox, asked);
  });
  return { ...server, token: sandbox.token, accountIds: sandbox.accountIds };
}

const TOO_MUCH: Told = {
  status: 400,
  body: '{"error":{"message":"(#100) Too much data was requested","code":100,"error_subcode":1487534}}',
};

async function isTooMuch(sandbox: Sandbox, asked: Asked, poison: Poison): Promise<boolean> {
  const fields = asked.params.get('fields')?.split(',') ?? [];
  if (poison.field !== undefined && !fields.includes(poison.field)) return false;
  const params = new URLSearchParams(asked.params);
  params.set('limit', '1000');
  params.delete('after');
  const { body } = await forward(sandbox, { ...asked, method: 'GET', params });
  const rows = (JSON.parse(body) as { readonly data?: readonly Row[] }).data ?? [];
  return rows.some(poison.row) || rows.length > (poison.most ?? Number.POSITIVE_INFINITY);
}

async function forward(
  sandbox: Sandbox,
  asked: Pick<Asked, 'method' | 'path' | 'params' | 'message'>,
): Promise<Told> {
  const url = new URL(asked.path, sandbox.url);
  const isGet = asked.method === 'GET';
  if (isGet) url.search = asked.params.toString();
  const answer = await request(url, {
    method: isGet ? 'GET' : 'POST',
    headers: {
      authorization: asked.message.headers.authorization ?? '',
      ...(isGet ? {} : { 'content-type': 'application/x-www-form-urlencoded' }),
    },
    ...(isGet ? {} : { body: asked.params.toString() }),
  });
  return { status: answer.statusCode, body: await answer.body.text() };
}
