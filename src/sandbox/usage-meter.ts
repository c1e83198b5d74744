import { LIMIT_INSIGHTS, LIMIT_MANAGEMENT } from './fault-error.ts';
import type { GraphErrorDetail } from './graph-error.ts';
import { adStatus, type World } from './world.ts';

/** Every tier of limits; `off`: none. */
export const LIMITS = ['off', 'development', 'standard'] as const;

/** Which of Meta's tiers of limits holds. */
export type Limits = (typeof LIMITS)[number];

/** How much of its limits an account has used, with the call that is being answered. */
export interface Measured {
  readonly tier: string;
  /** Percent of the calls of the last hour of this use case. */
  readonly callPercent: number;
  /** Percent of the score of the account. */
  readonly scorePercent: number;
  /** Until the use case is free again; 0 when it is. */
  readonly regainMinutes: number;
  /** Until the score is free again; 0 when it is. */
  readonly resetSeconds: number;
  /** The error to answer with; undefined while calls are left. */
  readonly refused: GraphErrorDetail | undefined;
}

/** Counts calls; undefined when there are no limits. */
export interface UsageMeter {
  readonly charge: (world: World, isInsights: boolean) => Measured | undefined;
}

/** Source: Meta, Marketing API rate limits; score as a leaky bucket is an inference. */
const TIERS = {
  development: { tier: 'development_access', score: 60, block: 300, insights: 600, other: 300 },
  standard: { tier: 'standard_access', score: 9000, block: 60, insights: 190_000, other: 100_000 },
} as const;
const DECAY_SECONDS = 300;
const HOUR_SECONDS = 3600;
/** What every running ad adds to the calls of an hour. */
const PER_ACTIVE_AD = { insights: 400, other: 40 } as const;

const SCORE_LIMIT: GraphErrorDetail = {
  status: 400,
  code: 17,
  subcode: 2446079,
  message: '(#17) User request limit reached',
  title: 'Ad Account Has Too Many API Calls',
};

type Tier = (typeof TIERS)['development' | 'standard'];
type UseCase = 'insights' | 'other';

/** What is remembered of an account; instants in seconds of the clock. */
interface Account {
  score: number;
  at: number;
  blockedUntil: number;
  readonly calls: Record<UseCase, number[]>;
}

/** Makes the meter of a sandbox; `clock` gives milliseconds that only go forward. */
export function createUsageMeter(limits: Limits, clock: () => number): UsageMeter {
  if (limits === 'off') return { charge: () => undefined };
  const tier = TIERS[limits];
  const accounts = new Map<string, Account>();
  return {
    charge: (world, isInsights) => {
      const now = clock() / 1000;
      const { id } = world.account;
      const account = accounts.get(id) ?? freshAccount(now);
      accounts.set(id, account);
      return charged(account, { tier, world, now, useCase: isInsights ? 'insights' : 'other' });
    },
  };
}

function freshAccount(now: number): Account {
  return { score: 0, at: now, blockedUntil: 0, calls: { insights: [], other: [] } };
}

function charged(
  account: Account,
  by: {
    readonly tier: Tier;
    readonly world: World;
    readonly now: number;
    readonly useCase: UseCase;
  },
): Measured {
  const { tier, now, useCase } = by;
  const calls = account.calls[useCase];
  while ((calls[0] ?? now) <= now - HOUR_SECONDS) calls.shift();
  const quota = tier[useCase] + PER_ACTIVE_AD[useCase] * activeAds(by.world);
  const overCalls = calls.length >= quota;
  const overScore = isScoreUsedUp(account, tier, now);
  if (!overCalls && !overScore) {
    calls.push(now);
    account.score += 1;
  }
  const wait = overCalls ? (calls[0] ?? now) + HOUR_SECONDS - now : 0;
  const refusedCalls = useCase === 'insights' ? LIMIT_INSIGHTS : LIMIT_MANAGEMENT;
  return {
    tier: tier.tier,
    callPercent: Math.min(100, Math.floor((100 * calls.length) / quota)),
    scorePercent: overScore ? 100 : Math.min(100, Math.floor((100 * account.score) / tier.score)),
    regainMinutes: Math.ceil(wait / 60),
    resetSeconds: overScore ? Math.ceil(account.blockedUntil - now) : 0,
    refused: overScore ? SCORE_LIMIT : overCalls ? refusedCalls : undefined,
  };
}

/** Lets the score leak away; when it is full the account is blocked for a while. */
function isScoreUsedUp(account: Account, tier: Tier, now: number): boolean {
  if (now < account.blockedUntil) return true;
  account.score = Math.max(0, account.score - (tier.score / DECAY_SECONDS) * (now - account.at));
  account.at = now;
  if (account.score + 1 <= tier.score) return false;
  account.blockedUntil = now + tier.block;
  return true;
}

function activeAds(world: World): number {
  return world.ads.filter((ad) => adStatus(ad, world) === 'ACTIVE').length;
}
