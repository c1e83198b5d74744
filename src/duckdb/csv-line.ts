import type { DuckDBDataChunk, DuckDBValue } from '@duckdb/node-api';
import { formatCell } from '../csv.ts';
import { quoteName } from './duckdb.ts';

/** A line of the lake's CSV in pieces, as the engine gives them: its own texts, and values that it has none for. */
export interface LinePieces {
  /** The columns of a select, in order. */
  readonly select: string;
  readonly pieces: readonly Piece[];
}

/** What a column of the select holds: text of a line as it stands, or a value that becomes a cell. */
type Piece = 'text' | 'value';

/**
 * How rows with these columns (names and types of a contract, in order) become lines of the lake's CSV: what stands
 * between two numbers is put together by the engine, which takes a fraction of the time. Doubles are not, since the
 * engine writes them in its own way (`1.0`, `1e-07`), and neither are instants.
 */
export function linePieces(columns: ReadonlyArray<readonly [string, string]>): LinePieces {
  const found: { readonly piece: Piece; readonly sql: string }[] = [];
  let texts: string[] = [];
  for (const [index, [name, type]] of columns.entries()) {
    if (index > 0) texts.push("','");
    const text = cellText(quoteName(name), type);
    if (text !== null) {
      texts.push(text);
      continue;
    }
    found.push({ piece: 'text', sql: joined(texts) }, { piece: 'value', sql: quoteName(name) });
    texts = [];
  }
  found.push({ piece: 'text', sql: joined([...texts, 'chr(10)']) });
  return {
    select: found.map(({ sql }, index) => `${sql} as piece_${index}`).join(', '),
    pieces: found.map(({ piece }) => piece),
  };
}

/** The lines of a chunk that was selected so, each with its end. */
export function linesOf(chunk: DuckDBDataChunk, pieces: readonly Piece[]): string {
  const columns = pieces.map((piece, index) =>
    piece === 'text' ? chunk.getColumnValues(index) : chunk.getColumnValues(index).map(toCell),
  );
  const lines: string[] = [];
  for (let row = 0; row < chunk.rowCount; row++) {
    for (const column of columns) lines.push(column[row] as string);
  }
  return lines.join('');
}

function toCell(value: DuckDBValue): string {
  return value === null || typeof value === 'number'
    ? formatCell(value)
    : formatCell(String(value));
}

function joined(texts: readonly string[]): string {
  return texts.length === 0 ? "''" : texts.join(' || ');
}

/** A cell as `formatCell` writes it, in SQL; null for a type of which the engine's text is another. */
function cellText(column: string, type: string): string | null {
  const text = `coalesce(cast(${column} as varchar), '')`;
  if (type === 'VARCHAR') return quotedText(column);
  if (type.startsWith('DECIMAL'))
    return hasFraction(type) ? `rtrim(rtrim(${text}, '0'), '.')` : text;
  return ['BIGINT', 'INTEGER', 'BOOLEAN', 'DATE'].includes(type) ? text : null;
}

function hasFraction(decimal: string): boolean {
  return !/,\s*0\)$/.test(decimal) && decimal.includes(',');
}

function quotedText(column: string): string {
  const quoted = `'"' || replace(${column}, '"', '""') || '"'`;
  return `case when ${column} is null then '' when ${column} = '' then '""' when regexp_matches(${column}, '${NEEDS_QUOTES}') then ${quoted} else ${column} end`;
}

/** White space as JavaScript has it, for the engine. */
const SPACE =
  '\\t-\\r \\x{a0}\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}\\x{205f}\\x{3000}\\x{feff}';
/** The same as `formatCell` asks. */
const NEEDS_QUOTES = `[",\\r\\n]|^[${SPACE}]|[${SPACE}]$`;
