import { parse } from 'csv-parse/sync';

/** A cell as a contract allows it: text, whole number, boolean, or nothing. */
export type Cell = string | number | boolean | null;

/**
 * The lake's CSV: a header, then one line per row, `\n` after each, commas, quotes only where they
 * are needed, no byte order mark, no formula escaping (that belongs to exports). NULL is an empty
 * cell and the empty text is `""`, so that the two differ. `rows` hold cells in the order of
 * `columns`.
 */
export function encodeCsv(
  columns: readonly string[],
  rows: Iterable<readonly (Cell | undefined)[]>,
): string {
  const lines = [formatCsvRow(columns)];
  for (const row of rows) lines.push(formatCsvRow(row));
  return `${lines.join('\n')}\n`;
}

/** One line of the lake's CSV, without its line end. */
export function formatCsvRow(values: readonly (Cell | undefined)[]): string {
  return values.map(formatCell).join(',');
}

/**
 * Reads the lake's CSV back, header line included: cells are text, and an empty cell that was not
 * quoted is null. Throws csv-parse's error when the text is not CSV or lines differ in length.
 */
export function decodeCsv(text: string | Buffer): readonly (readonly (string | null)[])[] {
  return parse(text, {
    record_delimiter: '\n',
    cast: (value: string, context: { readonly quoting: boolean }) =>
      value === '' && !context.quoting ? null : value,
  }) as unknown as readonly (readonly (string | null)[])[];
}

/** What must be quoted: separators, quotes, and white space that a reader may trim. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/;

/** One cell of the lake's CSV. */
export function formatCell(value: Cell | undefined): string {
  if (value === null || value === undefined) return '';
  if (value === '') return '""';
  const text = String(value);
  return NEEDS_QUOTES.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
