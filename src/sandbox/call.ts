import type { InsightRow } from './insight-rows.ts';
import type { RunStore } from './report-run.ts';
import type { KnownToken } from './token-registry.ts';

/** A request that has passed the version and the token. */
export interface Call {
  readonly method: string;
  /** Path after the version, cut at the slashes. */
  readonly path: readonly string[];
  readonly params: URLSearchParams;
  /** The request's own address with the token in it: what `paging.next` is made from. */
  readonly address: URL;
  /** The request without its token. */
  readonly key: string;
  /** A fault: the page starts with the last rows of the page before it. */
  readonly repeats: boolean;
  readonly token: KnownToken;
  readonly memory: RowMemory;
  readonly runs: RunStore;
  readonly reportPolls: number;
  /** True: rows of mixed attribution settings have no `value` for what happens outside Meta. */
  readonly hidesMixed: boolean;
  /** Most values (rows by fields) of one insights query. */
  readonly dataLimit: number;
}

/** A body to send, and the account it is about. */
export interface Answer {
  readonly body: object;
  readonly accountId: string | undefined;
  readonly isInsights: boolean;
}

/** Lists of rows that a sandbox has drawn, by everything they depend on. Only speed hangs on it. */
export type RowMemory = Map<string, readonly InsightRow[]>;
