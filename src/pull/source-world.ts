import type { Progress } from '../progress.ts';
import type { Lake } from '../zone.ts';
import type { TokenDesk } from './access-token.ts';
import { ApiClient, type ApiClientOptions } from './api-client.ts';
import { openPool, type Pool } from './http.ts';
import type { Doors } from './verdict.ts';

/** The world as a connector needs it. */
export interface SourceWorld {
  readonly lake: Lake;
  readonly progress: Progress;
  /** The current instant, UTC with milliseconds. */
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** How long one request may take, in seconds: a page of 10,000 rows takes some. */
export const TIMEOUT_SECONDS = 60;

/** How often a failed request is tried again. */
export const RETRIES = 4;

/** A client with its connections, to be closed. */
export interface OpenClient {
  readonly client: ApiClient;
  readonly pool: Pool;
  readonly close: () => Promise<void>;
}

/** Opens a client of one platform. `tokensFor` is given the connections that it is asked over. */
export function openClient(
  world: SourceWorld,
  of: {
    readonly doors: Doors;
    readonly limitsFile: string;
    readonly judge: ApiClientOptions['judge'];
    readonly tokensFor: (pool: Pool) => TokenDesk;
  },
): OpenClient {
  const pool = openPool();
  const { doors, limitsFile, judge } = of;
  const limits = { timeoutSeconds: TIMEOUT_SECONDS, retries: RETRIES };
  const tokens = of.tokensFor(pool);
  const client = new ApiClient({ ...world, ...limits, doors, limitsFile, judge, pool, tokens });
  return {
    client,
    pool,
    close: async () => {
      client.close();
      await pool.close();
    },
  };
}
