import { quoteText } from '../duckdb/duckdb.ts';
import type { InputFile } from '../staging/file.ts';
import { addDays, chunks, daysBetween, type Window } from '../window.ts';
import { monthAfter, type Unit } from './month-unit.ts';

/** Rows of a month that one statement makes. */
export interface Part {
  /** Ids of accounts, from one on and up to another, without that; null: no end on this side. */
  readonly accounts: readonly [from: string | null, to: string | null];
  /** Null: the whole month. */
  readonly days: Window | null;
}

/** One byte of Parquet is as much as so many of CSV. */
const PACKED = 4;

/**
 * The parts in which units are made, in the order of their rows' accounts and days. A large month has several,
 * each of about `partBytes` of its files, so that what a statement holds does not grow with the number of
 * ads; units that are made together have one.
 */
export function partsOf(units: readonly Unit[], partBytes: number): readonly Part[] {
  const [unit, ...others] = units;
  if (unit === undefined || others.length > 0) return [ALL];
  const spans = spansOf(unit, partBytes);
  return spans.flatMap(({ from, weight }, index) => {
    const accounts = [index === 0 ? null : from, spans[index + 1]?.from ?? null] as const;
    return daysOf(unit, Math.ceil(weight / partBytes)).map((days) => ({ accounts, days }));
  });
}

const ALL: Part = { accounts: [null, null], days: null };

/** A condition on the columns `account_id` and `date`: rows of the part. */
export function inPart({ accounts: [from, to], days }: Part): string {
  const conditions = [
    from === null ? [] : `account_id >= ${quoteText(from)}`,
    to === null ? [] : `account_id < ${quoteText(to)}`,
    days === null ? [] : inDays(days),
  ].flat();
  return ['true', ...conditions].join(' and ');
}

/** A condition on the column `date`: within these days. */
export function inDays({ since, until }: Window): string {
  return `date between cast(${quoteText(since)} as date) and cast(${quoteText(until)} as date)`;
}

/** Accounts that follow each other, together no more than a part, or one that is more. */
interface Span {
  readonly from: string;
  readonly weight: number;
}

function spansOf(unit: Unit, partBytes: number): readonly Span[] {
  const spans: Span[] = [];
  for (const [from, weight] of weightsOf(unit)) {
    const last = spans.at(-1);
    if (last === undefined || last.weight + weight > partBytes) spans.push({ from, weight });
    else spans[spans.length - 1] = { from: last.from, weight: last.weight + weight };
  }
  return spans.length === 0 ? [{ from: '', weight: 0 }] : spans;
}

/** What the accounts of a unit weigh, sorted by id. */
function weightsOf(unit: Unit): readonly (readonly [account: string, weight: number])[] {
  const weights = new Map<string, number>();
  for (const file of [...unit.own, ...[...unit.beside.values()].flat()]) {
    weights.set(file.account, (weights.get(file.account) ?? 0) + weightOf(file));
  }
  return [...weights].sort(([left], [right]) => (left < right ? -1 : 1));
}

function weightOf({ name, bytes }: InputFile): number {
  return name.endsWith('.parquet') ? bytes * PACKED : bytes;
}

function daysOf({ month }: Unit, parts: number): readonly (Window | null)[] {
  if (parts <= 1) return [null];
  const all = daysOfMonth(month);
  const days = daysBetween(all.since, all.until) + 1;
  return chunks(all, Math.ceil(days / parts));
}

/** The first and the last day of a month, `YYYY-MM`. */
export function daysOfMonth(month: string): Window {
  return { since: `${month}-01`, until: addDays(`${monthAfter(month)}-01`, -1) };
}
