import { isDay } from '../window.ts';
import { plainCell } from './cell.ts';
import type { DayForm } from './reading.ts';

/** What the dates of a file say about the order of their parts. */
export interface DayEvidence {
  readonly ymd: number;
  readonly dmy: number;
  readonly mdy: number;
  /** Dates that can be read either way, like 03/04/2026; one is kept to be shown. */
  readonly either: number;
  readonly shown: string | null;
}

/** Evidence of nothing, to be added to. */
export const NO_DAYS: DayEvidence = { ymd: 0, dmy: 0, mdy: 0, either: 0, shown: null };

/** Adds one date to the evidence; what is no date adds nothing. */
export function weighDay(evidence: DayEvidence, cell: string): DayEvidence {
  if (ISO_DAY.test(cell)) return evidence.ymd > 0 ? evidence : { ...evidence, ymd: 1 };
  const parts = partsOf(cell);
  if (parts === null) return evidence;
  if (parts.kind !== 'numbers') return { ...evidence, ymd: evidence.ymd + 1 };
  const [first, second] = parts.values;
  if (first > 12 && second <= 12) return { ...evidence, dmy: evidence.dmy + 1 };
  if (second > 12 && first <= 12) return { ...evidence, mdy: evidence.mdy + 1 };
  if (parts.mark === '.') return { ...evidence, dmy: evidence.dmy + 1 };
  if (first === second) return evidence;
  return { ...evidence, either: evidence.either + 1, shown: evidence.shown ?? cell.trim() };
}

/** The ISO day of a cell, its time of day left out; null when it is no date of that form. */
export function dayIn(cell: string, form: DayForm): string | null {
  if (ISO_DAY.test(cell)) return isKnownDay(cell) ? cell : null;
  const parts = partsOf(cell);
  if (parts === null) return null;
  if (parts.kind === 'known') return valid(parts.day);
  const [first, second, year] = parts.values;
  if (form === 'ymd') return null;
  const [day, month] = form === 'dmy' ? [first, second] : [second, first];
  return valid(isoOf(year, month, day));
}

/** First and last day of a cell that holds a period; null when it holds none. */
export function periodIn(
  cell: string,
  form: DayForm,
): { readonly since: string; readonly until: string } | null {
  for (const [first, last] of halvesOf(cell)) {
    const since = dayIn(first, form);
    const until = dayIn(last, form);
    if (since !== null && until !== null && since <= until) return { since, until };
  }
  return null;
}

/** The two dates of a period, cut at each mark that could part them. */
export function halvesOf(cell: string): readonly (readonly [string, string])[] {
  const text = cell.trim();
  const cuts = [
    ...text.matchAll(/\s+(?:[-–—~〜～]|to|a|à|al|bis|até|do|по|-)\s+|[–—~〜～]|\s?→\s?/giu),
  ];
  return cuts.map((cut) => [text.slice(0, cut.index), text.slice(cut.index + cut[0].length)]);
}

const ISO_DAY = /^\d{4}-\d{2}-\d{2}$/;

/** Days that were found to be days: a file has few, and many rows of each. */
const knownDays = new Set<string>();
const MOST_DAYS = 20_000;

function isKnownDay(text: string): boolean {
  if (knownDays.has(text)) return true;
  if (!isDay(text)) return false;
  if (knownDays.size >= MOST_DAYS) knownDays.clear();
  knownDays.add(text);
  return true;
}

type Parts =
  | { readonly kind: 'known'; readonly day: string }
  | {
      readonly kind: 'numbers';
      readonly mark: string;
      readonly values: readonly [number, number, number];
    };

const YEAR_FIRST = /^(\d{4})([-/.])\s?(\d{1,2})\2\s?(\d{1,2})\.?$/;
const YEAR_LAST = /^(\d{1,2})([-/.])\s?(\d{1,2})\2\s?(\d{4})\.?$/;
const COMPACT = /^(\d{4})(\d{2})(\d{2})$/;
const EAST_ASIA = /^(\d{4})\s?[年년]\s?(\d{1,2})\s?[月월]\s?(\d{1,2})\s?[日일]$/;
const TIME_BEHIND =
  /[T ,]+\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?\s?([AaPp]\.?[Mm]\.?)?\s?(Z|UTC|GMT|[+-]\d{2}:?\d{2})?$/;

function partsOf(cell: string): Parts | null {
  const text = plainCell(cell)
    .replaceAll(/[\u200e\u200f\u061c]/g, '')
    .trim()
    .replace(TIME_BEHIND, '');
  if (text.length < 8 || text.length > 40) return null;
  const iso = YEAR_FIRST.exec(text);
  if (iso !== null) return known(iso[1], iso[3], iso[4]);
  const asian = EAST_ASIA.exec(text) ?? COMPACT.exec(text);
  if (asian !== null) return known(asian[1], asian[2], asian[3]);
  const last = YEAR_LAST.exec(text);
  if (last !== null) {
    return {
      kind: 'numbers',
      mark: last[2] ?? '',
      values: [Number(last[1]), Number(last[3]), Number(last[4])],
    };
  }
  return named(text);
}

function known(year = '', month = '', day = ''): Parts {
  return { kind: 'known', day: isoOf(Number(year), Number(month), Number(day)) };
}

function isoOf(year: number, month: number, day: number): string {
  const two = (number: number): string => String(number).padStart(2, '0');
  return `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`;
}

function valid(day: string): string | null {
  return isDay(day) ? day : null;
}

/** A date with its month as a word: `3 Jan 2026`, `January 3, 2026`, `3 de enero de 2026`. */
function named(text: string): Parts | null {
  const words = text.toLowerCase().match(/\d+|[\p{L}\p{M}]+/gu) ?? [];
  const numbers = words.filter((word) => /^\d+$/.test(word)).map(Number);
  const [first, second] = numbers;
  if (numbers.length !== 2 || first === undefined || second === undefined) return null;
  const months = words.map(monthOf).filter((month) => month !== null);
  const [month] = months;
  if (month === undefined || months.length !== 1) return null;
  const [day, year] = second > 31 ? [first, second] : [second, first];
  return year < 1000 ? null : { kind: 'known', day: isoOf(year, month, day) };
}

let months: ReadonlyMap<string, number> | null = null;

function monthOf(word: string): number | null {
  months ??= monthNames();
  const name = letters(word);
  return months.get(name) ?? null;
}

const LOCALES =
  'en es pt fr de it nl pl tr ru uk id vi th ar sv da nb fi cs sk hu ro bg el he'.split(' ');

/** Names of months, long and short, of the locales that Ads Manager has and write them as words. */
function monthNames(): ReadonlyMap<string, number> {
  const names = new Map<string, number>();
  for (const locale of LOCALES) {
    for (const style of ['long', 'short'] as const) {
      const format = new Intl.DateTimeFormat(locale, {
        day: 'numeric',
        month: style,
        timeZone: 'UTC',
        calendar: 'gregory',
      });
      for (let month = 1; month <= 12; month++) {
        const parts = format.formatToParts(FIRST_OF_MONTH(month));
        const name = parts.find(({ type }) => type === 'month')?.value ?? '';
        const key = letters(name);
        if (key !== '' && !/\d/.test(key) && !names.has(key)) names.set(key, month);
      }
    }
  }
  return names;
}

/** Milliseconds since 1970 of a day in the month of 2001, for the names of months alone. */
const FIRST_OF_MONTH = (month: number): number =>
  (978_307_200 + (month - 1) * 2_629_800 + 864_000) * 1000;

/** Without dots, accents and case: what is left of a name to be compared. */
function letters(word: string): string {
  return word
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^\p{L}]/gu, '');
}
