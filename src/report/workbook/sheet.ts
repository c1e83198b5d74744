import type { WriteSheet } from 'hucre/xlsx';
import type { Answer } from '../figures.ts';
import { type CellValue, cellOf, cellText } from './cell.ts';
import { type CellKind, formatOf, headOf, kindOf } from './column.ts';

/** An answer about one account, or about the whole lake. */
export interface SheetPart {
  /** Stands in front of each row; null: the rows are of no account. */
  readonly account: {
    readonly id: string;
    readonly name: string;
    readonly currency: string;
  } | null;
  readonly answer: Answer;
}

/** A sheet, and where in it the rows of each account are. */
export interface Sheet {
  readonly name: string;
  readonly written: WriteSheet;
  /** Rows of an account, counted from 1 as spreadsheets do, both inclusive; null: it has none. */
  readonly rowsOf: (accountId: string) => { readonly first: number; readonly last: number } | null;
  /** Letters of the column of this name; null: there is none. */
  readonly lettersOf: (column: string) => string | null;
  /** Rows that did not fit. */
  readonly left: number;
}

/** More rows than this make a workbook that opens slowly; the rest is there as CSV. */
const MOST_ROWS = 50_000;

/** One sheet of all accounts' answers, under one line of headings. */
export function sheetOf(name: string, parts: readonly SheetPart[]): Sheet {
  const columns = parts[0]?.answer.columns ?? [];
  const owned = parts.some(({ account }) => account !== null);
  const front = owned ? FRONT : [];
  const kinds: readonly CellKind[] = [...front.map(() => 'text' as const), ...columns.map(kindOf)];
  const all = parts.flatMap((part) =>
    rowsOf(
      part,
      columns.map(({ name: column }) => column),
    ),
  );
  const rows = all.slice(0, MOST_ROWS);
  const heads = [...front, ...columns.map((column) => headOf(column.name))];
  const names = [...front, ...columns.map((column) => column.name)];
  return {
    name,
    written: {
      name,
      columns: kinds.map((kind, at) => columnOf(kind, heads[at] ?? '')),
      rows: [heads, ...rows.map(({ cells }) => [...cells])],
      cells: cellsOf(heads, rows, kinds),
      pageSetup: PRINTED,
      freezePane: { rows: 1, columns: owned ? 1 : 0 },
      autoFilter: { range: `A1:${lettersAt(heads.length - 1)}${rows.length + 1}` },
    },
    rowsOf: (accountId) => placeOf(rows, accountId),
    lettersOf: (column) => (names.includes(column) ? lettersAt(names.indexOf(column)) : null),
    left: all.length - rows.length,
  };
}

/** On paper: landscape, as wide as a page, as long as it takes. */
export const PRINTED = {
  orientation: 'landscape',
  fitToPage: true,
  fitToWidth: 1,
  fitToHeight: 0,
} as const;

const FRONT = ['Account', 'Account ID', 'Currency'] as const;

interface Row {
  readonly accountId: string;
  readonly currency: string;
  readonly cells: readonly CellValue[];
}

function rowsOf({ account, answer }: SheetPart, columns: readonly string[]): readonly Row[] {
  const kinds = answer.columns.map(kindOf);
  const front = account === null ? [] : [cellText(account.name), account.id, account.currency];
  return answer.rows.map((row) => ({
    accountId: account?.id ?? '',
    currency: account?.currency ?? 'USD',
    cells: [...front, ...columns.map((column, at) => cellOf(row[column], kinds[at] ?? 'text'))],
  }));
}

const WIDE_LETTERS = 28;
const NARROW_LETTERS = 13;

function columnOf(kind: CellKind, head: string) {
  const format = formatOf(kind, '');
  const width = kind === 'text' && !/ID|Currency/.test(head) ? WIDE_LETTERS : NARROW_LETTERS;
  return {
    width: Math.max(width, head.length + 3),
    ...(format === null ? {} : { numFmt: format }),
  };
}

/** Headings are bold; amounts have as many decimals as their currency, where that is not two. */
function cellsOf(heads: readonly string[], rows: readonly Row[], kinds: readonly CellKind[]) {
  const style = { font: { bold: true }, numFmt: 'General' } as const;
  const cells = new Map(
    heads.map((_, at) => [`0,${at}`, { style }] as const) as [string, object][],
  );
  const amounts = kinds.flatMap((kind, at) => (kind === 'money' ? [at] : []));
  rows.forEach(({ currency }, row) => {
    const format = formatOf('money', currency);
    if (format === null || format === formatOf('money', '')) return;
    for (const at of amounts) cells.set(`${row + 1},${at}`, { style: { numFmt: format } });
  });
  return cells;
}

/** The rows of an account stand together. */
function placeOf(rows: readonly Row[], accountId: string) {
  const first = rows.findIndex((row) => row.accountId === accountId);
  if (first === -1) return null;
  const last = rows.findLastIndex((row) => row.accountId === accountId);
  return { first: first + 2, last: last + 2 };
}

/** A section's sheet as people read its name: `campaign_days` is `Campaign days`. */
export function sheetName(section: string): string {
  const text = section.replaceAll('_', ' ');
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

/** The letters of a column, counted from 0: 0 is A, 26 is AA. */
export function lettersAt(column: number): string {
  const rest = Math.floor(column / 26) - 1;
  return `${rest < 0 ? '' : lettersAt(rest)}${String.fromCharCode(65 + (column % 26))}`;
}
