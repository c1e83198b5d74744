import {
  BAD_CURSOR,
  DATA_LIMIT,
  EXPIRED,
  LIMIT_APP,
  LIMIT_APP_INSIGHTS,
  LIMIT_INSIGHTS,
  LIMIT_MANAGEMENT,
  NO_PERMISSION,
  TOO_LARGE,
  TRANSIENT,
} from './fault-error.ts';
import type { FaultName } from './fault-name.ts';
import type { GraphErrorDetail } from './graph-error.ts';
import { mix, saltOf, uniform } from './random.ts';

/** Whose limit is used up. */
export type Limited = 'account' | 'app';

/** What happens to a request instead of, or on top of, its answer. */
export type Fault =
  | {
      readonly kind: 'error';
      readonly detail: GraphErrorDetail;
      /** Undefined for an error that is about no limit. */
      readonly limited: Limited | undefined;
    }
  | { readonly kind: 'html-500' | 'empty-503' | 'cut-body' | 'broken-body' | 'reset' | 'slow' };

/** What a fault is decided from. */
export interface FaultRequest {
  /** Path and parameters without the token: equal for a retry of the same request. */
  readonly key: string;
  /** The same without what says which page: equal for all pages of a list. */
  readonly list: string;
  readonly accountId: string | undefined;
  readonly isInsights: boolean;
  readonly limit: number;
  readonly hasCursor: boolean;
  /** Days of an insights request; 0 where they are not said. */
  readonly days: number;
}

/** Decides faults; remembers how often each request has failed, so that a third attempt gets through. */
export interface FaultPlan {
  /** The rate of each fault that is on. */
  readonly rates: ReadonlyMap<FaultName, number>;
  readonly seed: number;
  /** The rate of a fault; 0 when it is off. */
  readonly rateOf: (name: FaultName) => number;
  readonly next: (request: FaultRequest) => Fault | undefined;
  /** True when a fault falls on that thing now; the same thing is spared the third time at the latest. */
  readonly strikes: (name: FaultName, key: string) => boolean;
}

/** A request fails at most this often in a row. */
const MAX_FAILURES = 2;
const NO_ACCESS_ACCOUNT = 1;
/** Pages that are refused as too large have more rows than this. */
const LARGE_PAGE_ROWS = 100;
/** Spans that are refused as too large have more days than this. */
const LARGE_SPAN_DAYS = 2;

interface Options {
  readonly rates: ReadonlyMap<FaultName, number>;
  readonly seed: number;
  readonly accountIds: readonly string[];
}

interface Attempts {
  readonly count: number;
  readonly failures: number;
}

/** Makes the fault plan of a sandbox from the rate of each fault that is on. */
export function createFaultPlan(options: Options): FaultPlan {
  const attempts = new Map<string, Attempts>();
  const lasting = createLasting(options);
  const next = (request: FaultRequest): Fault | undefined => {
    const always = lasting(request);
    if (always !== undefined) return always;
    const state = attempts.get(request.key) ?? { count: 0, failures: 0 };
    const salt = mix(saltOf(`${options.seed}/${request.key}`), state.count);
    const fault =
      state.failures < MAX_FAILURES ? chanceFault(options.rates, request, salt) : undefined;
    const failed = fault !== undefined && fault.kind !== 'slow';
    attempts.set(request.key, {
      count: state.count + 1,
      failures: failed ? state.failures + 1 : 0,
    });
    return fault;
  };
  const { rates, seed } = options;
  const rateOf = (name: FaultName): number => rates.get(name) ?? 0;
  return { rates, seed, rateOf, next, strikes: createStrikes(options) };
}

/** Faults of single things (a report, an entry of a batch): each name and key has its own draws. */
function createStrikes({ rates, seed }: Options): FaultPlan['strikes'] {
  const attempts = new Map<string, Attempts>();
  return (name, key) => {
    const rate = rates.get(name);
    if (rate === undefined) return false;
    const about = `${seed}/${name}/${key}`;
    const { count, failures } = attempts.get(about) ?? { count: 0, failures: 0 };
    const hit = failures < MAX_FAILURES && uniform(mix(saltOf(about), count), 1) < rate;
    attempts.set(about, { count: count + 1, failures: hit ? failures + 1 : 0 });
    return hit;
  };
}

/** Faults that do not go away by trying again. */
function createLasting(options: Options): (request: FaultRequest) => Fault | undefined {
  const { rates, seed } = options;
  const refused = refusedAccounts(options);
  let requests = 0;
  let isExpired = false;
  return (request) => {
    requests += 1;
    isExpired ||=
      uniform(saltOf(`${seed}/expired-token`), requests) < (rates.get('expired-token') ?? 0);
    if (isExpired) return failure(EXPIRED);
    if (refused.has(request.accountId ?? '')) return failure(NO_PERMISSION);
    return tooLarge(request, { rate: rates.get('too-large') ?? 0, seed });
  };
}

/** The accounts that `permission` refuses: with a rate of 1 the second one, else that share of them. */
function refusedAccounts({ rates, seed, accountIds }: Options): ReadonlySet<string> {
  const rate = rates.get('permission') ?? 0;
  if (rate === 1) return new Set(accountIds.slice(NO_ACCESS_ACCOUNT, NO_ACCESS_ACCOUNT + 1));
  return new Set(accountIds.filter((id) => uniform(saltOf(`${seed}/permission/${id}`), 1) < rate));
}

/** Half of the lists that are hit want smaller pages; the other half, when they have days, fewer of them. */
function tooLarge(
  request: FaultRequest,
  by: { readonly rate: number; readonly seed: number },
): Fault | undefined {
  const draw = uniform(saltOf(`${by.seed}/too-large/${request.list}`), 1);
  if (draw >= by.rate) return undefined;
  const wantsFewerDays = by.rate < 1 && draw < by.rate / 2;
  if (wantsFewerDays && request.days > LARGE_SPAN_DAYS) return failure(DATA_LIMIT);
  return !wantsFewerDays && request.limit > LARGE_PAGE_ROWS ? failure(TOO_LARGE) : undefined;
}

/** Faults that fall on a share of requests; each name has its own draw, the first hit counts. */
function chanceFault(
  rates: ReadonlyMap<FaultName, number>,
  request: FaultRequest,
  salt: number,
): Fault | undefined {
  for (const [name, rate] of rates) {
    const draw = uniform(mix(salt, saltOf(name)), 1);
    if (draw >= rate) continue;
    const fault = faultOf(name, request, draw < rate / 2);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(name: FaultName, request: FaultRequest, either: boolean): Fault | undefined {
  switch (name) {
    case 'rate-limit-account':
      return failure(request.isInsights ? LIMIT_INSIGHTS : LIMIT_MANAGEMENT, 'account');
    case 'rate-limit-app':
      return failure(request.isInsights ? LIMIT_APP_INSIGHTS : LIMIT_APP, 'app');
    case 'transient':
      return failure(TRANSIENT);
    case 'cursor-invalid':
      return request.hasCursor ? failure(BAD_CURSOR) : undefined;
    case 'cut-body':
      return { kind: either ? 'cut-body' : 'broken-body' };
    case 'html-500':
    case 'empty-503':
    case 'reset':
    case 'slow':
      return { kind: name };
    default:
      return undefined;
  }
}

function failure(detail: GraphErrorDetail, limited?: Limited): Extract<Fault, { kind: 'error' }> {
  return { kind: 'error', detail, limited };
}
