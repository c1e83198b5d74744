import type { JsonRow } from '../duckdb/duckdb.ts';
import { figure } from './number.ts';

/**
 * What ROAS over these days (rows of the section `days`) will come to: the sum of what each day's value
 * is estimated to be in the end, over the sum of the same of spend; a settled day counts as it is. Null
 * when no day still changes, or one of them has no estimate: then nothing is said.
 */
export function maturedRoas(days: readonly JsonRow[]): number | null {
  if (!days.some((day) => day.basis === 'estimated')) return null;
  const values = days.map((day) => finalOf(day, 'purchase_value'));
  const spends = days.map((day) => finalOf(day, 'spend'));
  const [value, spend] = [sumOf(values), sumOf(spends)];
  return value === null || spend === null || spend === 0 ? null : value / spend;
}

/** What a day's figure is or will be; null when that is not known. */
function finalOf(day: JsonRow, name: 'purchase_value' | 'spend'): number | null {
  if (day.basis === 'settled' || day.basis === 'no spend') return figure(day[name]);
  return day.basis === 'estimated' ? figure(day[`${name}_matured`]) : null;
}

function sumOf(values: ReadonlyArray<number | null>): number | null {
  return values.reduce<number | null>(
    (sum, value) => (sum === null || value === null ? null : sum + value),
    0,
  );
}
