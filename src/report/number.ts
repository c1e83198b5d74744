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

/** An estimated amount: whole units from 100 on, since no estimate is good to the cent. */
export function estimate(value: Json | undefined, currency: string): string {
  const number = figure(value);
  if (number === null) return UNKNOWN;
  const isLarge = Math.abs(number) >= 100;
  const text = isLarge ? number.toFixed(0) : rounded(String(number), decimalsOf(currency) ?? CENTS);
  return `${readable(text)} ${currency}`.trimEnd();
}

/** Both ends of an estimate, the currency said once: `1,863 to 3,105 USD`. */
export function between(low: Json | undefined, high: Json | undefined, currency: string): string {
  return `${estimate(low, currency).replace(` ${currency}`, '')} to ${estimate(high, currency)}`;
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

/** One figure over another; null when one is not known or there is nothing to divide by. */
export function share(over: Json | undefined, under: Json | undefined): number | null {
  const [top, bottom] = [figure(over), figure(under)];
  return top === null || bottom === null || bottom === 0 ? null : top / bottom;
}

/** A value at an axis, short: `950`, `1.5 k`, `20 k`, `3.2 M`. */
export function compact(value: number): string {
  const unit = UNITS.find(({ from }) => Math.abs(value) >= from);
  const scaled = Number((value / (unit?.size ?? 1)).toPrecision(3));
  return `${readable(String(scaled))}${unit?.name ?? ''}`;
}

/** Four digits are still read at a glance. */
const UNITS = [
  { from: 1e9, size: 1e9, name: ' bn' },
  { from: 1e6, size: 1e6, name: ' M' },
  { from: 1e4, size: 1e3, name: ' k' },
] as const;

/**
 * A sentence with commas in its long numbers: `for 3101.94 USD` becomes `for 3,101.94 USD`; days stay.
 * Amounts of currencies without decimals lose theirs.
 */
export function grouped(sentence: string): string {
  return sentence
    .replaceAll(/(?<=\d)\.0+(?= ([A-Z]{3})\b)/g, (zeros, code: string) =>
      decimalsOf(code) === 0 ? '' : zeros,
    )
    .replaceAll(/(?<![\d.,-])\d{4,}(\.\d+)?(?![\d-])/g, (number) => readable(number));
}

/** A value of an answer as text; null where it is not known. */
export function textOf(value: Json | undefined): string | null {
  return value === null || value === undefined ? null : String(value);
}

function rounded(text: string, decimals: number): string {
  return new Big(text).round(decimals, Big.roundHalfEven).toFixed(decimals);
}
