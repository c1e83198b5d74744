import { sumOf } from '../decimal.ts';
import type { JsonRow } from '../duckdb/duckdb.ts';
import { figure } from './number.ts';

/** Sums over a span of days. Null: not known. */
export interface Totals {
  readonly spend: number | null;
  readonly purchase_value: number | null;
  readonly conversions: number | null;
  readonly impressions: number | null;
  readonly clicks: number | null;
}

/** One reason why ROAS moved, and how much of the movement it makes. */
export interface Driver {
  readonly name: 'price' | 'interest' | 'conversion' | 'basket';
  /** The ratio then and now, in its own unit: CPM, CTR, purchases per click, value per purchase. */
  readonly before: number;
  readonly now: number;
  /**
   * Its part of ln(ROAS now / ROAS before); the parts add up to the whole. Above 0: it raised ROAS.
   * A lower price raises it, so the price counts with the sign turned.
   */
  readonly effect: number;
}

/** Sums over campaigns (rows of the section `campaigns`): of the span, or of the one before it. */
export function totalsOf(campaigns: readonly JsonRow[], when: '' | '_before'): Totals {
  const sum = (name: string) => figure(exactSum(campaigns, `${name}${when}`));
  return {
    spend: sum('spend'),
    purchase_value: sum('purchase_value'),
    conversions: sum('conversions'),
    impressions: sum('impressions'),
    clicks: sum('clicks'),
  };
}

/** The sum of a column as decimal text; null when it is not known in one of the rows. */
export function exactSum(rows: readonly JsonRow[], column: string): string | null {
  const values = rows.map((row) => row[column] ?? null);
  return values.includes(null) ? null : sumOf(values.map(String));
}

/** Value over spend; null when one is not known or nothing was spent. */
export function roasOf({ purchase_value: value, spend }: Totals): number | null {
  return value === null || spend === null || spend === 0 ? null : value / spend;
}

/**
 * Why ROAS moved between two spans: ROAS = basket × conversion × interest ÷ price, with basket = value
 * per purchase, conversion = purchases per click, interest = clicks per impression and price = spend per
 * impression. Logarithms make the product a sum. Sorted by size, the largest first. None when a ratio
 * is not known or zero on either side.
 */
export function driversOf(before: Totals, now: Totals): readonly Driver[] {
  const drivers = RATIOS.map(({ name, top, bottom, sign }) => {
    const [then, today] = [ratio(before[top], before[bottom]), ratio(now[top], now[bottom])];
    if (then === null || today === null) return null;
    return { name, before: then, now: today, effect: sign * Math.log(today / then) };
  });
  const known = drivers.filter((driver) => driver !== null);
  if (known.length < RATIOS.length) return [];
  return known.sort((left, right) => Math.abs(right.effect) - Math.abs(left.effect));
}

const RATIOS = [
  { name: 'price', top: 'spend', bottom: 'impressions', sign: -1 },
  { name: 'interest', top: 'clicks', bottom: 'impressions', sign: 1 },
  { name: 'conversion', top: 'conversions', bottom: 'clicks', sign: 1 },
  { name: 'basket', top: 'purchase_value', bottom: 'conversions', sign: 1 },
] as const;

/** Null unless both are there and above zero: a logarithm needs that. */
function ratio(top: number | null, bottom: number | null): number | null {
  return top === null || bottom === null || top <= 0 || bottom <= 0 ? null : top / bottom;
}
