import { exactOf } from './cell.ts';
import { type DayEvidence, halvesOf, NO_DAYS, weighDay } from './day-form.ts';
import { FIELDS, isFigure } from './fields.ts';
import type { HeaderColumn } from './header.ts';
import { isAbsent, type NumberEvidence, noEvidence, weigh } from './number-form.ts';
import type { ColumnReading, DayForm, DecimalMark } from './reading.ts';
import { refusal } from './refusal.ts';

/** What a stated locale means for figures and dates; nulls when none was stated. */
export interface LocaleForms {
  readonly decimal: DecimalMark | null;
  readonly days: DayForm | null;
}

/** How figures and dates of a locale like `de-DE` are written. Throws `IMPORT_REFUSED` for no locale. */
export function localeForms(locale: string | null): LocaleForms {
  if (locale === null) return { decimal: null, days: null };
  try {
    const parts = new Intl.NumberFormat(locale).formatToParts(1.5);
    const mark = parts.find(({ type }) => type === 'decimal')?.value;
    const order = new Intl.DateTimeFormat(locale, { calendar: 'gregory' })
      .formatToParts(0)
      .map(({ type }) => type[0])
      .filter((letter) => letter === 'd' || letter === 'm' || letter === 'y')
      .join('');
    const days = order === 'mdy' || order === 'dmy' ? order : 'ymd';
    return { decimal: mark === ',' || mark === '٫' ? ',' : '.', days };
  } catch {
    throw refusal(
      `--locale must be the name of a locale, found ${JSON.stringify(locale)}.`,
      'Write it like en-US, de-DE or pt-BR.',
    );
  }
}

/** How many columns each field has. */
function countFields(columns: readonly HeaderColumn[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>([['segment', 1]]);
  for (const { meaning } of columns) {
    const field = meaning?.field ?? null;
    if (field !== null && field !== 'segment') counts.set(field, (counts.get(field) ?? 0) + 1);
  }
  return counts;
}

interface Evidence {
  readonly numbers: readonly NumberEvidence[];
  readonly days: DayEvidence;
  /** Columns with a number that begins with zeros: they are codes, not figures. */
  readonly codes: ReadonlySet<number>;
}

/** Cells without a number after which a column without a field counts as words. */
const WORDS_ENOUGH = 30;

/**
 * Decides for each column how its cells are read, by all of them and by what was stated. Throws
 * `IMPORT_REFUSED` when a column can be read two ways, and says which option settles it.
 */
export function columnForms(
  columns: readonly HeaderColumn[],
  rows: Iterable<readonly string[]>,
  stated: LocaleForms,
): readonly ColumnReading[] {
  const evidence = gather(columns, rows);
  const days = dayForm(evidence.days, stated);
  const common = commonMark(evidence.numbers);
  const rivals = countFields(columns);
  return columns.map((column, at) => {
    const numbers = evidence.numbers[at] ?? noEvidence();
    const { header, meaning } = column;
    const field = meaning?.field ?? null;
    const { unit, segment } = meaning ?? {};
    const base = {
      header,
      field,
      ...(field === null || rivals.get(field) === 1 ? {} : { rank: meaning?.rank ?? 0 }),
      ...(unit === undefined ? {} : { unit }),
      ...(segment === undefined ? {} : { segment }),
    };
    const kind = field === null ? null : FIELDS[field];
    if (kind === 'day' || kind === 'period') return { ...base, days };
    if (kind !== null && !isFigure(kind)) return base;
    const isCode = evidence.codes.has(at);
    if (kind === null && (isCode || numbers.words > 0 || isContradiction(numbers))) return base;
    const decimal = decimalMark(header, numbers, { common, stated, mayBeUnknown: kind === null });
    return decimal === null ? base : { ...base, decimal };
  });
}

function gather(columns: readonly HeaderColumn[], rows: Iterable<readonly string[]>): Evidence {
  const numbers = columns.map(noEvidence);
  const codes = new Set<number>();
  let days = NO_DAYS;
  const kinds = columns.map(({ meaning }) =>
    meaning?.field === undefined || meaning.field === null ? null : FIELDS[meaning.field],
  );
  for (const cells of rows) {
    for (const [at, kind] of kinds.entries()) {
      const cell = cells[at];
      if (cell === undefined || cell === '' || (kind !== null && WORDY.has(kind))) continue;
      if (isAbsent(cell)) continue;
      if (kind === 'day') days = weighDay(days, cell);
      else if (kind === 'period') {
        for (const half of halvesOf(cell).flat()) days = weighDay(days, half);
      } else {
        const known = numbers[at] ?? noEvidence();
        if (kind === null && known.words > WORDS_ENOUGH) continue;
        weigh(known, cell, kind === 'count' || kind === 'unique');
        if (kind === null && /^0\d/.test(cell) && exactOf(cell) === null) codes.add(at);
      }
    }
  }
  return { numbers, days, codes };
}

const WORDY: ReadonlySet<string> = new Set(['id', 'text']);

function isContradiction(numbers: NumberEvidence): boolean {
  const isBoth = numbers.eitherPoint !== null && numbers.eitherComma !== null;
  return (
    (numbers.point > 0 && numbers.comma > 0) || (isBoth && numbers.point + numbers.comma === 0)
  );
}

/** The mark that every column with certain cells has; null when they differ or there are none. */
function commonMark(columns: readonly NumberEvidence[]): DecimalMark | null {
  const points = columns.filter(({ point, comma }) => point > 0 && comma === 0).length;
  const commas = columns.filter(({ point, comma }) => comma > 0 && point === 0).length;
  if (points > 0 && commas === 0) return '.';
  return commas > 0 && points === 0 ? ',' : null;
}

function decimalMark(
  header: string,
  numbers: NumberEvidence,
  by: {
    readonly common: DecimalMark | null;
    readonly stated: LocaleForms;
    readonly mayBeUnknown: boolean;
  },
): DecimalMark | null {
  if (isContradiction(numbers)) throw contradiction(header, numbers);
  if (numbers.point > 0) return '.';
  if (numbers.comma > 0) return ',';
  if (numbers.either === 0) return '.';
  const settled = by.common ?? by.stated.decimal;
  if (settled !== null || by.mayBeUnknown) return settled;
  const cell = numbers.eitherPoint ?? numbers.eitherComma ?? '';
  const mark = numbers.eitherPoint !== null ? 'point' : 'comma';
  throw refusal(
    `The column ${JSON.stringify(header)} can be read two ways: in ${cell.trim()} the ${mark} may stand before decimals or between thousands, and no other figure of the file tells.`,
    'Say how figures are written with --locale: en-US for 1,234.56, de-DE for 1.234,56.',
  );
}

function contradiction(header: string, numbers: NumberEvidence) {
  const one = numbers.pointCell ?? numbers.eitherPoint ?? '';
  const other = numbers.commaCell ?? numbers.eitherComma ?? '';
  return refusal(
    `The column ${JSON.stringify(header)} has figures of two kinds: ${one.trim()} and ${other.trim()}.`,
    'Export the file again, without a spreadsheet program changing it on the way.',
  );
}

function dayForm(days: DayEvidence, stated: LocaleForms): DayForm {
  if (days.dmy > 0 && days.mdy > 0) {
    throw refusal(
      'Some dates of the file have the day first and others the month.',
      'Export the file again, without a spreadsheet program changing it on the way.',
    );
  }
  if (days.dmy > 0) return 'dmy';
  if (days.mdy > 0) return 'mdy';
  if (days.either === 0) return days.ymd > 0 ? 'ymd' : 'dmy';
  if (stated.days !== null && stated.days !== 'ymd') return stated.days;
  throw refusal(
    `The dates can be read two ways: in ${days.shown} the day or the month may come first, and no other date of the file tells.`,
    'Say how dates are written with --locale: en-US for month first, en-GB or de-DE for day first.',
  );
}
