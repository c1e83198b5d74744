/** How often something happened among chances for it: clicks of impressions, purchases of link clicks. */
export interface Rate {
  readonly events: number;
  /** Not fewer than `events`. */
  readonly chances: number;
}

/** What two figures say about which of the two is truly higher. */
export interface Odds {
  /** Probability that B's true figure is higher than A's. */
  readonly betterB: number;
  /** How much is lost on average by staying with A, and with B, in the unit of the figure. */
  readonly lossA: number;
  readonly lossB: number;
}

/**
 * Compares two rates, each with a Beta(1 + events, 1 + chances - events) distribution: what is known of a
 * rate of which nothing was known before. The probability that B is higher is ∫ f_B F_A, the expected
 * loss of A is ∫ F_A (1 - F_B), and that of B the other way round; integrated by trapezoids on one grid,
 * without chance, so that the same figures always give the same answer.
 */
export function compareRates(a: Rate, b: Rate): Odds {
  const [grid, step] = gridOf([a, b]);
  const [densityA, densityB] = [densities(a, grid), densities(b, grid)];
  let [belowA, belowB, betterB, lossA, lossB] = [0, 0, 0, 0, 0];
  for (let at = 1; at < grid.length; at++) {
    const [nextA, nextB] = [belowA + mean(densityA, at) * step, belowB + mean(densityB, at) * step];
    betterB += (nextB - belowB) * ((belowA + nextA) / 2);
    lossA += ((belowA * (1 - belowB) + nextA * (1 - nextB)) / 2) * step;
    lossB += ((belowB * (1 - belowA) + nextB * (1 - nextA)) / 2) * step;
    [belowA, belowB] = [nextA, nextB];
  }
  // The last digits may be beyond what can be.
  return { betterB: Math.min(1, betterB), lossA: Math.max(0, lossA), lossB: Math.max(0, lossB) };
}

/** Beyond so many standard deviations of both there is nothing that counts. */
const REACH_DEVIATIONS = 12;
/** Points in a standard deviation of the narrower one: probabilities are right to 0.00001. */
const POINTS_PER_DEVIATION = 100;
/** Two narrow ones that are far apart need no more to be told apart. */
const MOST_POINTS = 200_000;

function gridOf(rates: readonly Rate[]): readonly [readonly number[], number] {
  const shapes = rates.map(momentsOf);
  const low = Math.max(
    0,
    Math.min(...shapes.map((one) => one.mean - REACH_DEVIATIONS * one.deviation)),
  );
  const high = Math.min(
    1,
    Math.max(...shapes.map((one) => one.mean + REACH_DEVIATIONS * one.deviation)),
  );
  const finest = Math.min(...shapes.map((one) => one.deviation)) / POINTS_PER_DEVIATION;
  const count = Math.min(MOST_POINTS, Math.ceil((high - low) / finest));
  const step = (high - low) / count;
  return [Array.from({ length: count + 1 }, (_, at) => low + at * step), step];
}

function momentsOf(rate: Rate): { readonly mean: number; readonly deviation: number } {
  const total = rate.chances + 2;
  const share = (rate.events + 1) / total;
  return { mean: share, deviation: Math.sqrt((share * (1 - share)) / (total + 1)) };
}

/** The density at each point, scaled so that the trapezoids add up to 1. */
function densities(rate: Rate, grid: readonly number[]): Float64Array {
  const logs = grid.map((x) => term(rate.events, x) + term(rate.chances - rate.events, 1 - x));
  const top = logs.reduce((most, one) => Math.max(most, one), Number.NEGATIVE_INFINITY);
  const heights = Float64Array.from(logs, (one) => Math.exp(one - top));
  const step = (grid[1] ?? 0) - (grid[0] ?? 0);
  let area = 0;
  for (let at = 1; at < heights.length; at++) area += mean(heights, at) * step;
  return heights.map((height) => height / area);
}

/** count × ln x, where nothing times anything is nothing. */
function term(count: number, x: number): number {
  return count === 0 ? 0 : count * Math.log(x);
}

function mean(heights: Float64Array, at: number): number {
  return ((heights[at - 1] ?? 0) + (heights[at] ?? 0)) / 2;
}
