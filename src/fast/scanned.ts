import type { Judged } from '../fold/judge.ts';
import type { Batch } from '../landing/batch.ts';
import { KeyPool } from './key-pool.ts';

/** Columns of a scanned row. */
export const ROW = {
  /** Number of its page in the answer, from 0. */
  page: 0,
  /** Its place in the page, from 1. */
  row: 1,
  /** Where its record lies in the page's bytes: from `from` up to, and without, `to`. */
  from: 2,
  to: 3,
  /** Its day as YYYYMMDD. */
  day: 4,
  /** Number of its campaign, `NO_CAMPAIGN` when it has none. */
  campaign: 5,
  /** Its natural key without the account, in words of the pool. */
  key: 6,
  keyEnd: 7,
} as const;

/** Cells of a row. */
export const ROW_CELLS = 8;

/** What an answer holds that is not a row of a page's bytes, in order with the rows. */
export interface Beside {
  /** How many rows come before it. */
  readonly before: number;
  readonly found:
    | Judged
    | {
        readonly kind: 'unreadable';
        readonly file: string;
        readonly reason: string;
        readonly bytes: Buffer;
      }
    /** The row before it has fields that the contract does not know. */
    | { readonly kind: 'drift'; readonly unknownFields: readonly string[] };
}

/** An answer whose pages have been read and judged, whatever months its rows are of. */
export class ScannedAnswer {
  readonly batch: Batch;
  /** Rows that keep the contract, in columns. */
  count = 0;
  cells = new Int32Array(ROW_CELLS * 512);
  readonly keys = new KeyPool();
  readonly beside: Beside[] = [];

  constructor(batch: Batch) {
    this.batch = batch;
  }

  /** Adds a row whose key is the last one of the pool and begins at `key`. */
  add(row: {
    readonly page: number;
    readonly row: number;
    readonly from: number;
    readonly to: number;
    readonly day: number;
    readonly campaign: number;
    readonly key: number;
  }): void {
    const at = this.count * ROW_CELLS;
    if (at + ROW_CELLS > this.cells.length) this.grow();
    const { cells } = this;
    cells[at + ROW.page] = row.page;
    cells[at + ROW.row] = row.row;
    cells[at + ROW.from] = row.from;
    cells[at + ROW.to] = row.to;
    cells[at + ROW.day] = row.day;
    cells[at + ROW.campaign] = row.campaign;
    cells[at + ROW.key] = row.key;
    cells[at + ROW.keyEnd] = this.keys.end;
    this.count++;
  }

  /** Notes something that is no row, after the rows so far. */
  put(found: Beside['found']): void {
    this.beside.push({ before: this.count, found });
  }

  /** Where it stands, for `backTo`. */
  get mark(): { readonly count: number; readonly keys: number; readonly beside: number } {
    return { count: this.count, keys: this.keys.end, beside: this.beside.length };
  }

  /** Forgets what came after the mark. */
  backTo(mark: { readonly count: number; readonly keys: number; readonly beside: number }): void {
    this.count = mark.count;
    this.keys.end = mark.keys;
    this.beside.length = mark.beside;
  }

  private grow(): void {
    const cells = new Int32Array(this.cells.length * 2);
    cells.set(this.cells);
    this.cells = cells;
  }
}
