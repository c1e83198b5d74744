import { LINEAGE_HEADER, type RawContent, type Write } from '../fold/raw-content.ts';
import { CELL, type RowTable } from './row-table.ts';
import { readSource, type Source } from './source.ts';

const LINE_END = 0x0a;

/** Lines are put together so many bytes at a time; what they are copied from is read for each anew. */
const PIECE_BYTES = 4_000_000;

/** No row comes after. */
const LAST = -1;

/**
 * A raw file and its sidecar, copied from the pages that the rows lie in. Whatever the size of the
 * partition, one piece of the file and one stretch of a page are in memory.
 */
export class SortedRows implements RawContent {
  readonly rows: number;
  private readonly order: Int32Array;
  private readonly table: RowTable;
  private readonly sources: readonly Source[];

  constructor(table: RowTable, sources: readonly Source[]) {
    this.table = table;
    this.sources = sources;
    this.order = table.sorted();
    this.rows = this.order.length;
  }

  lines(write: Write): void {
    for (let first = 0; first < this.rows; ) {
      const { last, size } = this.pieceFrom(first);
      const piece = PIECE.take(size);
      this.fill(piece, first, last);
      write(piece);
      first = last;
    }
  }

  origins(write: Write): void {
    write(Buffer.from(LINEAGE_HEADER));
    const piece = PIECE.take(ORIGINS_BYTES);
    let at = 0;
    for (const row of this.order) {
      const { origin } = this.sourceOf(row);
      if (at + origin.head.length + origin.tail.length + NUMBER_BYTES > piece.length) {
        write(piece.subarray(0, at));
        at = 0;
      }
      at += origin.head.copy(piece, at);
      at = putNumber(piece, at, this.table.get(row, CELL.row));
      at += origin.tail.copy(piece, at);
    }
    write(piece.subarray(0, at));
  }

  /** How many rows from `first` on make a piece, and its bytes. */
  private pieceFrom(first: number): { readonly last: number; readonly size: number } {
    let size = 0;
    let last = first;
    for (; last < this.rows; last++) {
      const more = this.lengthOf(this.order[last] ?? 0) + 1;
      if (last > first && size + more > PIECE_BYTES) break;
      size += more;
    }
    return { last, size };
  }

  /** Copies lines into the piece, file by file, so that each is read once. */
  private fill(piece: Buffer, first: number, last: number): void {
    const rows = this.order.subarray(first, last);
    const starts = new Int32Array(rows.length);
    const next = new Int32Array(rows.length);
    const heads = new Map<string | Buffer, number>();
    let at = 0;
    for (let place = 0; place < rows.length; place++) {
      const row = rows[place] ?? 0;
      const source = this.sourceOf(row);
      const bytes = source.kind === 'file' ? source.path : source.bytes;
      next[place] = heads.get(bytes) ?? LAST;
      heads.set(bytes, place);
      starts[place] = at;
      at += this.lengthOf(row);
      piece[at++] = LINE_END;
    }
    for (const head of heads.values()) {
      const chain: number[] = [];
      for (let place = head; place !== LAST; place = next[place] ?? LAST) chain.push(place);
      this.copy(piece, { chain, rows, starts });
    }
  }

  private copy(
    piece: Buffer,
    of: {
      /** Places of rows whose bytes lie in one file, or in one buffer. */
      readonly chain: readonly number[];
      readonly rows: Int32Array;
      readonly starts: Int32Array;
    },
  ): void {
    const { chain, rows, starts } = of;
    const source = this.sourceOf(rows[chain[0] ?? 0] ?? 0);
    let [from, to] = [Number.MAX_SAFE_INTEGER, 0];
    for (const place of chain) {
      const row = rows[place] ?? 0;
      from = Math.min(from, this.table.get(row, CELL.from));
      to = Math.max(to, this.table.get(row, CELL.to));
    }
    const stretch = STRETCH.take(to - from);
    readSource(source, from, stretch);
    for (const place of chain) {
      const row = rows[place] ?? 0;
      const [start, end] = [this.table.get(row, CELL.from), this.table.get(row, CELL.to)];
      stretch.copy(piece, starts[place] ?? 0, start - from, end - from);
    }
  }

  private lengthOf(row: number): number {
    return this.table.get(row, CELL.to) - this.table.get(row, CELL.from);
  }

  private sourceOf(row: number): Source {
    const source = this.sources[this.table.get(row, CELL.source)];
    if (source === undefined) throw new Error('a row of no source');
    return source;
  }
}

const ORIGINS_BYTES = 500_000;
/** More digits than a number of a row has. */
const NUMBER_BYTES = 16;

function putNumber(into: Buffer, at: number, number: number): number {
  return at + into.write(String(number), at, 'latin1');
}

/** Memory that is used again and again by whatever is at work in this thread. */
class Spare {
  private bytes = Buffer.alloc(0);

  /** So many bytes, whatever is in them. Those that were given before are the same ones. */
  take(size: number): Buffer {
    if (this.bytes.length < size) this.bytes = Buffer.allocUnsafeSlow(Math.ceil(size * MORE));
    return this.bytes.subarray(0, size);
  }
}

/** What has to grow will have to grow again. */
const MORE = 1.5;

const PIECE = new Spare();
const STRETCH = new Spare();
