import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CHECKOUT } from '../checkout.ts';
import { openEngine } from '../duckdb/duckdb.ts';
import { viewStatements } from '../query/views.ts';
import type { Window } from '../window.ts';
import type { Lake } from '../zone.ts';

/** What can be exported; each is a file of `src/sql/exports`. */
export const EXPORTS = ['ads', 'accounts', 'robyn'] as const;

/** Name of an export. */
export type ExportName = (typeof EXPORTS)[number];

/** An answer of the engine: columns in order, cells as text; null is not known. */
export interface ExportTable {
  readonly columns: readonly string[];
  /** True for columns of numbers and days: their cells can be no formula. */
  readonly isPlain: readonly boolean[];
  readonly rows: readonly (readonly (string | null)[])[];
}

const LIMITS = { threads: 2, memory: '1GB', spillInto: null } as const;

/** The rows of an export for the days of the window (both inclusive), in the order of the export. */
export async function exportTable(
  lake: Lake,
  name: ExportName,
  window: Window,
): Promise<ExportTable> {
  const engine = await openEngine(LIMITS);
  try {
    for (const statement of viewStatements(lake, '')) await engine.connection.run(statement);
    const { since, until } = window;
    const reader = await engine.connection.runAndReadAll(exportSql(name), { since, until });
    const columns = reader.columnNames();
    return {
      columns,
      isPlain: columns.map((_, index) => reader.columnType(index).toString() !== 'VARCHAR'),
      rows: reader
        .getRowsJson()
        .map((row) => row.map((cell) => (cell === null ? null : String(cell)))),
    };
  } finally {
    engine.close();
  }
}

function exportSql(name: ExportName): string {
  return readFileSync(join(CHECKOUT, 'src', 'sql', 'exports', `${name}.sql`), 'utf8');
}
