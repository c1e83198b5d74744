import type { Batch } from '../batch.ts';
import type { Dataset } from '../dataset.ts';
import { monthFor } from '../judge.ts';
import { isDay } from '../window.ts';

/** A day that a batch speaks of. */
export interface KnownDay {
  /** `YYYY-MM-DD`, the account's own day. */
  readonly day: string;
  readonly month: string;
  /** False when the batch did not ask for it. */
  readonly isInScope: boolean;
}

/** Years outside of these are left to the plain path. */
const FIRST_YEAR = 1900;
const LAST_YEAR = 2999;
const DAY_LENGTH = 10;

/**
 * Reads days out of bytes that have the form of one, each different one asked about once; null for
 * what is no day of the calendar.
 */
export function daysFor(
  dataset: Dataset,
  batch: Batch,
): (bytes: Uint8Array, at: number) => KnownDay | null {
  const known = new Map<number, KnownDay | null>();
  return (bytes, at) => {
    const number = numberAt(bytes, at);
    const found = known.get(number);
    if (found !== undefined) return found;
    const text = Buffer.from(bytes.subarray(at, at + DAY_LENGTH)).toString('latin1');
    const day = knownDay(dataset, batch, text);
    known.set(number, day);
    return day;
  };
}

/** The day as YYYYMMDD. */
function numberAt(bytes: Uint8Array, at: number): number {
  let number = 0;
  for (let place = 0; place < DAY_LENGTH; place++) {
    const digit = (bytes[at + place] ?? 0) - 0x30;
    if (digit >= 0) number = number * 10 + digit;
  }
  return number;
}

function knownDay(dataset: Dataset, batch: Batch, day: string): KnownDay | null {
  const year = Number(day.slice(0, 4));
  if (year < FIRST_YEAR || year > LAST_YEAR || !isDay(day)) return null;
  const { since, until } = batch.scope;
  const isInScope = since === null || until === null || (day >= since && day <= until);
  return { day, month: monthFor(dataset, batch, day), isInScope };
}
