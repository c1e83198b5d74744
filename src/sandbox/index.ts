import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ACCOUNTS, type Account } from './account.ts';
import { type Day, dayOf, todayIn } from './calendar.ts';
import { noon } from './entity-part.ts';
import { createFaultPlan, type FaultName } from './fault.ts';
import { handle, type Source } from './handle.ts';
import { createRunStore } from './report-run.ts';
import { readRequest } from './request.ts';
import { send } from './send.ts';
import {
  createTokenRegistry,
  type SandboxApp,
  type SandboxTokens,
  type TokenOptions,
} from './token-registry.ts';
import { createAtlas } from './world.ts';

export { FAULT_NAMES, type FaultName } from './fault.ts';
export { sandboxFxRates } from './fx.ts';
/** The tokens of a sandbox, and the app that they are for. */
export type { SandboxApp, SandboxTokens, TokenOptions } from './token-registry.ts';
export { sandboxTruth, type TruthRow } from './truth.ts';

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
  /** Share of requests that fault, 0 to 1; 0.2 when absent. */
  readonly faultRate?: number;
  /** How many polls of a report go by until it is complete; 4 when absent. */
  readonly reportPolls?: number;
  /**
   * Whether accounts and campaigns whose ad sets have different attribution settings give a `value`
   * for what happens outside Meta; Meta itself does one or the other. `shown` when absent.
   */
  readonly mixedValues?: 'shown' | 'hidden';
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
  close(): Promise<void>;
}

const LOOPBACK = '127.0.0.1';
const DEFAULT_SEED = 1;
const DEFAULT_FAULT_RATE = 0.2;
/** Not started, started, and two times running. */
const DEFAULT_REPORT_POLLS = 4;

/**
 * Starts a local Marketing API with synthetic data, on the loopback interface only. Throws an
 * `AdlakeError` for a fault or a rate that does not exist, a `RangeError` for a `today` that is not
 * `YYYY-MM-DD`, and what `node:http` throws when the port is taken.
 */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const source = sourceOf(options);
  let requests = 0;
  const server = createServer((request, response) => {
    requests += 1;
    readRequest(request).then(
      (read) => {
        const { reply, fault } = handle(read, source);
        send(response, reply, fault);
      },
      () => response.socket?.destroy(),
    );
  });
  await listening(server, options.port ?? 0);
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://${LOOPBACK}:${port}`,
    token: source.tokens.names.systemUser,
    tokens: source.tokens.names,
    app: source.tokens.app,
    accountIds: ACCOUNTS.map((account) => account.id),
    requests: () => requests,
    close: () => closed(server),
  };
}

function sourceOf(options: SandboxOptions): Source {
  const seed = options.seed ?? DEFAULT_SEED;
  const faults = createFaultPlan({
    names: options.faults ?? [],
    rate: options.faultRate ?? DEFAULT_FAULT_RATE,
    seed,
    accountIds: ACCOUNTS.map((account) => account.id),
  });
  const atlas = createAtlas(seed, todayOf(options.today));
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
    runs: createRunStore({ seed, faults }),
    reportPolls: options.reportPolls ?? DEFAULT_REPORT_POLLS,
    hidesMixed: options.mixedValues === 'hidden',
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
