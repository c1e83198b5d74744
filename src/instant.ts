import { Temporal } from 'temporal-polyfill';

/**
 * A date and time with an offset as an instant in UTC, `2026-03-08T22:18:45Z`. Offsets with and
 * without a colon are read. Null stays null, and text that is no such time stays as it is, for a
 * contract to refuse.
 */
export function instantOf(text: string | null): string | null {
  if (text === null) return null;
  try {
    return Temporal.Instant.from(text).toString();
  } catch {
    return text;
  }
}

/** Whole seconds since 1970 as an instant in UTC; null, and text that is no such count, as above. */
export function instantOfSeconds(text: string | null): string | null {
  if (text === null || !/^\d{1,11}$/.test(text)) return text;
  return Temporal.Instant.fromEpochMilliseconds(Number(text) * MILLISECONDS).toString();
}

const MILLISECONDS = 1000;
