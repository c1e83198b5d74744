import { Temporal } from 'temporal-polyfill';

/** A calendar day as the count of days since 1970-01-01. Cheap to compare, add and hash. */
export type Day = number;

const EPOCH = Temporal.PlainDate.from('1970-01-01');
const DAY_TEXT = /^\d{4}-\d{2}-\d{2}$/;
const dayByText = new Map<string, Day>();
const textByDay = new Map<Day, string>();

/** The day of a `YYYY-MM-DD` text, or undefined when the text is not a real calendar day. */
export function parseDay(text: string): Day | undefined {
  const known = dayByText.get(text);
  if (known !== undefined) return known;
  if (!DAY_TEXT.test(text)) return undefined;
  try {
    const day = fromPlain(Temporal.PlainDate.from(text, { overflow: 'reject' }));
    dayByText.set(text, day);
    return day;
  } catch {
    return undefined;
  }
}

/** The day of a `YYYY-MM-DD` text. Throws a `RangeError` for anything else. */
export function dayOf(text: string): Day {
  const day = parseDay(text);
  if (day === undefined) throw new RangeError(`Expected a day as YYYY-MM-DD, found "${text}".`);
  return day;
}

/** `YYYY-MM-DD` of a day. */
export function textOf(day: Day): string {
  let text = textByDay.get(day);
  if (text === undefined) {
    text = plain(day).toString();
    textByDay.set(day, text);
  }
  return text;
}

/** Day of the week: 0 is Sunday, 6 is Saturday. */
export function weekdayOf(day: Day): number {
  return cyclic(day + 4, 7);
}

/** Where a day falls in a cycle of `length` days counted from 1970-01-01: 0 to `length` - 1. */
export function cyclic(day: Day, length: number): number {
  return ((day % length) + length) % length;
}

/** The same day of the month, `count` months earlier (the month's last day where there is none). */
export function monthsBefore(day: Day, count: number): Day {
  return fromPlain(plain(day).subtract({ months: count }));
}

/** The first day of the month `count` months after the month of `day`. */
export function monthStart(day: Day, count = 0): Day {
  return fromPlain(plain(day).with({ day: 1 }).add({ months: count }));
}

/** The number of the month: 1 to 12. */
export function monthOf(day: Day): number {
  return plain(day).month;
}

/** The current day in a time zone, by the machine's clock. */
export function todayIn(zone: string): Day {
  return fromPlain(Temporal.Now.plainDateISO(zone));
}

/** An instant: a day, and the second of that day on the clocks of a time zone. */
export interface LocalTime {
  readonly day: Day;
  readonly second: number;
  readonly zone: string;
}

/** Unix seconds of a local time. A time that DST skips is read one hour later. */
export function unixOf(time: LocalTime): number {
  const wall = plain(time.day).toPlainDateTime().add({ seconds: time.second });
  return Math.floor(wall.toZonedDateTime(time.zone).epochMilliseconds / 1000);
}

/**
 * `YYYY-MM-DDTHH:MM:SS±HHMM`, the way the Marketing API writes instants: the account's wall clock
 * with the offset that holds at that instant, no colon in the offset.
 */
export function stampOf(unix: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(unix * 1000).toZonedDateTimeISO(zone);
  return `${at.toPlainDateTime().toString({ smallestUnit: 'second' })}${at.offset.replace(':', '')}`;
}

/** Hours that the zone is ahead of UTC at that instant; negative to the west. */
export function offsetHours(unix: number, zone: string): number {
  const at = Temporal.Instant.fromEpochMilliseconds(unix * 1000).toZonedDateTimeISO(zone);
  return at.offsetNanoseconds / 3_600_000_000_000;
}

function plain(day: Day): Temporal.PlainDate {
  return EPOCH.add({ days: day });
}

function fromPlain(date: Temporal.PlainDate): Day {
  return EPOCH.until(date, { largestUnit: 'day' }).days;
}
