import { addDays } from '../window.ts';

/** Day 0 of serial numbers: Excel counts a 29 February 1900 that never was, so days after it fit. */
const DAY_ZERO = '1899-12-30';
const DAY_ZERO_1904 = '1904-01-01';
/** The last day a spreadsheet can show (31 December 9999). */
const LAST_SERIAL = 2_958_465;
/** First serial after the day that never was. */
const FIRST_SERIAL = 61;

/** The ISO day of a spreadsheet's serial number, its time of day left out; null when it is none. */
export function dayOfSerial(value: string, is1904: boolean): string | null {
  const serial = Math.floor(Number(value));
  if (!Number.isFinite(serial) || serial < FIRST_SERIAL || serial > LAST_SERIAL) return null;
  return addDays(is1904 ? DAY_ZERO_1904 : DAY_ZERO, serial);
}
