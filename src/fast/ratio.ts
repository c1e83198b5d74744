import { clearlyAgree } from '../decimal.ts';
import { MONEY_SLACK, RATIO_SLACK, SHARE } from '../platforms/meta/ratios.ts';

/** A figure that is not there. */
export const ABSENT = -1;
/** A figure, or a verdict, that only the plain path can work out. */
export const UNSURE = -2;

const POINT = 0x2e;
const MOST_WHOLE_DIGITS = 7;
const PLACES = 6;
const MILLION = 1_000_000;
const THOUSAND = 1_000;
const MOST_EXACT = Number.MAX_SAFE_INTEGER;

/**
 * Decimal text as a whole number of millionths, exact; `UNSURE` when it has more than seven digits
 * before the point or six behind it. The bytes must be decimal text without a sign.
 */
export function millionthsAt(view: DataView, from: number, to: number): number {
  let units = 0;
  let at = from;
  for (; at < to && view.getUint8(at) !== POINT; at++)
    units = units * 10 + view.getUint8(at) - 0x30;
  if (at - from > MOST_WHOLE_DIGITS) return UNSURE;
  const places = to - at - 1;
  if (places > PLACES) return UNSURE;
  for (at++; at < to; at++) units = units * 10 + view.getUint8(at) - 0x30;
  return units * (SCALES[places < 0 ? 0 : places] ?? 1);
}

const SCALES = [1e6, 1e5, 1e4, 1e3, 1e2, 1e1, 1];

const MOST_COUNT_DIGITS = 9;

/** Digits as a number; `UNSURE` when there are more than nine. */
export function countAt(view: DataView, from: number, to: number): number {
  if (to - from > MOST_COUNT_DIGITS) return UNSURE;
  let count = 0;
  for (let at = from; at < to; at++) count = count * 10 + view.getUint8(at) - 0x30;
  return count;
}

/** What the ratios of a row are made of, and what the API reported; money and ratios in millionths. */
export interface Parts {
  readonly spend: number;
  readonly impressions: number;
  readonly clicks: number;
  readonly cpc: number;
  readonly cpm: number;
  /** In percent. */
  readonly ctr: number;
}

/** The ratios of a row as `ratiosOf` gives them, in whole numbers of their last place. */
export class Ratios {
  cpc = ABSENT;
  cpm = ABSENT;
  ctr = ABSENT;
  /** Whether they agree with what was reported: 1 or 0, `ABSENT` when there is nothing to compare. */
  agrees = ABSENT;

  /** Works them out; false when only the plain path can. */
  take(parts: Parts): boolean {
    const { spend, impressions, clicks } = parts;
    if (spend === UNSURE || impressions === UNSURE || clicks === UNSURE) return false;
    if (parts.cpc === UNSURE || parts.cpm === UNSURE || parts.ctr === UNSURE) return false;
    if (spend * THOUSAND > MOST_EXACT - impressions) return false;
    this.cpc = quotient(spend, clicks);
    this.cpm = spend === ABSENT ? ABSENT : quotient(spend * THOUSAND, impressions);
    this.ctr = clicks === ABSENT ? ABSENT : quotient(clicks * MILLION, impressions);
    const cpc = verdict(parts.cpc / MILLION, this.cpc, MONEY);
    const cpm = verdict(parts.cpm / MILLION, this.cpm, MONEY);
    const ctr = verdict(parts.ctr / (MILLION * 100), this.ctr, RATIO);
    if (cpc === UNSURE || cpm === UNSURE || ctr === UNSURE) return false;
    const worst = cpc === 0 || cpm === 0 || ctr === 0 ? 0 : 1;
    this.agrees = cpc === ABSENT && cpm === ABSENT && ctr === ABSENT ? ABSENT : worst;
    return true;
  }
}

/** Rounded half-even; `ABSENT` when one is not there or there is nothing to divide by. */
function quotient(over: number, under: number): number {
  if (over === ABSENT || under === ABSENT || under === 0) return ABSENT;
  const below = Math.floor(over / under);
  const rest = over - below * under;
  const isUp = rest * 2 > under || (rest * 2 === under && below % 2 === 1);
  return isUp ? below + 1 : below;
}

const MONEY = { share: Number(SHARE), slack: Number(MONEY_SLACK) };
const RATIO = { share: Number(SHARE), slack: Number(RATIO_SLACK) };

/** 1 or 0; `ABSENT` when one is not there; `UNSURE` where the last bit of a number may decide. */
function verdict(
  found: number,
  expected: number,
  within: { readonly share: number; readonly slack: number },
): number {
  if (found < 0 || expected === ABSENT) return ABSENT;
  const agrees = clearlyAgree(found, expected / MILLION, within);
  return agrees === null ? UNSURE : Number(agrees);
}
