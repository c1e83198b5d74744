import type { Odds } from './rate.ts';

/** What a day cost and returned, in one currency. */
export interface MoneyDay {
  readonly spend: number;
  readonly value: number;
}

/** Enough for a probability to 0.5 % (its standard error at one half). */
const DRAWS = 10_000;
const SEED = 20_260_101;

/**
 * Compares the ROAS of two sets of days by Bayesian bootstrap (Rubin 1981): each draw gives every day a
 * random weight (exponential), and its ROAS is weighted value over weighted spend; no shape of how
 * days differ is assumed. Seeded, so that the same days always give the same answer. Each side
 * needs days with spend.
 */
export function compareRoas(a: readonly MoneyDay[], b: readonly MoneyDay[]): Odds {
  const random = seeded(SEED);
  let [better, lossA, lossB] = [0, 0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    const more = weighted(random, b) - weighted(random, a);
    if (more > 0) {
      better++;
      lossA += more;
    } else lossB -= more;
  }
  return { betterB: better / DRAWS, lossA: lossA / DRAWS, lossB: lossB / DRAWS };
}

function weighted(random: () => number, days: readonly MoneyDay[]): number {
  let [spend, value] = [0, 0];
  for (const day of days) {
    const weight = -Math.log(1 - random());
    spend += weight * day.spend;
    value += weight * day.value;
  }
  return value / spend;
}

/** The generator mulberry32: numbers from 0 (inclusive) to 1. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
