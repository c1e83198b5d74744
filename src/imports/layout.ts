import { delimiterOf } from './csv-text.ts';
import { CODE_PAGES, decode, encodingOf } from './encoding.ts';
import { type HeaderRow, headerRows } from './header.ts';
import { jsonRows, parseJson } from './json-rows.ts';
import type { Mapping } from './mapping.ts';
import type { Layout } from './reading.ts';
import { refusal } from './refusal.ts';
import { gunzip, isGzip, openTable, type Table } from './table.ts';
import { openWorkbook } from './xlsx.ts';

/** A way to read a file as rows, with the rows that look like headers in it, the best first. */
export interface LaidOut {
  readonly layout: Layout;
  readonly table: Table;
  readonly headers: readonly HeaderRow[];
  /** When the file says that it was made: instant in UTC; null when it does not say. */
  readonly createdAt: string | null;
}

/** Finds out how a file is laid out. Throws `IMPORT_REFUSED` for what is neither text nor workbook. */
export function layOut(bytes: Buffer, among: readonly Mapping[]): LaidOut {
  if (bytes.length === 0) throw refusal('The file is empty.', 'Export it again.');
  const isPacked = isGzip(bytes);
  const plain = isPacked ? gunzip(bytes) : bytes;
  refuseOtherKinds(plain);
  if (plain.subarray(0, 2).toString('latin1') === 'PK') return workbook(plain, among);
  const encoding = encodingOf(plain);
  const head = decode(plain.subarray(0, 200), encoding.label).trimStart();
  if (/^[[{]/.test(head)) return json(plain, isPacked, among);
  const labels = encoding.isCertain ? [encoding.label] : CODE_PAGES;
  const [best] = labels
    .map((label) => delimited(plain, { encoding: label, isGzip: isPacked }, among))
    .sort((left, right) => known(right) - known(left));
  if (best !== undefined) return best;
  throw refusal('The file cannot be read as text.', 'Save it as CSV (UTF-8).');
}

function known({ headers }: LaidOut): number {
  return headers[0]?.score ?? 0;
}

function delimited(
  bytes: Buffer,
  how: { readonly encoding: string; readonly isGzip: boolean },
  among: readonly Mapping[],
): LaidOut {
  const text = decode(bytes, how.encoding);
  const layout: Layout = { format: 'csv', ...how, delimiter: delimiterOf(text) };
  const table = openTable({ ...layout, isGzip: false }, bytes);
  return { layout, table, headers: headerRows(table, among), createdAt: null };
}

/** The first sheet in which there are headers; without any, the first one. */
function workbook(bytes: Buffer, among: readonly Mapping[]): LaidOut {
  const { sheets, createdAt } = openWorkbook(bytes);
  const found = sheets.map((sheet): LaidOut => {
    let rows: readonly (readonly string[])[] | null = null;
    const table: Table = () => {
      rows ??= sheet.rows();
      return rows;
    };
    const layout: Layout = { format: 'xlsx', sheet: sheet.name };
    return { layout, table, headers: headerRows(table, among), createdAt };
  });
  const best = found.find(({ headers }) => headers.length > 0) ?? found[0];
  if (best !== undefined) return best;
  throw refusal('The workbook has no worksheet that can be seen.', 'Export it again.');
}

/** Rows lie where the mapping of a platform says; the platform whose headers fit best is first. */
function json(bytes: Buffer, isPacked: boolean, among: readonly Mapping[]): LaidOut {
  const value = parseJson(decode(bytes, 'utf-8'));
  const found = among.flatMap((mapping) =>
    mapping.rows.flatMap((path): LaidOut[] => {
      const rows = jsonRows(value, path);
      if (rows === null) return [];
      const table: Table = () => [rows.headers, ...rows.rows];
      const layout: Layout = { format: 'json', isGzip: isPacked, rows: [path] };
      const headers = headerRows(() => [rows.headers], among, 'json').filter(
        (row) => row.mapping === mapping,
      );
      return headers.length === 0 ? [] : [{ layout, table, headers, createdAt: null }];
    }),
  );
  const [best] = found.sort((left, right) => known(right) - known(left));
  if (best !== undefined) {
    const others = found.flatMap(({ headers }) => headers);
    return { ...best, headers: bestOfEach(others) };
  }
  const table: Table = () => [namesOf(value)];
  return {
    layout: { format: 'json', isGzip: isPacked, rows: [] },
    table,
    headers: [],
    createdAt: null,
  };
}

function bestOfEach(rows: readonly HeaderRow[]): readonly HeaderRow[] {
  return rows.filter((row, at) => rows.findIndex(({ mapping }) => mapping === row.mapping) === at);
}

/** Names of members of the first object of a document: what a stranger is known by. */
function namesOf(value: ReturnType<typeof parseJson>): readonly string[] {
  const first = Array.isArray(value) ? value[0] : value;
  return typeof first === 'object' && first !== null ? Object.keys(first) : [];
}

/** What files of other kinds begin with, and what they are. */
const OTHER_KINDS: readonly (readonly [RegExp, string])[] = [
  [/^\u00d0\u00cf.\u00e0/s, 'a workbook of the old kind (.xls) or one with a password'],
  [/^%PDF/, 'a PDF'],
  [/^\u0089PNG|^\u00ff\u00d8\u00ff|^GIF8/, 'a picture'],
  [/^\s*<(!doctype|html|table|\?xml)/i, 'a web page or XML, whatever its name says'],
  [/^PAR1/, 'a Parquet file'],
  [/^SQLite format/, 'a database'],
];

function refuseOtherKinds(bytes: Buffer): void {
  const head = bytes
    .subarray(0, 100)
    .toString('latin1')
    .replace(/^\u00ef\u00bb\u00bf/, '');
  const kind = OTHER_KINDS.find(([form]) => form.test(head));
  if (kind === undefined) return;
  throw refusal(
    `The file is ${kind[1]}, not an export that can be read.`,
    'Export it as CSV or .xlsx, or open it and save it as one of these.',
  );
}
