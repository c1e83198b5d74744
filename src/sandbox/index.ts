import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Account } from './account.ts';
import { type Day, dayOf, todayIn } from './calendar.ts';
import type { WorldSize } from './crowd.ts';
import { noon } from './entity-part.ts';
import { createFaultPlan } from './fault.ts';
import { type FaultName, faultRates } from './fault-name.ts';
import { handle, type Source } from './handle.ts';
import { createRunStore } from './report-run.ts';
import { readRequest } from './request.ts';
import { SLOW_MS, send } from './send.ts';
import {
  createTokenRegistry,
  type SandboxApp,
  type SandboxTokens,
  type TokenOptions,
} from './token-registry.ts';
import { createUsageMeter, type Limits } from './usage-meter.ts';
import type { ExpiredVersions } from './version.ts';
import { createAtlas } from './world.ts';
import { worldSource } from './world-source.ts';

/** How large a world can be made. */
export type { WorldSize } from './crowd.ts';
/** The faults by name. */
export { FAULT_NAMES, type FaultName, faultNamed } from './fault-name.ts';
export { sandboxFxRates } from './fx.ts';
/** The tokens of a sandbox, and the app that they are for. */
export type { SandboxApp, SandboxTokens, TokenOptions } from './token-registry.ts';
export { sandboxTruth, type TruthRow } from './truth.ts';
/** The tiers of rate limits. */
export { LIMITS, type Limits } from './usage-meter.ts';
/** What becomes of expired versions. */
export type { ExpiredVersions } from './version.ts';

/** What a sandbox is started with. */
export interface SandboxOptions {
  /** 0 or absent: a free loopback port. */
  readonly port?: number;
  /**
   * `YYYY-MM-DD`, the current day in every account, or a function that gives it for each request;
   * absent: each account's own day by the clock.
   */
  readonly today?: string | (() => string);
  /** Chooses the world; 1 when absent. */
  readonly seed?: number;
  readonly faults?: readonly FaultName[];
  /** Chooses where faults of requests fall; the seed of the world when absent. */
  readonly faultSeed?: number;
  /** Share of requests that fault, 0 to 1; 0.2 when absent. */
  readonly faultRate?: number;
  /** Rates of single faults, 0 to 1; one that is named here need not be in `faults`. */
  readonly faultRates?: Readonly<Partial<Record<FaultName, number>>>;
  /** How much longer an answer takes by the fault `slow`, milliseconds; 1000 when absent. */
  readonly slowMs?: number;
  /** How many polls of a report go by until it is complete; 4 when absent. */
  readonly reportPolls?: number;
  /**
   * Whether accounts and campaigns whose ad sets have different attribution settings give a `value`
   * for what happens outside Meta; Meta itself does one or the other. `shown` when absent.
   */
  readonly mixedValues?: 'shown' | 'hidden';
  /**
   * Most values (rows by fields) of one insights query: more is refused with 100/1487534, or makes
   * an asynchronous report fail with -3/1504045. No limit when absent.
   */
  readonly dataLimit?: number;
  /** Most rows of a page, whatever `limit` asks for; no more than 1000 when absent. */
  readonly pageRows?: number;
  /** Whether calls of expired versions are answered by the newest, or refused; `upgraded` when absent. */
  readonly expiredVersions?: ExpiredVersions;
  /** A larger world, for measuring; the usual one when absent. */
  readonly size?: WorldSize;
  /** The tier of rate limits that really blocks; `off` when absent. */
  readonly limits?: Limits;
  /** Milliseconds that only go forward, for the limits; the machine's when absent. */
  readonly clock?: () => number;
  /** The app of the tokens; what is absent is made from the seed. */
  readonly app?: {
    readonly id?: string;
    readonly secret?: string;
    /** True: every call has to bring an `appsecret_proof`. */
    readonly needsProof?: boolean;
  };
  /** Tokens beside those that every sandbox has. */
  readonly tokens?: readonly TokenOptions[];
}

/** A running sandbox. */
export interface Sandbox {
  /** `http://127.0.0.1:PORT`, without a version. */
  readonly url: string;
  /** Reads everything and never expires. */
  readonly token: string;
  /** That token and others: short-lived, expired, revoked, without permission. */
  readonly tokens: SandboxTokens;
  readonly app: SandboxApp;
  /** Bare digits. */
  readonly accountIds: readonly string[];
  /** Requests answered so far. */
  readonly requests: () => number;
  /** Calls answered so far as Meta counts them: every entry of a batch is one. */
  readonly calls: () => number;
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
/** A client that pauses between two requests must not find its connection closed under it. */
const KEPT_OPEN_MS = 600_000;
const DEFAULT_SEED = 1;
/** The rate of faults when nothing else is said. */
export const DEFAULT_FAULT_RATE = 0.2;
/** Not started, started, and two times running. */
const DEFAULT_REPORT_POLLS = 4;

/**
 * Starts a local Marketing API with synthetic data, on the loopback interface only. Throws an
 * `AdlakeError` for a fault or a rate that does not exist, a `RangeError` for a size that cannot be or
 * a `today` that is not `YYYY-MM-DD`, and what `node:http` throws when the port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const source = sourceOf(options);
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    readRequest(request).then(
      (read) => {
        const { reply, fault } = handle(read, source);
        send(response, reply, { fault, slowMs: options.slowMs ?? SLOW_MS });
      },
      () => response.socket?.destroy(),
    );
  });
  server.keepAliveTimeout = KEPT_OPEN_MS;
  await listening(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    token: source.tokens.names.systemUser,
    tokens: source.tokens.names,
    app: source.tokens.app,
    accountIds: source.accountIds,
    requests: () => requests,
    calls: () => source.tally.calls,
    close: () => closed(server),
  };
}

function sourceOf(options: SandboxOptions): Source {
  const seed = options.seed ?? DEFAULT_SEED;
  const rates = faultRates({
    names: options.faults ?? [],
    rate: options.faultRate ?? DEFAULT_FAULT_RATE,
    rates: options.faultRates ?? {},
  });
  const restatedShare = rates.get('restated');
  const goneShare = rates.get('deleted-object');
  const world = worldSource({ seed, size: options.size, restatedShare, goneShare });
  const accountIds = world.accounts.map((account) => account.id);
  const faultSeed = options.faultSeed ?? seed;
  const faults = createFaultPlan({ rates, seed: faultSeed, accountIds });
  const atlas = createAtlas(world, todayOf(options.today));
  const [first] = atlas.worlds();
  const tokens = createTokenRegistry({
    seed,
    now: first === undefined ? 0 : noon(first.today, first.account),
    app: options.app ?? {},
    tokens: options.tokens ?? [],
  });
  return {
    atlas,
    tokens,
    memory: new Map(),
    faults,
    meter: createUsageMeter(options.limits ?? 'off', options.clock ?? (() => performance.now())),
    runs: createRunStore({ seed, faults }),
    reportPolls: options.reportPolls ?? DEFAULT_REPORT_POLLS,
    hidesMixed: options.mixedValues === 'hidden',
    dataLimit: options.dataLimit ?? Number.POSITIVE_INFINITY,
    tally: { calls: 0 },
    pageRows: options.pageRows ?? Number.POSITIVE_INFINITY,
    expired: options.expiredVersions ?? 'upgraded',
    accountIds,
  };
}

function todayOf(today: SandboxOptions['today']): (account: Account) => Day {
  if (today === undefined) return (account) => todayIn(account.zone);
  if (typeof today === 'function') return () => dayOf(today());
  const day = dayOf(today);
  return () => day;
}

function listening(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, LOOPBACK, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
