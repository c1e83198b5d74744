import { BREAKDOWNS } from './datasets.ts';
import type { Reading } from './reading.ts';
import { type RecordOf, recordReader } from './record.ts';
import { openTable, type Table } from './table.ts';

/** A record of an imported file, as JSON text, with its row in the file (counted from 1). */
export interface ImportedRecord {
  readonly row: number;
  readonly text: string;
}

/** The records of a landed file, by its reading alone. Throws `IMPORT_REFUSED` when it cannot be. */
export function readImport(reading: Reading, bytes: Buffer): readonly ImportedRecord[] {
  const records: ImportedRecord[] = [];
  for (const { row, record } of recordsIn(reading, openTable(reading.layout, bytes))) {
    records.push({ row, text: JSON.stringify(record) });
  }
  return records;
}

/** The same records as objects, from an open table. */
export function* recordsIn(
  reading: Reading,
  table: Table,
): Generator<{ readonly row: number; readonly record: Readonly<Record<string, unknown>> }> {
  const toRecord = recordReader(reading);
  const count = occurrences();
  for (const { row, cells } of bodyRows(reading, table)) {
    const record = toRecord(cells);
    record.occurrence = reading.counts_occurrences ? count(record) : '1';
    yield { row, record };
  }
}

/** The rows that are records: those of the body and of the batch's account, less those left out. */
export function* bodyRows(
  reading: Pick<Reading, 'first_row' | 'last_row' | 'left_out' | 'account'>,
  table: Table,
): Generator<{ readonly row: number; readonly cells: readonly string[] }> {
  const leftOut = new Set(reading.left_out.map(({ row }) => row));
  let row = 0;
  for (const cells of table()) {
    row++;
    if (row < reading.first_row || leftOut.has(row)) continue;
    if (row > reading.last_row) return;
    if (cells.every((cell) => cell.trim() === '')) continue;
    const { account } = reading;
    if (account !== null && (cells[account.column] ?? '').trim() !== account.is) continue;
    yield { row, cells };
  }
}

const KEY = ['date_start', 'date_stop', 'level', 'object_key', ...BREAKDOWNS] as const;

/** Counts rows that share a key, in the order of the file. */
function occurrences(): (record: ReturnType<RecordOf>) => string {
  const seen = new Map<string, number>();
  return (record) => {
    const key = KEY.map((name) => record[name] ?? '').join('\u0000');
    const count = (seen.get(key) ?? 0) + 1;
    seen.set(key, count);
    return String(count);
  };
}
