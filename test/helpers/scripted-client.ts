import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { MetaConfig } from '../../src/config.ts';
import { MetaClient } from '../../src/platforms/meta/client.ts';
import type { Progress } from '../../src/progress.ts';
import { silent } from '../../src/progress.ts';
import type { Sandbox } from '../../src/sandbox/index.ts';
import type { Lake } from '../../src/zone.ts';
import { sandboxConfig } from './extract.ts';
import { temporaryLake } from './lake.ts';

/** The token of scripted clients. */
export const SCRIPTED_TOKEN = 'synthetic-secret-token';

/** A request as a script sees it: its address and its form together. */
export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly params: URLSearchParams;
  /** Requests so far, this one included. */
  readonly call: number;
  readonly message: IncomingMessage;
}

/** What a script answers. */
export interface Told {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
  readonly delayMs?: number;
}

/** A server that follows a script; `asked` are the requests it got. */
export async function scriptedServer(script: (asked: Asked) => Told | Promise<Told>) {
  const asked: Asked[] = [];
  const server = createServer((message: IncomingMessage, response: ServerResponse) => {
    const parts: Buffer[] = [];
    message.on('data', (part: Buffer) => parts.push(part));
    message.on('end', async () => {
      const url = new URL(message.url ?? '', 'http://x');
      const params = new URLSearchParams(url.search);
      for (const [name, value] of new URLSearchParams(Buffer.concat(parts).toString()))
        params.append(name, value);
      const request = { method: message.method ?? '', path: url.pathname, params, message };
      const one = { ...request, call: asked.length + 1 };
      asked.push(one);
      const told = await script(one);
      setTimeout(() => {
        response.writeHead(told.status ?? 200, told.headers);
        response.end(told.body);
      }, told.delayMs ?? 0);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = async (): Promise<void> => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { url, asked, close };
}

/** What of a scripted client's world is not as usual. */
export interface ScriptedWorld {
  readonly lake?: Lake;
  readonly progress?: Progress;
  /** How long a wait really takes, however long it says it is. */
  readonly sleepMs?: number;
}

/** A client of a server that follows a script. `slept` collects what was waited; no time passes. */
export async function scriptedClient(
  script: (asked: Asked) => Told | Promise<Told>,
  more: Partial<MetaConfig> & ScriptedWorld = {},
) {
  const { lake = temporaryLake(), progress = silent, sleepMs = 0, ...settings } = more;
  const server = await scriptedServer(script);
  const sandbox = { url: server.url, token: SCRIPTED_TOKEN, accountIds: ['1', '2'] };
  const slept: number[] = [];
  const client = new MetaClient({
    config: sandboxConfig(sandbox as unknown as Sandbox, settings),
    lake,
    token: SCRIPTED_TOKEN,
    progress,
    now: () => '2026-03-15T12:00:00.000Z',
    sleep: async (seconds) => {
      slept.push(seconds);
      if (sleepMs > 0) await new Promise((resolve) => setTimeout(resolve, sleepMs));
    },
  });
  const close = async (): Promise<void> => {
    await client.close();
    await server.close();
  };
  return { client, lake, asked: server.asked, slept, close };
}
