import { contractAt } from '../contract.ts';
import type { Cell } from '../csv.ts';
import {
  knownOr,
  objectOf,
  type RawRecord,
  type StagingRow,
  type Transform,
} from '../staging/row.ts';

/** How rows of a platform's exports get from raw to staging: they have their columns already. */
export function reportFlattener(platform: string): Transform {
  let columns: readonly { readonly name: string }[] | null = null;
  return (raw) => {
    columns ??= contractAt(`staging/${platform}_report.schema.json`).columns.map((name) => ({
      name,
    }));
    return [flattenReport(raw, { platform, columns })];
  };
}

/** A staging row of the columns named, from a raw record. */
export function flattenReport(
  raw: RawRecord,
  to: { readonly platform: string; readonly columns: readonly { readonly name: string }[] },
): StagingRow {
  const { record, lineage } = raw;
  const row: Record<string, Cell> = {};
  for (const { name } of to.columns) {
    const value = record[name];
    row[name] = typeof value === 'string' ? value : null;
  }
  row.platform = to.platform;
  row.account_id = raw.accountId;
  row.currency ??= knownOr(lineage.currency);
  row.timezone = knownOr(lineage.timezone);
  row.other_metrics = othersOf(objectOf(record, 'other_metrics'));
  row.pulled_on = lineage.pulled_on;
  row.batch_id = lineage.batch_id;
  return row;
}

/** The cells that have no column of their own, sorted by header, so that equal rows are equal bytes. */
export function othersOf(others: Readonly<Record<string, unknown>>): string | null {
  const names = Object.keys(others).sort();
  if (names.length === 0) return null;
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, others[name]])));
}
