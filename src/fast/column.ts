import type { Contract } from '../contract.ts';
import type { Cell } from '../csv.ts';
import { isDay } from '../window.ts';

/** A column of a staging contract, as far as a cell of it can be judged here. */
export interface Column {
  readonly name: string;
  readonly isNullable: boolean;
  /** True when no cell that it takes needs quotes. */
  readonly isPlain: boolean;
  /** Whether the contract allows the cell, which is not null. False only means: not surely. */
  readonly takes: (cell: Cell) => boolean;
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
  const isText = others[0] === 'string';
  if (!isText && (others[0] !== 'boolean' || schema.pattern !== undefined)) return null;
  const takes = isText ? textRule(schema) : (cell: Cell) => typeof cell === 'boolean';
  if (takes === null) return null;
  return { name, isNullable, isPlain: !isText || isPlainPattern(schema), takes };
}

function textRule(schema: Schema): Column['takes'] | null {
  if (schema.format !== undefined) {
    return schema.format === 'date' && schema.pattern === undefined ? dayRule() : null;
  }
  if (schema.pattern === undefined) return (cell) => typeof cell === 'string';
  const pattern = new RegExp(String(schema.pattern), 'u');
  return (cell) => typeof cell === 'string' && pattern.test(cell);
}

/** A file has few different days: each is looked up in the calendar once. */
function dayRule(): Column['takes'] {
  let last: Cell = null;
  return (cell) => {
    if (cell === last) return true;
    if (typeof cell !== 'string' || !isDay(cell) || cell.startsWith('0')) return false;
    last = cell;
    return true;
  };
}

/** Digits, points and capitals never need quotes. */
function isPlainPattern(schema: Schema): boolean {
  if (schema.format === 'date') return true;
  return /^\^(-\?)?(\\d|\[A-Z\])\{\d+(,\d+)?\}(\(\\\.\\d\{1,\d+\}\)\?)?\$$/.test(
    String(schema.pattern ?? ''),
  );
}
