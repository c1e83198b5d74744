import { readable } from '../amount.ts';
import { ExactSum } from './exact-sum.ts';
import type { Field } from './fields.ts';
import { bodyRows } from './read-import.ts';
import type { LeftOut, Reading } from './reading.ts';
import { fieldReader } from './record.ts';
import { refusal } from './refusal.ts';
import type { Table } from './table.ts';
import { additiveFields, type BodyRow, dimensionsOf, isTotalRow, isTotalWord } from './totals.ts';

/** Rows of a file that are sums of other rows of it. */
export interface Subtotals {
  /** Those that call themselves a total: they are no records. */
  readonly leftOut: readonly LeftOut[];
  /**
   * Rows of something coarser, a campaign among its ads for example, that are the sum of their parts:
   * they are records, and no part of the file's sums.
   */
  readonly repeated: ReadonlySet<number>;
}

/** Coarser rows that are looked at, at most: a file with more has its levels side by side. */
const MAX_COARSE = 10_000;

/** What tells one form of rows from another: which of the file's dimensions they have. */
export class RowForms {
  private readonly dimensions: readonly Field[];
  private readonly seen = new Set<string>();
  private hasWords = false;

  constructor(dimensions: readonly Field[]) {
    this.dimensions = dimensions;
  }

  /** Takes note of a row's form. */
  take(fields: Readonly<Record<string, string>>): void {
    let form = '';
    for (const name of this.dimensions) {
      const value = fields[name];
      form += value === undefined ? '0' : '1';
      if (value !== undefined && isTotalWord(value)) this.hasWords = true;
    }
    this.seen.add(form);
  }

  /** True when some rows may be sums of others: not all have the same dimensions, or one says total. */
  get mayHaveSubtotals(): boolean {
    return this.hasWords || this.seen.size > 1;
  }
}

/**
 * Finds rows that are sums of others. A row that says so in one of its names has to be the exact sum of
 * the rows that have its other names; throws `IMPORT_REFUSED` with the difference when it is not.
 */
export function findSubtotals(reading: Reading, table: Table): Subtotals {
  const dimensions = dimensionsOf(reading.columns);
  const additive = additiveFields(reading.columns);
  const read = fieldReader(reading.columns);
  const rows = function* (): Generator<BodyRow> {
    for (const { row, cells } of bodyRows(reading, table)) {
      const { fields } = read(cells);
      if (!isTotalRow(fields, { dimensions, additive })) yield { row, fields };
    }
  };
  const finest = finestForm(rows(), dimensions);
  const coarse = coarseRows(rows(), dimensions, finest);
  if (coarse === null || coarse.length === 0) return { leftOut: [], repeated: new Set() };
  addUp(rows(), { finest, coarse, additive });
  return judged(coarse, additive);
}

/** A row with fewer dimensions than the finest ones, and the sum of those that it may stand for. */
interface CoarseRow extends BodyRow {
  readonly names: readonly Field[];
  readonly key: string;
  readonly saysTotal: boolean;
  readonly sums: ReadonlyMap<Field, ExactSum>;
  parts: number;
}

/** The dimensions of the rows that have the most. */
function finestForm(rows: Iterable<BodyRow>, dimensions: readonly Field[]): readonly Field[] {
  let finest: readonly Field[] = [];
  for (const { fields } of rows) {
    const own = namesOf(fields, dimensions);
    if (own.length > finest.length) finest = own;
  }
  return finest;
}

function coarseRows(
  rows: Iterable<BodyRow>,
  dimensions: readonly Field[],
  finest: readonly Field[],
): readonly CoarseRow[] | null {
  const coarse: CoarseRow[] = [];
  for (const { row, fields } of rows) {
    const names = namesOf(fields, dimensions);
    const isPart = names.length < finest.length && names.every((name) => finest.includes(name));
    if (!isPart) continue;
    if (coarse.length === MAX_COARSE) return null;
    const saysTotal = dimensions.some((name) => isTotalWord(fields[name] ?? ''));
    const key = keyOf(fields, names);
    coarse.push({ row, fields, names, key, saysTotal, sums: new Map(), parts: 0 });
  }
  return coarse;
}

/** The dimensions a row has; one that says total has none. */
function namesOf(
  fields: Readonly<Record<string, string>>,
  dimensions: readonly Field[],
): readonly Field[] {
  return dimensions.filter((name) => {
    const value = fields[name];
    return value !== undefined && !isTotalWord(value);
  });
}

function keyOf(fields: Readonly<Record<string, string>>, names: readonly Field[]): string {
  return names.map((name) => fields[name] ?? '').join('\u0000');
}

function addUp(
  rows: Iterable<BodyRow>,
  of: {
    readonly finest: readonly Field[];
    readonly coarse: readonly CoarseRow[];
    readonly additive: readonly Field[];
  },
): void {
  const forms = new Map<string, Map<string, CoarseRow[]>>();
  for (const one of of.coarse) {
    const form = one.names.join(',');
    const byKey = forms.get(form) ?? new Map<string, CoarseRow[]>();
    forms.set(form, byKey);
    byKey.set(one.key, [...(byKey.get(one.key) ?? []), one]);
  }
  for (const { fields } of rows) {
    if (namesOf(fields, of.finest).length !== of.finest.length) continue;
    for (const [form, byKey] of forms) {
      const names = form === '' ? [] : (form.split(',') as Field[]);
      for (const one of byKey.get(keyOf(fields, names)) ?? []) addTo(one, fields, of.additive);
    }
  }
}

function addTo(
  row: CoarseRow,
  fields: Readonly<Record<string, string>>,
  additive: readonly Field[],
): void {
  row.parts++;
  const sums = row.sums as Map<Field, ExactSum>;
  for (const name of additive) {
    const value = fields[name];
    if (value === undefined) continue;
    const sum = sums.get(name) ?? new ExactSum();
    sum.add(value);
    sums.set(name, sum);
  }
}

function judged(coarse: readonly CoarseRow[], additive: readonly Field[]): Subtotals {
  const leftOut: LeftOut[] = [];
  const repeated = new Set<number>();
  for (const one of coarse) {
    const isSilent = additive.every((name) => one.fields[name] === undefined);
    if (one.parts === 0 || isSilent) continue;
    const off = differing(one, additive);
    if (off === null && one.saysTotal) leftOut.push({ row: one.row, why: 'subtotal' });
    else if (off === null) repeated.add(one.row);
    else if (one.saysTotal) throw notTheSum(one, off);
  }
  return { leftOut, repeated };
}

/** The first figure in which a row is not the sum of its parts; null when it is in all that it has. */
function differing(row: CoarseRow, additive: readonly Field[]): Field | null {
  const off = additive.find((name) => {
    const stated = row.fields[name];
    const sum = row.sums.get(name) ?? new ExactSum();
    return stated !== undefined && sum.distanceTo(stated) !== '0';
  });
  return off ?? null;
}

function notTheSum(row: CoarseRow, field: Field) {
  const sum = `${row.sums.get(field) ?? 0}`;
  return refusal(
    `Row ${row.row} says that it is a total, and the rows it stands for do not add up to it: ${field} is ${readable(row.fields[field] ?? '')} there and ${readable(sum)} in sum.`,
    'Export the file again without subtotals, or remove the rows of totals.',
  );
}
