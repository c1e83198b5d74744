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
/** Percent with six places is a fraction with eight. */
const FRACTION_PLACES = 8;
/** As `plain` would write it: no zero to spare at either end. */
const FITS_FRACTION = /^(0|[1-9]\d*)(\.\d{0,7}[1-9])?$/;

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
  if (places === FRACTION_PLACES && FITS_FRACTION.test(text)) return text;
  return plain(new Decimal(text).round(places));
}

/** The exact sum of decimal texts; `0` of none. Throws when one is no decimal. */
export function sumOf(texts: readonly string[]): string {
  return plain(texts.reduce((sum, text) => sum.plus(text), new Decimal('0')));
}

/** The exact product of two decimal texts. */
export function product(left: string, right: string): string {
  return smallProduct(left, right) ?? plain(new Decimal(left).times(right));
}

/** Digits that are exact as a number, and times those of another of these too. */
const FEW_DIGITS = /^(\d{1,7})(?:\.(\d{1,6}))?$/;
const MOST_EXACT = Number.MAX_SAFE_INTEGER;

function smallProduct(left: string, right: string): string | null {
  const one = FEW_DIGITS.exec(left);
  const other = FEW_DIGITS.exec(right);
  if (one === null || other === null) return null;
  const digits = Number(`${one[1]}${one[2] ?? ''}`) * Number(`${other[1]}${other[2] ?? ''}`);
  if (digits > MOST_EXACT) return null;
  const places = (one[2]?.length ?? 0) + (other[2]?.length ?? 0);
  const text = String(digits).padStart(places + 1, '0');
  if (places === 0) return text;
  const part = text.slice(-places).replace(/0+$/, '');
  return part === '' ? text.slice(0, -places) : `${text.slice(0, -places)}.${part}`;
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

/**
 * `over` divided by `under`, rounded half-even to `places`, without zeros to spare. Throws when one is
 * no decimal or `under` is 0.
 */
export function dividedTo(over: string, under: string, places: number): string {
  const Wide = Big();
  Wide.strict = true;
  Wide.DP = places;
  Wide.RM = Big.roundHalfEven;
  return plain(new Wide(over).div(new Wide(under)));
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
  const quick = clearlyAgree(Number(found), Number(expected), within);
  if (quick !== null) return quick;
  const distance = new Decimal(found).minus(expected).abs();
  const share = new Decimal(expected).abs().times(within.share);
  return distance.lte(share) || distance.lte(within.slack);
}

/** How far from the border a verdict must be for numbers to give it, as a part of what is compared. */
const CLEAR = 1e-12;

/** The verdict where it is not close enough to the border for rounding to matter; else null. */
function clearlyAgree(
  found: number,
  expected: number,
  within: { readonly share: string; readonly slack: string },
): boolean | null {
  const distance = Math.abs(found - expected);
  const border = Math.max(Math.abs(expected) * Number(within.share), Number(within.slack));
  const doubt = CLEAR * (1 + Math.abs(found) + Math.abs(expected));
  if (distance < border - doubt) return true;
  return distance > border + doubt ? false : null;
}

/** Never with an exponent, and zero without a sign. */
function plain(value: Big): string {
  const text = value.toFixed();
  return text === '-0' ? '0' : text;
}
