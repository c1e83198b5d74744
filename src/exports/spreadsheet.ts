import { encodeCsv } from '../csv.ts';
import type { ExportTable } from './table.ts';

/**
 * A CSV that is safe to open in a spreadsheet: text that a spreadsheet would take for a formula gets a
 * single quote in front (OWASP, CSV Injection). Numbers and days are left as they are; decimals lose
 * zeros at their end. What is not known is an empty cell.
 */
export function spreadsheetCsv(table: ExportTable): string {
  const rows = table.rows.map((row) =>
    row.map((cell, index) => {
      if (cell === null) return null;
      return table.isPlain[index] === true ? trimmed(cell) : harmless(cell);
    }),
  );
  return encodeCsv(table.columns, rows);
}

/** Also after white space and control characters, which spreadsheets skip; full-width signs count too. */
const FORMULA = /^[\s\p{Cc}\p{Cf}]*[=+\-@＝＋－＠|%]|^[\t\r\n]/u;

function harmless(text: string): string {
  return FORMULA.test(text) ? `'${text}` : text;
}

function trimmed(text: string): string {
  return /^-?\d+\.\d+$/.test(text) ? text.replace(/\.?0+$/, '') : text;
}
