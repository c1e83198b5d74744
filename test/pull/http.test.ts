import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { MAX_BODY_BYTES, openPool, send } from '../../src/pull/http.ts';

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
