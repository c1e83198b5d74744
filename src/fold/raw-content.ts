import type { RawRow } from './judge.ts';
import { formatLineage, LINEAGE_COLUMNS } from './lineage.ts';

/** Takes the next bytes of a file. They are the writer's own again afterwards. */
export type Write = (bytes: Uint8Array) => void;

/** What a raw file and its sidecar hold, sorted by natural key, in pieces. */
export interface RawContent {
  readonly rows: number;
  /** Gives the raw file: each record's text with a line end. */
  readonly lines: (write: Write) => void;
  /** Gives the sidecar: its header, then one line for each record. */
  readonly origins: (write: Write) => void;
}

/** First line of every sidecar. */
export const LINEAGE_HEADER = `${LINEAGE_COLUMNS.join(',')}\n`;

/** The files of rows that are in memory as text. */
export function contentOf(rows: readonly Pick<RawRow, 'line' | 'lineage'>[]): RawContent {
  return {
    rows: rows.length,
    lines: (write) => {
      for (const some of chunksOf(rows)) {
        write(Buffer.from(some.map((row) => `${row.line}\n`).join('')));
      }
    },
    origins: (write) => {
      write(Buffer.from(LINEAGE_HEADER));
      for (const some of chunksOf(rows)) {
        write(Buffer.from(some.map((row) => `${formatLineage(row.lineage)}\n`).join('')));
      }
    },
  };
}

/** Texts of so many rows are put together at a time. */
const ROWS_AT_A_TIME = 1_000;

function* chunksOf<T>(rows: readonly T[]): Iterable<readonly T[]> {
  for (let at = 0; at < rows.length; at += ROWS_AT_A_TIME)
    yield rows.slice(at, at + ROWS_AT_A_TIME);
}
