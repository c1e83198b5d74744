import type { Batch } from '../batch.ts';
import type { RawRow, Slice } from '../judge.ts';
import { type Lineage, lineageOf } from '../lineage.ts';

/** What all rows of a page share. */
export interface PageOf {
  readonly batch: Batch;
  readonly file: string;
}

/** A row that knows where it lies in its page, and becomes text only when it is asked to. */
export class SlicedRow implements RawRow {
  readonly key: readonly (string | null)[];
  readonly day: string | null;
  readonly campaign: string | null;
  readonly slice: Slice;
  private readonly page: PageOf;
  private readonly row: number;

  constructor(
    page: PageOf,
    row: number,
    known: Pick<RawRow, 'key' | 'day' | 'campaign'> & { readonly slice: Slice },
  ) {
    this.page = page;
    this.row = row;
    this.key = known.key;
    this.day = known.day;
    this.campaign = known.campaign;
    this.slice = known.slice;
  }

  get line(): string {
    return this.slice.bytes.toString('utf8', this.slice.from, this.slice.to);
  }

  get lineage(): Lineage {
    return lineageOf(this.page.batch, this.page.file, this.row);
  }
}
