import { ACCOUNTS, type Account } from './account.ts';
import { accountsOf, plansOf, type WorldSize } from './crowd.ts';
import { PLANS, type Plan } from './plan.ts';

/** Everything a world is drawn from, beside the current day. */
export interface WorldSource {
  readonly seed: number;
  readonly accounts: readonly Account[];
  readonly plans: readonly Plan[];
  /** Share of ad days that are restated once more before they are final, 0 to 1. */
  readonly restatedShare: number;
  /** Share of campaigns, ad sets and ads that are in no list any more, 0 to 1. */
  readonly goneShare: number;
}

/** What a world source is made from; what is absent is as in the usual world. */
export interface WorldSketch {
  readonly seed: number;
  readonly size?: WorldSize | undefined;
  readonly restatedShare?: number | undefined;
  readonly goneShare?: number | undefined;
}

/**
 * The source of the usual world of three accounts, or with a size of a larger, plainer one. Throws a
 * `RangeError` for a size that cannot be.
 */
export function worldSource(sketch: WorldSketch): WorldSource {
  const { seed, size, restatedShare = 0, goneShare = 0 } = sketch;
  const accounts = size === undefined ? ACCOUNTS : accountsOf(size);
  const plans = size === undefined ? PLANS : plansOf(size, seed);
  return { seed, accounts, plans, restatedShare, goneShare };
}
