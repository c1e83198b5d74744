import { plainCell } from './cell.ts';
import { FIELDS, isFigure } from './fields.ts';
import { type HeaderKey, headerKey } from './header-key.ts';
import type { Mapping, Meaning } from './mapping.ts';
import type { Table } from './table.ts';

/** A column by its header, and what the mapping says of it. */
export interface HeaderColumn {
  /** As it stands; a second one of the same name has ` (2)` behind it. */
  readonly header: string;
  /** Null: the mapping does not know it. */
  readonly meaning: Meaning | null;
  /** The currency its header names. */
  readonly currency: string | null;
}

/** A row that looks like headers to a mapping. */
export interface HeaderRow {
  readonly mapping: Mapping;
  /** Counted from 1. */
  readonly row: number;
  readonly columns: readonly HeaderColumn[];
  /** Columns with a field. */
  readonly fields: number;
  /** How telling they are: a header that all platforms have tells less than one of a few. */
  readonly score: number;
  /** The language most of its headers are in; null for a platform's own names. */
  readonly language: string | null;
}

/** Rows before the headers, at most: titles, periods, filters. */
const MAX_PREAMBLE_ROWS = 40;
/** Columns of the widest worksheet that there can be. */
export const MAX_COLUMNS = 16_384;

/**
 * For each mapping, the row that looks most like its headers; mappings that know none are left out.
 * Rows of JSON may have one thing at different places, so there a field may have several columns.
 */
export function headerRows(
  table: Table,
  among: readonly Mapping[],
  kind: 'sheet' | 'json' = 'sheet',
): readonly HeaderRow[] {
  const heads = headOf(table).map(keysOf);
  return among
    .flatMap((mapping) => {
      const found = heads
        .flatMap((head, at) => (isKnownTo(mapping, head) ? [{ head, row: at + 1 }] : []))
        .map(({ head, row }) => readHeader(mapping, head, { row, among, kind }))
        .filter(isHeader)
        .sort((left, right) => right.fields - left.fields || left.row - right.row);
      return found.slice(0, 1);
    })
    .sort((left, right) => right.score - left.score);
}

/** A row as headers: its cells and their keys. */
interface Head {
  readonly cells: readonly string[];
  readonly keys: readonly HeaderKey[];
}

function keysOf(row: readonly string[]): Head {
  const cells = trimmed(row);
  return { cells, keys: cells.map((cell) => headerKey(plainCell(cell))) };
}

/** Two names at least, so that most rows of the body are not looked at any further. */
function isKnownTo(mapping: Mapping, { keys }: Head): boolean {
  let known = 0;
  for (const { key } of keys) if (mapping.meanings.has(key)) known++;
  return known >= 2;
}

/** The first rows of a table. */
export function headOf(table: Table): readonly (readonly string[])[] {
  const rows: (readonly string[])[] = [];
  for (const cells of table()) {
    rows.push(cells);
    if (rows.length === MAX_PREAMBLE_ROWS) break;
  }
  return rows;
}

/** Headers name at least two figures, or a figure and two things to tell rows by. */
function isHeader(row: HeaderRow): boolean {
  const fields = row.columns.flatMap(({ meaning }) => meaning?.field ?? []);
  const figures = fields.filter((field) => isFigure(FIELDS[field])).length;
  return figures >= 2 || (figures >= 1 && fields.length >= 3);
}

function readHeader(
  mapping: Mapping,
  { cells, keys }: Head,
  at: { readonly row: number; readonly among: readonly Mapping[]; readonly kind: string },
): HeaderRow {
  const language = languageOf(
    mapping,
    keys.map(({ key }) => key),
  );
  const names = uniqueNames(cells);
  const meanings = keys.map(({ key }) => meaningOf(mapping, key, language));
  const chosen = at.kind === 'json' ? meanings : withoutRivals(meanings);
  const columns = chosen.map((meaning, index) => ({
    header: names[index] ?? '',
    meaning,
    currency: keys[index]?.currency ?? null,
  }));
  const score = keys.reduce(
    (sum, key, index) =>
      columns[index]?.meaning === null ? sum : sum + tellingOf(key, mapping, at.among),
    0,
  );
  const fields = columns.filter(({ meaning }) => meaning !== null && meaning.field !== null).length;
  return { mapping, row: at.row, columns, fields, score, language };
}

/**
 * How much a header that a mapping knows tells for it: 1 where no other has it in that spelling, a part
 * of it where several have. One that is only spelled otherwise tells half as much.
 */
function tellingOf(header: HeaderKey, mapping: Mapping, among: readonly Mapping[]): number {
  if (mapping.spellings.has(header.name)) {
    return 1 / among.filter(({ spellings }) => spellings.has(header.name)).length;
  }
  return 0.5 / among.filter(({ meanings }) => meanings.has(header.key)).length;
}

function trimmed(cells: readonly string[]): readonly string[] {
  let end = cells.length;
  while (end > 0 && (cells[end - 1] ?? '').trim() === '') end--;
  return cells.slice(0, Math.min(end, MAX_COLUMNS));
}

/** The language whose dictionary knows the most of the headers. */
function languageOf(mapping: Mapping, keys: readonly string[]): string | null {
  const counts = new Map<string, number>();
  for (const key of keys) {
    const languages = new Set((mapping.meanings.get(key) ?? []).map(({ language }) => language));
    for (const language of languages) {
      if (language !== null) counts.set(language, (counts.get(language) ?? 0) + 1);
    }
  }
  const [best] = [...counts].sort(
    (left, right) => right[1] - left[1] || (left[0] < right[0] ? -1 : 1),
  );
  return best?.[0] ?? null;
}

/** What a header means: in the file's language first, then by the platform's own names, then in any. */
function meaningOf(mapping: Mapping, key: string, language: string | null): Meaning | null {
  const meanings = mapping.meanings.get(key) ?? [];
  return (
    meanings.find((one) => one.language === language && language !== null) ??
    meanings.find((one) => one.language === null) ??
    meanings[0] ??
    null
  );
}

/** Of several columns for one field the best name has it, then the first; the others stay themselves. */
function withoutRivals(meanings: readonly (Meaning | null)[]): readonly (Meaning | null)[] {
  return meanings.map((meaning, at) => {
    if (meaning === null || meaning.field === null || meaning.field === 'segment') return meaning;
    const isBeaten = meanings.some(
      (other, index) =>
        other?.field === meaning.field &&
        index !== at &&
        (other.rank < meaning.rank || (other.rank === meaning.rank && index < at)),
    );
    return isBeaten ? { ...meaning, field: null } : meaning;
  });
}

/** Headers as names: those that are there twice are numbered, empty ones say where they stand. */
function uniqueNames(cells: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return cells.map((cell, at) => {
    const name = ownText(plainCell(cell).trim()) || `column ${at + 1}`;
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}

/** A text of its own: a piece of a file's text would keep the whole of it in memory. */
function ownText(text: string): string {
  return Buffer.from(text).toString();
}
