import { posix } from 'node:path';
import { exactCell } from './cell.ts';
import { refusal } from './refusal.ts';
import { dayOfSerial } from './serial-day.ts';
import { readXml } from './sheet-xml.ts';
import { unzipEntry, type ZipEntry, zipEntries } from './zip.ts';

/** Rows of a worksheet, cells as text; a number is marked as exact, a date is an ISO day. */
export interface Sheet {
  readonly name: string;
  readonly rows: () => readonly (readonly string[])[];
}

/** What a workbook holds. */
export interface Workbook {
  /** Worksheets that a person sees, in their order. */
  readonly sheets: readonly Sheet[];
  /** When it was written (instant in UTC), as its properties say; null when they do not. */
  readonly createdAt: string | null;
}

/** Columns of the widest worksheet that there can be (XFD). */
const MAX_COLUMNS = 16_384;
/** Rows of the longest worksheet that there can be. */
const MAX_ROWS = 1_048_576;
/** Cells that are kept at once: an export of 100,000 rows and 100 columns. */
const MAX_CELLS = 20_000_000;

/**
 * Opens a workbook (.xlsx). Formulas are not computed: the value that was saved with them counts.
 * Macros, pictures and links to other workbooks are never opened; a workbook with macros is refused
 * all the same, since the lake keeps the file. Throws `IMPORT_REFUSED`.
 */
export function openWorkbook(bytes: Buffer): Workbook {
  const entries = new Map(zipEntries(bytes).map((entry) => [entry.name, entry]));
  if ([...entries.keys()].some((name) => /vbaProject|macrosheets/i.test(name))) {
    throw refusal(
      'The workbook has macros in it.',
      'Save it as .xlsx (without macros) or CSV, and import that.',
    );
  }
  const part = (name: string): Buffer | null => {
    const entry = entries.get(name);
    return entry === undefined ? null : unzipEntry(bytes, entry);
  };
  return workbookOf(part, entries);
}

type Part = (name: string) => Buffer | null;

function workbookOf(part: Part, entries: ReadonlyMap<string, ZipEntry>): Workbook {
  const main = mainPart(part);
  const book = part(main);
  if (book === null) {
    throw refusal(
      'The file is an archive, but no workbook.',
      'Give the exports themselves: unpack the archive first.',
    );
  }
  const targets = relations(part, main);
  const { sheets, is1904 } = sheetsOf(book);
  let shared: readonly string[] | null = null;
  let dated: ReadonlySet<number> | null = null;
  const of = (kind: string) => [...targets.values()].find((one) => one.kind === kind)?.path ?? '';
  return {
    createdAt: createdAt(part),
    sheets: sheets
      .map(({ name, id }) => ({ name, path: targets.get(id)?.path ?? '' }))
      .filter(({ path }) => entries.has(path) && path.includes('worksheets/'))
      .map(({ name, path }) => ({
        name,
        rows: () => {
          shared ??= sharedTexts(part(of('sharedStrings')));
          dated ??= datedStyles(part(of('styles')));
          return rowsOf(part(path) ?? Buffer.alloc(0), { shared, dated, is1904 });
        },
      })),
  };
}

function mainPart(part: Part): string {
  const found = [...relations(part, '').values()].find(({ kind }) => kind === 'officeDocument');
  return found?.path ?? 'xl/workbook.xml';
}

/** Parts that a part speaks of, by id. Only names that are in the archive are ever looked up. */
function relations(
  part: Part,
  from: string,
): ReadonlyMap<string, { readonly kind: string; readonly path: string }> {
  const folder = posix.dirname(from);
  const found = new Map<string, { readonly kind: string; readonly path: string }>();
  const bytes = part(posix.join(folder, '_rels', `${posix.basename(from)}.rels`));
  if (bytes === null) return found;
  readXml(bytes, {
    open: (name, { Id: id, Type: type, Target: target, TargetMode: mode }) => {
      if (name !== 'Relationship' || mode === 'External' || target === undefined) return;
      const path = target.startsWith('/') ? target.slice(1) : posix.join(folder, target);
      found.set(id ?? '', { kind: (type ?? '').split('/').at(-1) ?? '', path });
    },
    text: () => {},
    close: () => {},
  });
  return found;
}

interface SheetEntry {
  readonly name: string;
  readonly id: string;
}

function sheetsOf(book: Buffer): {
  readonly sheets: readonly SheetEntry[];
  readonly is1904: boolean;
} {
  const sheets: SheetEntry[] = [];
  let is1904 = false;
  readXml(book, {
    open: (name, attributes) => {
      if (name === 'workbookPr') is1904 = /^(1|true)$/.test(attributes.date1904 ?? '');
      if (name !== 'sheet' || (attributes.state ?? 'visible') !== 'visible') return;
      const id = Object.entries(attributes).find(([key]) => /(^|:)id$/.test(key))?.[1] ?? '';
      sheets.push({ name: attributes.name ?? '', id });
    },
    text: () => {},
    close: () => {},
  });
  return { sheets, is1904 };
}

function sharedTexts(bytes: Buffer | null): readonly string[] {
  const texts: string[] = [];
  let text = '';
  let isText = false;
  let isPhonetic = false;
  readXml(bytes ?? Buffer.from('<sst/>'), {
    open: (name) => {
      if (name === 'si') text = '';
      if (name === 'rPh') isPhonetic = true;
      isText = name === 't' && !isPhonetic;
    },
    text: (piece) => {
      if (isText) text += piece;
    },
    close: (name) => {
      if (name === 'si') texts.push(text);
      if (name === 'rPh') isPhonetic = false;
      isText = false;
    },
  });
  return texts;
}

/** Formats that show a number as a date: those built in, and those of letters that stand for dates. */
const BUILT_IN_DATES = new Set([
  14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 34, 35, 36, 50, 51, 52, 53, 54, 57, 58,
]);

/** Places of the cell styles that show a date. */
function datedStyles(bytes: Buffer | null): ReadonlySet<number> {
  const formats = new Set(BUILT_IN_DATES);
  const dated = new Set<number>();
  let isCells = false;
  let index = 0;
  readXml(bytes ?? Buffer.from('<styleSheet/>'), {
    open: (name, { numFmtId, formatCode }) => {
      if (name === 'numFmt' && isDateFormat(formatCode ?? '')) formats.add(Number(numFmtId));
      if (name === 'cellXfs') isCells = true;
      if (name === 'xf' && isCells && formats.has(Number(numFmtId))) dated.add(index);
      if (name === 'xf' && isCells) index++;
    },
    text: () => {},
    close: (name) => {
      if (name === 'cellXfs') isCells = false;
    },
  });
  return dated;
}

function isDateFormat(code: string): boolean {
  const letters = code.replaceAll(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  return /[yd]/i.test(letters) && !/[#0]/.test(letters);
}

interface SheetKey {
  readonly shared: readonly string[];
  readonly dated: ReadonlySet<number>;
  readonly is1904: boolean;
}

function rowsOf(bytes: Buffer, key: SheetKey): readonly (readonly string[])[] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = { column: -1, type: '', style: 0 };
  let value = '';
  let isValue = false;
  let cells = 0;
  readXml(bytes, {
    open: (name, attributes) => {
      if (name === 'row') {
        row = rowAt(rows, attributes.r);
      } else if (name === 'c') {
        const column = columnAt(attributes.r, cell.column + 1);
        cell = { column, type: attributes.t ?? 'n', style: Number(attributes.s ?? 0) };
        value = '';
      }
      isValue = name === 'v' || name === 't';
    },
    text: (piece) => {
      if (isValue) value += piece;
    },
    close: (name) => {
      isValue = false;
      if (name === 'row') cell = { column: -1, type: '', style: 0 };
      if (name !== 'c') return;
      const text = cellText(cell, value, key);
      if (text === '') return;
      if (++cells > MAX_CELLS) throw tooMany(`more than ${MAX_CELLS / 1_000_000} million cells`);
      while (row.length < cell.column) row.push('');
      row[cell.column] = text;
    },
  });
  return rows;
}

function rowAt(rows: string[][], reference: string | undefined): string[] {
  const number = reference === undefined ? rows.length + 1 : Number(reference);
  if (!Number.isSafeInteger(number) || number <= rows.length || number > MAX_ROWS) {
    throw tooMany(`a row with the number ${reference}`);
  }
  while (rows.length < number) rows.push([]);
  return rows[number - 1] ?? [];
}

/** Column of a reference like BC17, counted from 0. */
function columnAt(reference: string | undefined, next: number): number {
  if (reference === undefined) return next;
  let column = 0;
  for (const char of /^[A-Z]{1,7}/.exec(reference)?.[0] ?? '') {
    column = column * 26 + char.charCodeAt(0) - 64;
  }
  if (column < 1 || column > MAX_COLUMNS) throw tooMany(`a cell ${reference.slice(0, 20)}`);
  return column - 1;
}

function cellText(
  cell: { readonly type: string; readonly style: number },
  value: string,
  key: SheetKey,
): string {
  if (cell.type === 's') return value === '' ? '' : (key.shared[Number(value)] ?? '');
  if (cell.type === 'e') return '';
  if (cell.type === 'b') return value === '1' ? 'TRUE' : 'FALSE';
  if (cell.type !== 'n') return value;
  if (value.trim() === '') return '';
  if (key.dated.has(cell.style)) return dayOfSerial(value, key.is1904) ?? exactCell(value);
  return exactCell(value);
}

function createdAt(part: Part): string | null {
  const bytes = part('docProps/core.xml');
  if (bytes === null) return null;
  let text = '';
  let isCreated = false;
  readXml(bytes, {
    open: (name) => {
      isCreated = name === 'created';
    },
    text: (piece) => {
      if (isCreated) text += piece;
    },
    close: () => {
      isCreated = false;
    },
  });
  return /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z$/.test(text) ? text : null;
}

function tooMany(found: string) {
  return refusal(
    `The worksheet says that it has ${found}, which no worksheet can have (${MAX_ROWS} rows, ${MAX_COLUMNS} columns).`,
    'Open it, save it anew as .xlsx or CSV, and import that.',
  );
}
