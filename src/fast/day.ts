import { isDay } from '../window.ts';

/** Years outside of these are left to the plain path. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2999;
const DAY_LENGTH = 10;

/**
 * The day at `at`, whose bytes have the form of one, as YYYYMMDD; 0 when it is none of the calendar.
 * Each different one is looked up once.
 */
export function dayAt(view: DataView, at: number): number {
  let number = 0;
  for (let place = 0; place < DAY_LENGTH; place++) {
    const digit = view.getUint8(at + place) - 0x30;
    if (digit >= 0) number = number * 10 + digit;
  }
  if (number === last) return number;
  if (!isKnown(number)) return 0;
  last = number;
  return number;
}

let last = 0;
const known = new Map<number, boolean>();

function isKnown(number: number): boolean {
  const found = known.get(number);
  if (found !== undefined) return found;
  const year = Math.floor(number / 10_000);
  const is = year >= FIRST_YEAR && year <= LAST_YEAR && isDay(dayText(number));
  known.set(number, is);
  return is;
}

/** `YYYY-MM-DD` of YYYYMMDD. */
export function dayText(number: number): string {
  return String(number)
    .padStart(8, '0')
    .replace(/^(\d{4})(\d\d)/, '$1-$2-');
}

/** YYYYMMDD of `YYYY-MM-DD`, or of nothing: null. */
export function dayNumber(day: string | null): number | null {
  return day === null ? null : Number(day.replaceAll('-', ''));
}

/** `YYYY-MM` of YYYYMMDD. */
export function monthOf(number: number): string {
  return dayText(number).slice(0, 7);
}
