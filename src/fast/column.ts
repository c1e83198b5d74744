import type { Contract } from '../contract.ts';
import type { Cell } from '../csv.ts';
import { isDay } from '../window.ts';

/** What a column's cells must look like. `pattern` is any rule that only a text can be held against. */
export type Rule =
  | { readonly kind: 'any' }
  | { readonly kind: 'day' }
  | { readonly kind: 'boolean' }
  | { readonly kind: 'digits'; readonly most: number }
  | { readonly kind: 'capitals'; readonly count: number }
  | {
      readonly kind: 'decimal';
      readonly isSigned: boolean;
      readonly whole: number;
      readonly places: number;
    }
  | { readonly kind: 'pattern'; readonly pattern: RegExp };

/** A column of a staging contract, as far as a cell of it can be judged here. */
export interface Column {
  readonly name: string;
  readonly isNullable: boolean;
  readonly rule: Rule;
}

type Schema = Readonly<Record<string, unknown>>;

/** The columns of a staging contract, or null when it has a rule that is not known here. */
export function columnsOf(contract: Contract): readonly Column[] | null {
  const schema = contract.schema as Schema;
  const isKnown = Object.keys(schema).every((keyword) => TOP.has(keyword));
  const columns = Object.entries(contract.properties).map(([name, property]) =>
    columnOf(name, property as Schema),
  );
  const known = columns.filter((column) => column !== null);
  return isKnown && known.length === columns.length ? known : null;
}

const TOP: ReadonlySet<string> = new Set([
  '$schema',
  '$id',
  'title',
  'description',
  'type',
  'additionalProperties',
  'required',
  'properties',
  'x-personal',
]);

const KNOWN: ReadonlySet<string> = new Set([
  'description',
  'x-sql',
  'x-note',
  'type',
  'pattern',
  'format',
]);

function columnOf(name: string, schema: Schema): Column | null {
  if (!Object.keys(schema).every((keyword) => KNOWN.has(keyword))) return null;
  const types = [schema.type].flat();
  const isNullable = types.includes('null');
  const others = types.filter((type) => type !== 'null');
  if (others.length !== 1) return null;
  if (others[0] === 'string') {
    const rule = textRule(schema);
    return rule === null ? null : { name, isNullable, rule };
  }
  const isBoolean = others[0] === 'boolean' && schema.pattern === undefined;
  return isBoolean ? { name, isNullable, rule: { kind: 'boolean' } } : null;
}

function textRule(schema: Schema): Rule | null {
  if (schema.format !== undefined) {
    return schema.format === 'date' && schema.pattern === undefined ? { kind: 'day' } : null;
  }
  if (schema.pattern === undefined) return { kind: 'any' };
  const pattern = String(schema.pattern);
  const digits = /^\^\\d\{1,(\d+)\}\$$/.exec(pattern);
  if (digits !== null) return { kind: 'digits', most: Number(digits[1]) };
  const capitals = /^\^\[A-Z\]\{(\d+)\}\$$/.exec(pattern);
  if (capitals !== null) return { kind: 'capitals', count: Number(capitals[1]) };
  const decimal = /^\^(-\?)?\\d\{1,(\d+)\}\(\\\.\\d\{1,(\d+)\}\)\?\$$/.exec(pattern);
  if (decimal === null) return { kind: 'pattern', pattern: new RegExp(pattern, 'u') };
  const [, sign, whole, places] = decimal;
  return {
    kind: 'decimal',
    isSigned: sign !== undefined,
    whole: Number(whole),
    places: Number(places),
  };
}

const POINT = 0x2e;
const MINUS = 0x2d;

/** Whether a column takes the bytes as they are. False only means: not surely. */
export function takesBytes(rule: Rule, view: DataView, from: number, to: number): boolean {
  switch (rule.kind) {
    case 'any':
      return true;
    case 'digits':
      return to - from <= rule.most && to > from && digitsTo(view, from, to) === to;
    case 'decimal':
      return isDecimal(rule, view, { from, to });
    case 'capitals':
      return to - from === rule.count && areCapitals(view, from, to);
    default:
      return takesText(rule, textAt(view, from, to));
  }
}

/** Whether a column takes the text, or the boolean. */
export function takesText(rule: Rule, cell: Exclude<Cell, null>): boolean {
  if (rule.kind === 'boolean') return typeof cell === 'boolean';
  if (typeof cell !== 'string') return false;
  if (rule.kind === 'any') return true;
  if (rule.kind === 'day') return isKnownDay(cell);
  if (rule.kind === 'pattern') return rule.pattern.test(cell);
  const bytes = Uint8Array.from(Buffer.from(cell));
  return takesBytes(rule, new DataView(bytes.buffer), 0, bytes.length);
}

/** Whether decimal text has no more digits than these, before the point and behind it. */
export function isDecimal(
  most: { readonly isSigned: boolean; readonly whole: number; readonly places: number },
  view: DataView,
  span: { readonly from: number; readonly to: number },
): boolean {
  const { to } = span;
  const from =
    most.isSigned && to > span.from && view.getUint8(span.from) === MINUS
      ? span.from + 1
      : span.from;
  const point = digitsTo(view, from, to);
  if (point === from || point - from > most.whole) return false;
  if (point === to) return true;
  const places = to - point - 1;
  if (view.getUint8(point) !== POINT || places < 1 || places > most.places) return false;
  return digitsTo(view, point + 1, to) === to;
}

/** End of the digits from `from` on, at most `to`. */
function digitsTo(view: DataView, from: number, to: number): number {
  let at = from;
  while (at < to && (view.getUint8(at) - 0x30) >>> 0 <= 9) at++;
  return at;
}

function areCapitals(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) {
    const code = view.getUint8(at);
    if (code < 0x41 || code > 0x5a) return false;
  }
  return true;
}

/** The text of these bytes. */
export function textAt(view: DataView, from: number, to: number): string {
  return Buffer.from(view.buffer, view.byteOffset + from, to - from).toString('utf8');
}

let lastDay = '';

/** A file has few different days: each is looked up in the calendar once. */
function isKnownDay(text: string): boolean {
  if (text === lastDay) return true;
  if (!isDay(text) || text.startsWith('0')) return false;
  lastDay = text;
  return true;
}
