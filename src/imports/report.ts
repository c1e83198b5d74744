import { contractAt } from '../contract.ts';
import type { Cell } from '../csv.ts';
import {
  knownOr,
  objectOf,
  type RawRecord,
  type StagingRow,
  type Transform,
} from '../staging-row.ts';

/** How rows of a platform's exports get from raw to staging: they have their columns already. */
export function reportFlattener(platform: string): Transform {
  let columns: readonly string[] | null = null;
  return (raw) => {
    columns ??= contractAt(`staging/${platform}_report.schema.json`).columns;
    return [flattenReport(raw, platform, columns)];
  };
}

function flattenReport(raw: RawRecord, platform: string, columns: readonly string[]): StagingRow {
  const { record, lineage } = raw;
  const row: Record<string, Cell> = {};
  for (const column of columns) {
    const value = record[column];
    row[column] = typeof value === 'string' ? value : null;
  }
  row.platform = platform;
  row.account_id = raw.accountId;
  row.currency ??= knownOr(lineage.currency);
  row.timezone = knownOr(lineage.timezone);
  row.other_metrics = othersOf(objectOf(record, 'other_metrics'));
  row.pulled_on = lineage.pulled_on;
  row.batch_id = lineage.batch_id;
  return row;
}

/** The cells that have no column of their own, sorted by header, so that equal rows are equal bytes. */
function othersOf(others: Readonly<Record<string, unknown>>): string | null {
  const names = Object.keys(others).sort();
  if (names.length === 0) return null;
  return JSON.stringify(Object.fromEntries(names.map((name) => [name, others[name]])));
}
