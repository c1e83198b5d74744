import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A server on this machine that keeps what is posted to it. */
export interface PostServer {
  /** With a path that is a secret. */
  readonly url: string;
  readonly bodies: readonly Record<string, unknown>[];
  /** Statuses to answer with, one after the other; then 200. */
  readonly answerWith: (...statuses: readonly number[]) => void;
  readonly close: () => Promise<void>;
}

/** Starts it; `path` is what follows the port in its address. */
export async function startPostServer(path: string): Promise<PostServer> {
  const bodies: Record<string, unknown>[] = [];
  const statuses: number[] = [];
  const server = createServer(async (asked, answer) => {
    const parts: Buffer[] = [];
    for await (const part of asked) parts.push(part as Buffer);
    const status = statuses.shift() ?? 200;
    if (status === 200 && asked.url === path && asked.method === 'POST') {
      bodies.push(JSON.parse(Buffer.concat(parts).toString()) as Record<string, unknown>);
    }
    answer.writeHead(status, status === 302 ? { location: '/elsewhere' } : {});
    answer.end(`what is at ${path}`);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}${path}`,
    bodies,
    answerWith: (...next) => {
      statuses.push(...next);
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
