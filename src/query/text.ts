import type { Json } from '@duckdb/node-api';
import { formatCsvRow } from '../csv.ts';

/** The forms an answer can have. */
export type QueryFormat = 'table' | 'csv' | 'json' | 'md';

/** Rows as the engine gives them for JSON: decimals and 64-bit integers are text. */
export interface AnswerTable {
  readonly columns: ReadonlyArray<{ readonly name: string; readonly type: string }>;
  readonly rows: ReadonlyArray<readonly Json[]>;
}

/**
 * Writes an answer, always with a newline at the end.
 * - `table`: for reading; numbers to the right, long text cut with an ellipsis, NULL as `NULL`.
 * - `csv`: for spreadsheets; NULL empty, and text that a spreadsheet would take for a formula gets a
 *   `'` in front.
 * - `json`: an array of objects; decimals stay text, so that no digit is lost; so do integers beyond
 *   2^53.
 * - `md`: a pipe table.
 */
export function formatAnswer(table: AnswerTable, format: QueryFormat): string {
  return FORMATS[format](table);
}

const FORMATS: Readonly<Record<QueryFormat, (table: AnswerTable) => string>> = {
  table: formatTable,
  csv: formatCsv,
  json: formatJson,
  md: formatMarkdown,
};

function formatTable(table: AnswerTable): string {
  const heads = table.columns.map((column) => shown(column.name));
  const cells = table.rows.map((row) =>
    row.map((value, at) => shown(textAt(table, value, at) ?? 'NULL')),
  );
  const widths = heads.map((head, at) =>
    cells.reduce((width, row) => Math.max(width, widthOf(row[at] ?? '')), widthOf(head)),
  );
  const line = (row: readonly string[]) =>
    row
      .map((cell, at) => pad(cell, widths[at] ?? 0, isNumber(table, at)))
      .join('  ')
      .trimEnd();
  const rule = widths.map((width) => '─'.repeat(width)).join('  ');
  const count = `(${table.rows.length} ${table.rows.length === 1 ? 'row' : 'rows'})`;
  return `${[line(heads), rule, ...cells.map(line), count].join('\n')}\n`;
}

function formatCsv(table: AnswerTable): string {
  const rows = table.rows.map((row) =>
    row.map((value, at) => {
      const text = textAt(table, value, at);
      return text === null || isNumber(table, at) ? text : unformulated(text);
    }),
  );
  const heads = table.columns.map((column) => unformulated(column.name));
  return `${[heads, ...rows].map((row) => formatCsvRow(row)).join('\n')}\n`;
}

function formatJson(table: AnswerTable): string {
  const rows = table.rows.map((row) => {
    const fields = table.columns.map(
      (column, at) =>
        `${JSON.stringify(column.name)}: ${JSON.stringify(jsonAt(table, row[at] ?? null, at))}`,
    );
    return `  {${fields.join(', ')}}`;
  });
  return rows.length === 0 ? '[]\n' : `[\n${rows.join(',\n')}\n]\n`;
}

function formatMarkdown(table: AnswerTable): string {
  const line = (cells: readonly string[]) => `| ${cells.map(escapePipes).join(' | ')} |`;
  const heads = line(table.columns.map((column) => column.name));
  const rule = `| ${table.columns.map((_, at) => (isNumber(table, at) ? '---:' : '---')).join(' | ')} |`;
  const rows = table.rows.map((row) =>
    line(row.map((value, at) => textAt(table, value, at) ?? '')),
  );
  return `${[heads, rule, ...rows].join('\n')}\n`;
}

/** The value as text, or null; decimals lose the zeros at their end. */
function textAt(table: AnswerTable, value: Json, at: number): string | null {
  if (value === null) return null;
  if (typeof value === 'object') return JSON.stringify(value);
  const text = String(value);
  return isDecimal(table, at) && text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

function jsonAt(table: AnswerTable, value: Json, at: number): Json {
  if (value === null || typeof value === 'object') return value;
  if (isDecimal(table, at)) return textAt(table, value, at);
  if (!INTEGER_TYPES.test(typeAt(table, at))) return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

const INTEGER_TYPES = /^U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?$/;
const NUMBER_TYPES = /^(?:U?(?:TINY|SMALL|BIG|HUGE)?INT(?:EGER)?|DOUBLE|FLOAT|DECIMAL\(.*\))$/;

function isNumber(table: AnswerTable, at: number): boolean {
  return NUMBER_TYPES.test(typeAt(table, at));
}

function isDecimal(table: AnswerTable, at: number): boolean {
  return typeAt(table, at).startsWith('DECIMAL');
}

function typeAt(table: AnswerTable, at: number): string {
  return table.columns[at]?.type ?? '';
}

/** Spreadsheets run text that begins like a formula; a quote in front keeps it text. */
function unformulated(text: string): string {
  return /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
}

function escapePipes(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replaceAll('|', '\\|')
    .replaceAll(/\r\n|\r|\n/g, '<br>');
}

const SHOWN_WIDTH = 60;

/** Text for a terminal cell: one line, no control characters that a terminal would obey, not long. */
function shown(text: string): string {
  const line = text.replaceAll(/\r\n|\r|\n/g, '⏎').replaceAll(/\p{Cc}|\p{Cf}/gu, '�');
  const letters = [...line];
  return letters.length <= SHOWN_WIDTH ? line : `${letters.slice(0, SHOWN_WIDTH - 1).join('')}…`;
}

function pad(cell: string, width: number, isRight: boolean): string {
  const space = ' '.repeat(Math.max(0, width - widthOf(cell)));
  return isRight ? space + cell : cell + space;
}

const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\uff00-\uff60]|\p{Emoji_Presentation}/u;

/** Columns that a terminal needs for the text: East Asian letters and emoji take two. */
function widthOf(text: string): number {
  return [...text].reduce((width, letter) => width + (WIDE.test(letter) ? 2 : 1), 0);
}
