import { AdlakeError } from '../errors.ts';
import {
  BAD_CURSOR,
  EXPIRED,
  LIMIT_INSIGHTS,
  LIMIT_MANAGEMENT,
  NO_PERMISSION,
  TOO_LARGE,
  TRANSIENT,
} from './fault-error.ts';
import type { GraphErrorDetail } from './graph-error.ts';
import { mix, saltOf, uniform } from './random.ts';

/** Every fault that the sandbox can be told to have. */
export const FAULT_NAMES = [
  'rate-limit-account',
  'expired-token',
  'permission',
  'transient',
  'html-500',
  'empty-503',
  'cut-body',
  'reset',
  'slow',
  'too-large',
  'cursor-invalid',
  'job-failed',
  'job-stuck',
  'job-not-ready',
  'null-batch-entry',
  'duplicate-page',
  'new-field',
  'wrong-type',
] as const;

/** The name of a fault. */
export type FaultName = (typeof FAULT_NAMES)[number];

/** What happens to a request instead of, or on top of, its answer. */
export type Fault =
  | { readonly kind: 'error'; readonly detail: GraphErrorDetail; readonly limited: boolean }
  | { readonly kind: 'html-500' | 'empty-503' | 'cut-body' | 'broken-body' | 'reset' | 'slow' };

/** What a fault is decided from. */
export interface FaultRequest {
  /** Path and parameters without the token: equal for a retry of the same request. */
  readonly key: string;
  readonly accountId: string | undefined;
  readonly isInsights: boolean;
  readonly limit: number;
  readonly hasCursor: boolean;
}

/** Decides faults; remembers how often each request has failed, so that a third attempt gets through. */
export interface FaultPlan {
  readonly names: ReadonlySet<FaultName>;
  readonly seed: number;
  readonly rate: number;
  readonly next: (request: FaultRequest) => Fault | undefined;
  /** True when a fault falls on that thing now; the same thing is spared the third time at the latest. */
  readonly strikes: (name: FaultName, key: string) => boolean;
}

/** A request fails at most this often in a row. */
const MAX_FAILURES = 2;
const NO_ACCESS_ACCOUNT = 1;

/**
 * Makes the fault plan of a sandbox. Throws an `AdlakeError` (USAGE) for a fault that does not
 * exist or a rate outside 0 to 1.
 */
export function createFaultPlan(options: {
  readonly names: readonly string[];
  readonly rate: number;
  readonly seed: number;
  readonly accountIds: readonly string[];
}): FaultPlan {
  const names = checkedNames(options.names);
  checkRate(options.rate);
  const attempts = new Map<string, { count: number; failures: number }>();
  const refused = options.accountIds[NO_ACCESS_ACCOUNT];
  const next = (request: FaultRequest): Fault | undefined => {
    const always = constantFault(names, request, refused);
    if (always !== undefined) return always;
    const state = attempts.get(request.key) ?? { count: 0, failures: 0 };
    const salt = mix(saltOf(`${options.seed}/${request.key}`), state.count);
    const fault =
      state.failures < MAX_FAILURES
        ? chanceFault(names, request, { salt, rate: options.rate })
        : undefined;
    const failed = fault !== undefined && fault.kind !== 'slow';
    attempts.set(request.key, {
      count: state.count + 1,
      failures: failed ? state.failures + 1 : 0,
    });
    return fault;
  };
  const strikes = createStrikes({ names, seed: options.seed, rate: options.rate });
  return { names, seed: options.seed, rate: options.rate, next, strikes };
}

/** Faults of single things (a report, an entry of a batch): each name and key has its own draws. */
function createStrikes(
  plan: Pick<FaultPlan, 'names' | 'seed' | 'rate'>,
): (name: FaultName, key: string) => boolean {
  const attempts = new Map<string, { count: number; failures: number }>();
  return (name, key) => {
    if (!plan.names.has(name)) return false;
    const about = `${plan.seed}/${name}/${key}`;
    const { count, failures } = attempts.get(about) ?? { count: 0, failures: 0 };
    const hit = failures < MAX_FAILURES && uniform(mix(saltOf(about), count), 1) < plan.rate;
    attempts.set(about, { count: count + 1, failures: hit ? failures + 1 : 0 });
    return hit;
  };
}

function checkedNames(names: readonly string[]): ReadonlySet<FaultName> {
  const known = new Set<FaultName>();
  for (const name of names) {
    const fault = FAULT_NAMES.find((candidate) => candidate === name);
    if (fault === undefined) {
      throw new AdlakeError({
        code: 'USAGE',
        message: `Expected the name of a fault of the sandbox, found "${name}".`,
        remedy: `Use one of: ${FAULT_NAMES.join(', ')}.`,
      });
    }
    known.add(fault);
  }
  return known;
}

function checkRate(rate: number): void {
  if (rate >= 0 && rate <= 1) return;
  throw new AdlakeError({
    code: 'USAGE',
    message: `Expected a share of requests from 0 to 1 as the sandbox's fault rate, found ${rate}.`,
    remedy: 'Give a number such as 0.2: one request in five has a fault.',
  });
}

/** Faults that do not go away by trying again. */
function constantFault(
  names: ReadonlySet<FaultName>,
  request: FaultRequest,
  refused: string | undefined,
): Fault | undefined {
  if (names.has('expired-token')) return failure(EXPIRED);
  if (names.has('permission') && request.accountId !== undefined && request.accountId === refused) {
    return failure(NO_PERMISSION);
  }
  return names.has('too-large') && request.limit > 100 ? failure(TOO_LARGE) : undefined;
}

/** Faults that fall on a share of requests; each name has its own draw, the first hit counts. */
function chanceFault(
  names: ReadonlySet<FaultName>,
  request: FaultRequest,
  chance: { readonly salt: number; readonly rate: number },
): Fault | undefined {
  for (const name of names) {
    const draw = uniform(mix(chance.salt, saltOf(name)), 1);
    if (draw >= chance.rate) continue;
    const fault = faultOf(name, request, draw < chance.rate / 2);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function faultOf(name: FaultName, request: FaultRequest, either: boolean): Fault | undefined {
  switch (name) {
    case 'rate-limit-account':
      return { ...failure(request.isInsights ? LIMIT_INSIGHTS : LIMIT_MANAGEMENT), limited: true };
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

function failure(detail: GraphErrorDetail): Extract<Fault, { kind: 'error' }> {
  return { kind: 'error', detail, limited: false };
}
