import Big from 'big.js';

/** Decimal places that money, counts of conversions and ratios have in staging. */
export const PLACES = 6;

/** A constructor of our own, so that nobody else's settings reach it; numbers are refused. */
const Decimal = Big();
Decimal.strict = true;
Decimal.DP = PLACES;
Decimal.RM = Big.roundHalfEven;

const DECIMAL_TEXT = /^-?\d+(\.\d+)?$/;
const FITS = /^-?\d+(\.\d{1,6})?$/;

/** True for decimal text: digits, perhaps a minus sign before and a fraction after. */
export function isDecimal(value: unknown): value is string {
  return typeof value === 'string' && DECIMAL_TEXT.test(value);
}

/**
 * Decimal text with at most `places` decimal places: as it is when it fits, else rounded half-even.
 * Throws when the text is no decimal.
 */
export function rounded(text: string, places: number = PLACES): string {
  if (places === PLACES && FITS.test(text)) return text;
  return plain(new Decimal(text).round(places));
}

/** The exact sum of decimal texts; `0` of none. Throws when one is no decimal. */
export function sumOf(texts: readonly string[]): string {
  return plain(texts.reduce((sum, text) => sum.plus(text), new Decimal('0')));
}

/** The exact product of two decimal texts. */
export function product(left: string, right: string): string {
  return plain(new Decimal(left).times(right));
}

/**
 * `over` divided by `under`, rounded half-even to `PLACES`. Null when `under` is 0: there is nothing
 * to divide by.
 */
export function quotient(over: string, under: string): string | null {
  const quick = smallQuotient(over, under);
  if (quick !== null) return quick;
  const divisor = new Decimal(under);
  return divisor.eq('0') ? null : plain(new Decimal(over).div(divisor));
}

/** Numbers below this are exact as they are, times a million too. */
const SMALL = /^\d{1,7}(\.\d{1,6})?$/;
const SMALL_WHOLE = /^\d{1,9}$/;
const MILLION = 1_000_000;

/** The same quotient in whole numbers, where both fit; null where they do not. */
function smallQuotient(over: string, under: string): string | null {
  if (!SMALL.test(over) || !SMALL_WHOLE.test(under)) return null;
  const divisor = Number(under);
  if (divisor === 0) return null;
  const [whole, part = ''] = over.split('.');
  const millionths = Number(whole) * MILLION + Number(part.padEnd(PLACES, '0'));
  const below = Math.floor(millionths / divisor);
  const rest = millionths - below * divisor;
  const isUp = rest * 2 > divisor || (rest * 2 === divisor && below % 2 === 1);
  return millionthsText(isUp ? below + 1 : below);
}

/** Decimal text of a whole number of millionths, without zeros at its end. */
function millionthsText(millionths: number): string {
  const part = millionths % MILLION;
  const whole = String((millionths - part) / MILLION);
  return part === 0 ? whole : `${whole}.${String(part).padStart(PLACES, '0').replace(/0+$/, '')}`;
}

const ZERO = /^-?0+(\.0+)?$/;

/** True when the text is a decimal equal to 0, however it is written. */
export function isZero(text: string): boolean {
  if (FITS.test(text)) return ZERO.test(text);
  return new Decimal(text).eq('0');
}

/**
 * True when two decimals are within `share` (a fraction of the second) of each other or within
 * `slack` (an absolute distance), both inclusive.
 */
export function agree(
  found: string,
  expected: string,
  within: { readonly share: string; readonly slack: string },
): boolean {
  const distance = new Decimal(found).minus(expected).abs();
  const share = new Decimal(expected).abs().times(within.share);
  return distance.lte(share) || distance.lte(within.slack);
}

/** Never with an exponent, and zero without a sign. */
function plain(value: Big): string {
  const text = value.toFixed();
  return text === '-0' ? '0' : text;
}
