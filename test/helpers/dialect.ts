import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { CHECKOUT } from '../../src/checkout.ts';
import { daysBetween } from '../../src/window.ts';
import { type SheetCell, workbookOf } from './xlsx.ts';

/** A row of an export, before anybody has written it in a dialect. Money in cents. */
export interface PlainRow {
  readonly campaign: string;
  readonly adSet: string;
  readonly day: string;
  readonly age: string | null;
  readonly cents: number;
  readonly impressions: number;
  readonly purchases: number | null;
}

/** How an export is written. */
export interface Dialect {
  readonly language: string;
  readonly format: 'csv' | 'xlsx';
  readonly encoding: 'utf-8' | 'utf-8-mark' | 'utf-16le' | 'utf-16be' | 'utf-16le-bare' | 'cp1252';
  readonly delimiter: ',' | ';' | '\t' | '|';
  readonly hasSepLine: boolean;
  readonly lineEnd: '\n' | '\r\n' | '\r';
  readonly decimal: '.' | ',';
  readonly thousands: '' | ' ' | '\u00a0' | '\u202f' | "'" | 'other';
  readonly sign: '' | 'before' | 'after';
  readonly date: 'iso' | 'dotted' | 'slashed' | 'american' | 'words' | 'slashed-iso' | 'timed';
  readonly nothing: '' | '-' | '–' | '--' | 'N/A';
  readonly total: 'none' | 'top' | 'bottom';
  readonly preamble: number;
  readonly trailer: boolean;
  readonly quotesAll: boolean;
}

/** Any table of an export; names have delimiters, quotes and line breaks in them. */
export const tables: fc.Arbitrary<readonly PlainRow[]> = fc.uniqueArray(
  fc.record({
    campaign: fc.constantFrom('Autumn', 'A, "b"; c', 'Sale\n2', 'a|b\tc', '=1+1', "d'é"),
    adSet: fc.constantFrom('Broad', 'Narrow', '100', 'x;y'),
    day: fc
      .tuple(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 28 }))
      .map(([month, day]) => `2026-${two(month)}-${two(day)}`),
    age: fc.constantFrom('18-24', '25-34', '65+'),
    cents: fc.oneof(fc.integer({ min: 0, max: 99_999 }), fc.integer({ min: 0, max: 999_999_999 })),
    impressions: fc.oneof(
      fc.integer({ min: 0, max: 999 }),
      fc.integer({ min: 1000, max: 99_999_999 }),
    ),
    purchases: fc.option(fc.integer({ min: 0, max: 5000 })),
  }),
  {
    minLength: 1,
    maxLength: 6,
    selector: ({ campaign, adSet, day, age }) => `${campaign} ${adSet} ${day} ${age}`,
  },
);

const LANGUAGES = join(CHECKOUT, 'src', 'imports', 'languages');
const NAMES = Object.fromEntries(
  readdirSync(LANGUAGES).map((file) => [
    file.replace('.json', ''),
    JSON.parse(readFileSync(join(LANGUAGES, file), 'utf8')).columns as Record<string, string[]>,
  ]),
);

/** Any dialect that exports come in. */
export const dialects: fc.Arbitrary<Dialect> = fc.record({
  language: fc.constantFrom(...Object.keys(NAMES)),
  format: fc.constantFrom('csv', 'csv', 'csv', 'csv', 'xlsx'),
  encoding: fc.constantFrom(
    'utf-8',
    'utf-8-mark',
    'utf-16le',
    'utf-16be',
    'utf-16le-bare',
    'cp1252',
  ),
  delimiter: fc.constantFrom(',', ';', '\t', '|'),
  hasSepLine: fc.boolean(),
  lineEnd: fc.constantFrom('\n', '\r\n', '\r'),
  decimal: fc.constantFrom('.', ','),
  thousands: fc.constantFrom('', ' ', '\u00a0', '\u202f', "'", 'other'),
  sign: fc.constantFrom('', 'before', 'after'),
  date: fc.constantFrom('iso', 'dotted', 'slashed', 'american', 'words', 'slashed-iso', 'timed'),
  nothing: fc.constantFrom('', '-', '–', '--', 'N/A'),
  total: fc.constantFrom('none', 'top', 'bottom'),
  preamble: fc.integer({ min: 0, max: 3 }),
  trailer: fc.boolean(),
  quotesAll: fc.boolean(),
});

const COLUMNS = [
  'campaign_name',
  'ad_set_name',
  'day',
  'age',
  'spend',
  'impressions',
  'purchases',
] as const;

/** The bytes of a table in a dialect. `variant` picks among the names that a header goes by. */
export function written(rows: readonly PlainRow[], dialect: Dialect, variant = 0): Buffer {
  const names = NAMES[dialect.language] ?? {};
  const head = COLUMNS.map((field) => {
    const known = names[field] ?? [field];
    const name = known[variant % known.length] ?? field;
    return field === 'spend' ? `${name} (EUR)` : name;
  });
  if (dialect.format === 'xlsx') return workbookOf(sheetRows(rows, dialect, head));
  const body = rows.map((row) => cellsOf(row, dialect));
  const table = withTotal(body, totalCells(rows, dialect), dialect);
  const lines = [
    ...(dialect.hasSepLine ? [`sep=${dialect.delimiter}`] : []),
    ...Array.from({ length: dialect.preamble }, (_, at) => (at === 1 ? '' : `Note ${at}`)),
    ...[head, ...table].map((cells) =>
      cells.map((cell) => quoted(cell, dialect)).join(dialect.delimiter),
    ),
    ...(dialect.trailer ? ['', 'Made up for a test'] : []),
  ];
  return encoded(`${lines.join(dialect.lineEnd)}${dialect.lineEnd}`, dialect);
}

/** Locale whose dates are written as in the dialect; figures tell their own mark. */
export function localeOf(dialect: Dialect): string {
  return dialect.date === 'american' ? 'en-US' : 'en-GB';
}

function withTotal<T>(body: readonly T[], total: T, dialect: Dialect): readonly T[] {
  if (dialect.total === 'none') return body;
  return dialect.total === 'top' ? [total, ...body] : [...body, total];
}

function cellsOf(row: PlainRow, dialect: Dialect): readonly string[] {
  return [
    row.campaign,
    row.adSet,
    dateText(row.day, dialect),
    row.age ?? dialect.nothing,
    moneyText(row.cents, dialect),
    wholeText(row.impressions, dialect),
    row.purchases === null ? dialect.nothing : wholeText(row.purchases, dialect),
  ];
}

function totalCells(rows: readonly PlainRow[], dialect: Dialect): readonly string[] {
  const [cents, impressions, purchases] = sumsOf(rows);
  const none = dialect.nothing;
  return [
    none,
    none,
    none,
    none,
    moneyText(cents, dialect),
    wholeText(impressions, dialect),
    purchases === null ? none : wholeText(purchases, dialect),
  ];
}

function sumsOf(rows: readonly PlainRow[]): readonly [number, number, number | null] {
  const known = rows.flatMap(({ purchases }) => purchases ?? []);
  return [
    rows.reduce((sum, { cents }) => sum + cents, 0),
    rows.reduce((sum, { impressions }) => sum + impressions, 0),
    known.length === 0 ? null : known.reduce((sum, count) => sum + count, 0),
  ];
}

function sheetRows(
  rows: readonly PlainRow[],
  dialect: Dialect,
  head: readonly string[],
): readonly (readonly SheetCell[])[] {
  const whole = (count: number): SheetCell => ({ number: `${count}.0` });
  const body = rows.map((row): readonly SheetCell[] => [
    row.campaign,
    row.adSet,
    dialect.date === 'iso' ? row.day : { serial: daysBetween('1899-12-30', row.day) },
    row.age ?? '',
    { number: String(row.cents / 100) },
    whole(row.impressions),
    row.purchases === null ? '' : whole(row.purchases),
  ]);
  const [cents, impressions, purchases] = sumsOf(rows);
  const total: readonly SheetCell[] = [
    ...['', '', '', ''],
    { number: String(cents / 100) },
    whole(impressions),
    purchases === null ? '' : whole(purchases),
  ];
  return [
    ...Array.from({ length: dialect.preamble }, (_, at) => [`Note ${at}`]),
    head,
    ...withTotal(body, total, dialect),
  ];
}

function moneyText(cents: number, dialect: Dialect): string {
  const whole = grouped(String(Math.floor(cents / 100)), dialect);
  const text = `${whole}${dialect.decimal}${two(cents % 100)}`;
  if (dialect.sign === 'before') return `€${text}`;
  return dialect.sign === 'after' ? `${text}\u00a0€` : text;
}

function wholeText(count: number, dialect: Dialect): string {
  return grouped(String(count), dialect);
}

function grouped(digits: string, dialect: Dialect): string {
  const { thousands, decimal } = dialect;
  const mark = thousands === 'other' ? (decimal === '.' ? ',' : '.') : thousands;
  return digits.replaceAll(/\B(?=(\d{3})+$)/g, mark);
}

function dateText(iso: string, dialect: Dialect): string {
  const [year = '', month = '', day = ''] = iso.split('-');
  switch (dialect.date) {
    case 'dotted':
      return `${day}.${month}.${year}`;
    case 'slashed':
      return `${day}/${month}/${year}`;
    case 'american':
      return `${Number(month)}/${Number(day)}/${year}`;
    case 'slashed-iso':
      return `${year}/${month}/${day}`;
    case 'timed':
      return `${iso} 00:00:00`;
    case 'words':
      return wordsOf(dialect.language, { year, month: Number(month), day: Number(day) });
    default:
      return iso;
  }
}

const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ');

function wordsOf(
  language: string,
  { year, month, day }: { readonly year: string; readonly month: number; readonly day: number },
): string {
  if (language === 'ja' || language.startsWith('zh')) return `${year}年${month}月${day}日`;
  if (language === 'ko') return `${year}년 ${month}월 ${day}일`;
  return month % 2 === 0
    ? `${MONTHS[month - 1]} ${day}, ${year}`
    : `${day} ${MONTHS[month - 1]} ${year}`;
}

function quoted(cell: string, dialect: Dialect): string {
  const isNeeded = dialect.quotesAll || /["\n\r]/.test(cell) || cell.includes(dialect.delimiter);
  return isNeeded ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function encoded(text: string, { encoding, language }: Dialect): Buffer {
  const isLatin = /^(en|es|pt|fr|de|it|nl|id)$/.test(language);
  if (encoding === 'cp1252' && isLatin) return cp1252(text);
  if (encoding === 'utf-16le-bare' && isLatin) return Buffer.from(text, 'utf16le');
  if (encoding === 'utf-16le') return Buffer.from(`\ufeff${text}`, 'utf16le');
  if (encoding === 'utf-16be') return Buffer.from(`\ufeff${text}`, 'utf16le').swap16();
  return Buffer.from(encoding === 'utf-8-mark' ? `\ufeff${text}` : text);
}

/** Letters of Windows-1252 that are not at their own number. */
const CP1252: Readonly<Record<string, number>> = {
  '€': 0x80,
  '–': 0x96,
  '’': 0x92,
  '\u202f': 0xa0,
};

function cp1252(text: string): Buffer {
  return Buffer.from([...text].map((letter) => CP1252[letter] ?? letter.charCodeAt(0)));
}

function two(number: number): string {
  return String(number).padStart(2, '0');
}
