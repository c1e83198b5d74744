import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { lend, MAX_BODY_BYTES, openPool, send } from '../../src/pull/http.ts';

/** Sends one request with a token to a server that answers so, and gives what came. */
async function ask(answer: RequestListener, timeoutSeconds = 20) {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pool = openPool();
  try {
    const { port } = server.address() as AddressInfo;
    const url = new URL(`http://127.0.0.1:${port}/`);
    return await send(pool, { url, headers: { authorization: 'Bearer x' }, timeoutSeconds });
  } finally {
    server.closeAllConnections();
    server.close();
    await pool.close();
  }
}

describe('an answer', () => {
  it('that does not end is given up when it is too large, and is not kept in memory', async () => {
    const piece = Buffer.alloc(4 * 1024 * 1024);
    let sent = 0;
    const came = await ask((_, response) => {
      const more = (): void => {
        while (sent < 2 * MAX_BODY_BYTES && response.write(piece)) sent += piece.length;
      };
      response.on('drain', more);
      more();
    });
    expect(came).toEqual({ kind: 'failed', reason: `more than ${MAX_BODY_BYTES} bytes came` });
  });

  it('that sends elsewhere is not followed: the token would go there', async () => {
    const visited: string[] = [];
    const came = await ask((request, response) => {
      visited.push(request.url ?? '');
      response.writeHead(302, { location: '/elsewhere' });
      response.end();
    });
    expect(came).toMatchObject({ kind: 'answer', status: 302 });
    expect(visited).toEqual(['/']);
  });

  it('that does not come is waited for as long as was said', async () => {
    const came = await ask(() => {}, 0.2);
    expect(came).toEqual({ kind: 'failed', reason: 'no answer in 0.2 s' });
  });
});

it('an answer that was lent is gathered where the next one is, and one that was sent is kept', async () => {
  const body = (url: string | undefined): string => `${url} `.repeat(50_000);
  const server = createServer((request, response) => response.end(body(request.url)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const pool = openPool();
  const { port } = server.address() as AddressInfo;
  const call = (path: string) => ({
    url: new URL(`http://127.0.0.1:${port}/${path}`),
    headers: {},
    timeoutSeconds: 20,
  });
  try {
    const sent = await Promise.all([send(pool, call('a')), send(pool, call('b'))]);
    for (const name of ['c', 'd']) {
      const lent = await lend(pool, call(name), ({ bytes }) => bytes.toString());
      expect(lent).toEqual({ kind: 'read', value: body(`/${name}`) });
    }
    const texts = sent.map((came) => (came.kind === 'answer' ? came.bytes.toString() : ''));
    expect(texts).toEqual([body('/a'), body('/b')]);
    expect(pool.basins).toHaveLength(2);
  } finally {
    server.closeAllConnections();
    server.close();
    await pool.close();
  }
});
