import { type Cell, formatCell } from '../csv.ts';
import { type Column, takesBytes, takesText, textAt } from './column.ts';
import type { CsvBytes } from './csv-bytes.ts';
import { dayAt } from './day.ts';
import { KIND, type Member } from './member.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const ASCII_END = 0x80;

/** Writes a text or boolean; false when the column does not take it. */
export function putCell(out: CsvBytes, column: Column, cell: Cell): boolean {
  if (cell === null) return column.isNullable;
  if (!takesText(column.rule, cell)) return false;
  out.text(formatCell(cell));
  return true;
}

/** Writes bytes that never need quotes as they are; false when the column does not take them. */
export function putPlain(
  out: CsvBytes,
  { rule }: Column,
  at: { readonly view: DataView; readonly from: number; readonly to: number },
): boolean {
  const { view, from, to } = at;
  if (!takesBytes(rule, view, from, to)) return false;
  out.copy(view, from, to);
  return true;
}

/** Writes the value of a member, which may be any text; false when the column does not take it. */
export function putMember(
  out: CsvBytes,
  column: Column,
  at: {
    readonly member: Member;
    readonly view: DataView;
    readonly from: number;
    readonly to: number;
  },
): boolean {
  const { member, view, from, to } = at;
  if (column.rule.kind === 'day' && member.kind === KIND.day) {
    if (dayAt(view, from) === 0) return false;
    out.copy(view, from, to);
    return true;
  }
  if (isPlainKind(member.kind)) return putPlain(out, column, at);
  const style = styleOf(view, from, to);
  if (style === 'decode') {
    const text = textAt(view, from, to);
    const isEscaped = text.includes('\\');
    return putCell(out, column, isEscaped ? (JSON.parse(`"${text}"`) as string) : text);
  }
  if (!takesBytes(column.rule, view, from, to)) return false;
  if (style === 'quote') out.byte(QUOTE);
  out.copy(view, from, to);
  if (style === 'quote') out.byte(QUOTE);
  return true;
}

/** Of digits, points, hyphens and capitals alone: such text needs no quotes. */
function isPlainKind(kind: number): boolean {
  return kind === KIND.digits || kind === KIND.decimal || kind === KIND.capitals;
}

/**
 * How text of a JSON string is written into a cell: as it lies there, between quotes, or after it has
 * been decoded (because of escapes, or of an end that may be white space of another alphabet).
 */
function styleOf(view: DataView, from: number, to: number): 'copy' | 'quote' | 'decode' {
  if (from === to) return 'quote';
  const [first, last] = [view.getUint8(from), view.getUint8(to - 1)];
  if (first >= ASCII_END || last >= ASCII_END) return 'decode';
  let style: 'copy' | 'quote' = first === SPACE || last === SPACE ? 'quote' : 'copy';
  for (let at = from; at < to; at++) {
    const code = view.getUint8(at);
    if (code === BACKSLASH) return 'decode';
    if (code === COMMA) style = 'quote';
  }
  return style;
}
