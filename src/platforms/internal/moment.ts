import { Temporal } from 'temporal-polyfill';
import { isDay } from '../../window.ts';

/** When something happened, as far as a file says it. */
export type Moment =
  /** `at`: instant in UTC to the second. `day`: the calendar day where it happened. */
  | { readonly kind: 'instant'; readonly at: string; readonly day: string }
  /** A day without a time. */
  | { readonly kind: 'day'; readonly day: string }
  /** A time of which nobody says in which zone it is. */
  | { readonly kind: 'zoneless' }
  | { readonly kind: 'unreadable' };

const TIME =
  /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(:\d{2})?(?:\.\d+)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/i;

/**
 * Reads `2026-03-08`, `2026-03-08 22:18:45`, and the latter with an offset (`-0500`, `+02:00`, `Z`,
 * `UTC`). With `timezone` (an IANA name) the day is the day there; without it, the day that the text
 * itself names. A local time that a clock change repeats is its first, one that it skips is the hour
 * after (Temporal's `compatible`).
 */
export function momentOf(text: string, timezone: string | null): Moment {
  const plain = text.trim();
  if (isDay(plain)) return { kind: 'day', day: plain };
  const [, date, minutes, seconds = ':00', offset] = TIME.exec(plain) ?? [];
  if (date === undefined || minutes === undefined) return { kind: 'unreadable' };
  if (offset === undefined && timezone === null) return { kind: 'zoneless' };
  try {
    const local = `${date}T${minutes}${seconds}`;
    const zoned = Temporal.PlainDateTime.from(local, { overflow: 'reject' });
    const instant =
      offset === undefined
        ? zoned.toZonedDateTime(timezone ?? 'UTC').toInstant()
        : Temporal.Instant.from(`${local}${plainOffset(offset)}`);
    const day = timezone === null ? date : instant.toZonedDateTimeISO(timezone).toPlainDate();
    return { kind: 'instant', at: instant.toString(), day: day.toString() };
  } catch {
    return { kind: 'unreadable' };
  }
}

function plainOffset(offset: string): string {
  return /^[zug]/i.test(offset) ? 'Z' : offset;
}
