import { readable } from '../amount.ts';
import { BREAKDOWNS } from './datasets.ts';
import type { ExactSum } from './exact-sum.ts';
import { FIELDS, type Field, isAdditive } from './fields.ts';
import type { ColumnReading } from './reading.ts';
import { refusal } from './refusal.ts';

/** A row of the body, by field. */
export interface BodyRow {
  /** Counted from 1. */
  readonly row: number;
  readonly fields: Readonly<Record<string, string>>;
}

/** Fields that tell rows of a report apart. */
const DIMENSIONS: readonly Field[] = [
  'account_id',
  'account_name',
  'campaign_id',
  'campaign_name',
  'ad_set_id',
  'ad_set_name',
  'ad_id',
  'ad_name',
  'day',
  'period',
  ...BREAKDOWNS,
];

/** Fields of a file that tell its rows apart. */
export function dimensionsOf(columns: readonly ColumnReading[]): readonly Field[] {
  return DIMENSIONS.filter((name) => columns.some(({ field }) => field === name));
}

/** Fields of a file that add up over its rows. */
export function additiveFields(columns: readonly ColumnReading[]): readonly Field[] {
  return columns.flatMap(({ field }) => field ?? []).filter((field) => isAdditive(FIELDS[field]));
}

/** True for a row with figures and nothing, or only a word for total, to tell it by. */
export function isTotalRow(
  fields: Readonly<Record<string, string>>,
  of: { readonly dimensions: readonly Field[]; readonly additive: readonly Field[] },
): boolean {
  if (of.dimensions.length === 0) return false;
  for (const name of of.dimensions) {
    const value = fields[name];
    if (value !== undefined && !TOTAL_WORDS.test(value)) return false;
  }
  return of.additive.some((name) => fields[name] !== undefined);
}

/** True for a word that stands where a name would, and says that the row is a total. */
export function isTotalWord(value: string): boolean {
  return TOTAL_WORDS.test(value);
}

/** Words that a total row has where other rows have a name. */
const TOTAL_WORDS =
  /^(grand )?(total|totals|totales|totale|totaux|totaal|gesamt|insgesamt|summe|gesamtsumme|razem|suma|toplam|genel toplam|итого|всего|разом|усього|合計|総計|合计|总计|總計|합계|총계|tổng|tổng cộng|รวม|ทั้งหมด|jumlah|الإجمالي|المجموع)([\s:：(-].*)?$/iu;

/** What the total rows of a file say. */
export interface TotalCheck {
  /** One of them is the sum of the rows. */
  readonly isFound: boolean;
  /** Those that are of something else than all the rows. */
  readonly others: number;
}

/**
 * Holds the total rows against the sums of all other rows, field by field. One of them must agree;
 * throws `IMPORT_REFUSED` with the difference when none does.
 */
export function checkTotals(
  totals: readonly BodyRow[],
  sums: ReadonlyMap<Field, ExactSum>,
): TotalCheck {
  const differences = totals.map((total) => differenceOf(total, sums));
  const matching = differences.filter((one) => one === null).length;
  const [first] = differences;
  if (matching > 0 || first === undefined || first === null) {
    return { isFound: matching > 0, others: totals.length - matching };
  }
  throw refusal(
    `Row ${totals[0]?.row} is a total, and the other rows do not add up to it: ${first.field} is ${readable(first.total)} there and ${readable(first.sum)} in sum, a difference of ${readable(first.off)}.`,
    'Rows are missing or were changed. Export the file again, whole.',
  );
}

interface Difference {
  readonly field: Field;
  readonly total: string;
  readonly sum: string;
  readonly off: string;
}

function differenceOf(total: BodyRow, sums: ReadonlyMap<Field, ExactSum>): Difference | null {
  for (const [field, sum] of sums) {
    const stated = total.fields[field];
    const off = stated === undefined ? '0' : sum.distanceTo(stated);
    if (stated !== undefined && off !== '0') return { field, total: stated, sum: `${sum}`, off };
  }
  return null;
}
