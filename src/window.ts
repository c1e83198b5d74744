import { Temporal } from 'temporal-polyfill';

/** A span of days of an ad account, `YYYY-MM-DD`, both ends inclusive. */
export interface Window {
  readonly since: string;
  readonly until: string;
}

/**
 * A figure of a day can change until the day is this many days old; then it is settled.
 * Source: Meta, Insights best practices ("do not change after 28 days of being reported").
 */
export const SETTLEMENT_DAYS = 28;

const DAY_PATTERN = /^\d{4}-\d{2}-\d{2}$/;

/** True for a real calendar day written `YYYY-MM-DD`; `2026-02-30` is not one. */
export function isDay(text: string): boolean {
  if (!DAY_PATTERN.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}

/** The day `count` days after `day` (before it, when negative). */
export function addDays(day: string, count: number): string {
  return Temporal.PlainDate.from(day).add({ days: count }).toString();
}

/** Days from `from` to `to`: 0 for the same day, negative when `to` is earlier. */
export function daysBetween(from: string, to: string): number {
  return Temporal.PlainDate.from(from).until(Temporal.PlainDate.from(to), { largestUnit: 'day' })
    .days;
}

/** Every day of the window, in order. */
export function daysOf(window: Window): readonly string[] {
  const count = daysBetween(window.since, window.until) + 1;
  return Array.from({ length: Math.max(0, count) }, (_, index) => addDays(window.since, index));
}

/** Every month (`YYYY-MM`) the window touches, in order. */
export function monthsOf(window: Window): readonly string[] {
  if (window.since.slice(0, 7) === window.until.slice(0, 7)) return [window.since.slice(0, 7)];
  const months: string[] = [];
  let month = Temporal.PlainYearMonth.from(window.since.slice(0, 7));
  const last = Temporal.PlainYearMonth.from(window.until.slice(0, 7));
  while (Temporal.PlainYearMonth.compare(month, last) <= 0) {
    months.push(month.toString());
    month = month.add({ months: 1 });
  }
  return months;
}

/** Cuts the window into consecutive chunks of at most `days` days, in order. */
export function chunks(window: Window, days: number): readonly Window[] {
  const cut: Window[] = [];
  for (let since = window.since; since <= window.until; since = addDays(since, days)) {
    const end = addDays(since, days - 1);
    cut.push({ since, until: end < window.until ? end : window.until });
  }
  return cut;
}

/** What both windows share, or null. */
export function intersect(left: Window, right: Window): Window | null {
  const since = left.since > right.since ? left.since : right.since;
  const until = left.until < right.until ? left.until : right.until;
  return since <= until ? { since, until } : null;
}

/** True when `outer` holds all of `inner`. */
export function covers(outer: Window, inner: Window): boolean {
  return outer.since <= inner.since && outer.until >= inner.until;
}

/** The day it is in `timeZone` (an IANA name) at `instant` (ISO 8601, UTC). */
export function dayAt(instant: string, timeZone: string): string {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(timeZone).toPlainDate().toString();
}

/**
 * True when a figure for `day`, pulled on `pulledOn` (both the account's days), can no longer change:
 * it was pulled when the day was `SETTLEMENT_DAYS` or more days old.
 */
export function isSettled(day: string, pulledOn: string): boolean {
  return daysBetween(day, pulledOn) >= SETTLEMENT_DAYS;
}
