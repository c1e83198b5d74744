import type { Json } from '@duckdb/node-api';
import { Big } from 'big.js';
import { decimalsOf, readable } from '../amount.ts';

/** What stands where a figure is not known, or there is nothing to divide by. */
export const UNKNOWN = '–';

/** Decimals of an amount whose currency is not known. */
const CENTS = 2;

/** An amount in its currency, rounded half to even to the currency's decimals: `1,234.50 EUR`. */
export function money(value: Json | undefined, currency: string): string {
  const text = textOf(value);
  return text === null ? UNKNOWN : readable(rounded(text, decimalsOf(currency) ?? CENTS), currency);
}

/** A count, which may be a fraction: `1,234` or `12.5`. */
export function count(value: Json | undefined): string {
  const text = textOf(value);
  return text === null ? UNKNOWN : readable(rounded(text, 1).replace(/\.0+$/, ''));
}

/** A ratio such as ROAS with two decimals. */
export function ratio(value: number | null): string {
  return value === null ? UNKNOWN : readable(value.toFixed(2));
}

/** A fraction as a percentage: 0.0213 becomes `2.13 %`. */
export function percent(value: number | null, decimals = 2): string {
  return value === null ? UNKNOWN : `${readable((value * 100).toFixed(decimals))} %`;
}

/** By how much a figure moved, with its sign: `+12.3 %`, `±0.0 %`. Unknown when there was nothing before. */
export function change(now: number | null, before: number | null): string {
  if (now === null || before === null || before === 0) return UNKNOWN;
  const share = ((now - before) / Math.abs(before)) * 100;
  const size = Math.abs(share).toFixed(1);
  const sign = size === '0.0' ? '±' : share < 0 ? '−' : '+';
  return `${sign}${readable(size)} %`;
}

/** A figure for drawing and comparing, never for adding up: null stays null. */
export function figure(value: Json | undefined): number | null {
  const text = textOf(value);
  return text === null ? null : Number(text);
}

function textOf(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function rounded(text: string, decimals: number): string {
  return new Big(text).round(decimals, Big.roundHalfEven).toFixed(decimals);
}
