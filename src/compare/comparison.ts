import { compareRates, type Odds } from './rate.ts';
import { compareRoas } from './roas.ts';
import type { Side, SideDay } from './side.ts';

/** What two ads or campaigns can be compared by. */
export const COMPARED_METRICS = ['ctr', 'cvr', 'roas'] as const;
/** One of them. */
export type ComparedMetric = (typeof COMPARED_METRICS)[number];

/** What is said of a metric. `practically_equal`: staying with either costs less than 1 % of it. */
export type Verdict =
  | 'a_better'
  | 'b_better'
  | 'leaning_a'
  | 'leaning_b'
  | 'practically_equal'
  | 'undecided';

/** One metric of A and B. */
export type Comparison =
  | {
      readonly metric: ComparedMetric;
      readonly kind: 'compared';
      /** The plain figures: a fraction for CTR and CVR. */
      readonly a: number;
      readonly b: number;
      readonly odds: Odds;
      readonly verdict: Verdict;
    }
  | { readonly metric: ComparedMetric; readonly kind: 'not_compared'; readonly reason: string };

/** From here on one is called better, and from here on that it looks like it. */
const SURE = 0.95;
const LIKELY = 0.8;
/** Less than this share of the figure is no loss to speak of. */
const SMALL_LOSS = 0.01;
/** Fewer chances, or days, say nothing. */
const LEAST_IMPRESSIONS = 1000;
const LEAST_LINK_CLICKS = 100;
const LEAST_DAYS = 7;
const LEAST_PURCHASES = 5;

/** Compares two sides by a metric, or says why they cannot be compared by it. */
export function compareBy(metric: ComparedMetric, a: Side, b: Side): Comparison {
  const reason = reasonAgainst(metric, a) ?? reasonAgainst(metric, b);
  if (reason !== null) return { metric, kind: 'not_compared', reason };
  const [figureA, figureB] = [figureOf(metric, a), figureOf(metric, b)];
  const odds = oddsOf(metric, a, b);
  const verdict = verdictOf(odds, Math.max(figureA, figureB));
  return { metric, kind: 'compared', a: figureA, b: figureB, odds, verdict };
}

function oddsOf(metric: ComparedMetric, a: Side, b: Side): Odds {
  if (metric === 'roas') return compareRoas(moneyOf(a), moneyOf(b));
  const rate = (side: Side) => ({
    events: sumOf(side, EVENTS[metric]),
    chances: sumOf(side, CHANCES[metric]),
  });
  return compareRates(rate(a), rate(b));
}

function verdictOf({ betterB, lossA, lossB }: Odds, figure: number): Verdict {
  if (betterB >= SURE) return 'b_better';
  if (betterB <= 1 - SURE) return 'a_better';
  if (Math.max(lossA, lossB) < SMALL_LOSS * figure) return 'practically_equal';
  if (betterB >= LIKELY) return 'leaning_b';
  return betterB <= 1 - LIKELY ? 'leaning_a' : 'undecided';
}

function reasonAgainst(metric: ComparedMetric, side: Side): string | null {
  const who = side.label;
  if (side.days.some((day) => day[EVENTS[metric]] === null || day[CHANCES[metric]] === null)) {
    return `a figure of ${who} is unknown on one of the days`;
  }
  if (metric === 'roas') return reasonAgainstRoas(side);
  const [events, chances] = [sumOf(side, EVENTS[metric]), sumOf(side, CHANCES[metric])];
  if (events > chances) {
    return metric === 'cvr'
      ? `${who} has more purchases than link clicks, since purchases after a view count as well`
      : `${who} has more clicks than impressions`;
  }
  const least = metric === 'ctr' ? LEAST_IMPRESSIONS : LEAST_LINK_CLICKS;
  const name = metric === 'ctr' ? 'impressions' : 'link clicks';
  return chances < least ? `${who} has fewer than ${least} ${name}` : null;
}

function reasonAgainstRoas(side: Side): string | null {
  const { length } = moneyOf(side);
  if (length < LEAST_DAYS) return `${side.label} has fewer than ${LEAST_DAYS} days with spend`;
  return sumOf(side, 'conversions') < LEAST_PURCHASES
    ? `${side.label} has fewer than ${LEAST_PURCHASES} purchases`
    : null;
}

const EVENTS = { ctr: 'clicks', cvr: 'conversions', roas: 'value' } as const;
const CHANCES = { ctr: 'impressions', cvr: 'linkClicks', roas: 'spend' } as const;

function figureOf(metric: ComparedMetric, side: Side): number {
  return sumOf(side, EVENTS[metric]) / sumOf(side, CHANCES[metric]);
}

function moneyOf(side: Side) {
  return side.days
    .map((day) => ({ spend: day.spend ?? 0, value: day.value ?? 0 }))
    .filter((day) => day.spend > 0);
}

function sumOf(side: Side, column: Exclude<keyof SideDay, 'date' | 'isSettled'>): number {
  return side.days.reduce((sum, day) => sum + (day[column] ?? 0), 0);
}
