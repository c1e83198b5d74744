import { KeyPool } from './key-pool.ts';

/** Columns of the table. */
export const CELL = {
  /** Number of what the record's bytes are read from. */
  source: 0,
  /** Its place in its page, from 1. */
  row: 1,
  /** Where it lies in the source: from `from` up to, and without, `to`. */
  from: 2,
  to: 3,
  /** Its day as YYYYMMDD, 0 when it has none. */
  day: 4,
  /** Number of its campaign. */
  campaign: 5,
  /** Its natural key, in words of the pool. */
  key: 6,
  keyEnd: 7,
  /** Number of the answer it came with; `WITHDRAWN` when it is gone. */
  answer: 8,
} as const;

/** Cells of a row. */
export const CELLS = 9;

/** Where a row of the table is said to come from when it is not there any more. */
export const WITHDRAWN = -1;

/** Most months of most accounts have no more. */
const FIRST_ROWS = 128;
const BYTE_VALUES = 256;
const WORD_BYTES = 4;

/** The rows of a partition by natural key, in columns of numbers. */
export class RowTable {
  count = 0;
  cells = new Int32Array(CELLS * FIRST_ROWS);
  readonly keys = new KeyPool();
  /** Places of rows by the hash of their key, one more each; 0 where there is none. */
  private slots = new Int32Array(FIRST_ROWS * 4);

  /** Place of the row with the key that lies in these words; -1 when there is none. */
  find(words: Int32Array, first: number, last: number): number {
    const mask = this.slots.length - 1;
    for (let slot = hashOf(words, first, last) & mask; ; slot = (slot + 1) & mask) {
      const row = (this.slots[slot] ?? 0) - 1;
      if (row === -1) return -1;
      if (this.hasKey(row, { words, first, last })) return row;
    }
  }

  /** Adds a row with a copy of a key that is not there yet, and gives its place. */
  add(words: Int32Array, first: number, last: number): number {
    const row = this.count++;
    if (this.count * CELLS > this.cells.length) this.grow();
    const key = this.keys.end;
    this.keys.copy(words, first, last);
    this.set(row, CELL.key, key);
    this.set(row, CELL.keyEnd, this.keys.end);
    this.index(row);
    return row;
  }

  get(row: number, cell: number): number {
    return this.cells[row * CELLS + cell] ?? 0;
  }

  set(row: number, cell: number, value: number): void {
    this.cells[row * CELLS + cell] = value;
  }

  /** Places of the rows that are there, sorted by key: by each byte that differs, the last one first. */
  sorted(): Int32Array {
    let rows = new Int32Array(this.count);
    let count = 0;
    for (let row = 0; row < this.count; row++) {
      if (this.get(row, CELL.answer) !== WITHDRAWN) rows[count++] = row;
    }
    rows = rows.subarray(0, count);
    let other = new Int32Array(count);
    const differing = new Uint8Array(this.differences(rows).buffer);
    for (let place = differing.length - 1; place >= 0; place--) {
      if (differing[place] === 0) continue;
      this.sortBy(place, rows, other);
      [rows, other] = [other, rows];
    }
    return rows;
  }

  /** The bits in which keys differ, by word. */
  private differences(rows: Int32Array): Int32Array {
    const { words } = this.keys;
    let bits = new Int32Array(0);
    const [first = 0] = rows;
    const own = this.get(first, CELL.key);
    for (const row of rows) {
      const key = this.get(row, CELL.key);
      const length = this.get(row, CELL.keyEnd) - key;
      if (length > bits.length) bits = longer(bits, length);
      for (let word = 0; word < bits.length; word++) {
        const other = word < length ? (words[key + word] ?? 0) : 0;
        const one = own + word < this.get(first, CELL.keyEnd) ? (words[own + word] ?? 0) : 0;
        bits[word] = (bits[word] ?? 0) | (one ^ other);
      }
    }
    return bits;
  }

  /** Sorts by one byte of the keys, keeping the order of equal ones. */
  private sortBy(place: number, rows: Int32Array, into: Int32Array): void {
    const starts = new Int32Array(BYTE_VALUES + 1);
    for (const row of rows) {
      const value = this.keyByte(row, place);
      starts[value + 1] = (starts[value + 1] ?? 0) + 1;
    }
    for (let value = 1; value <= BYTE_VALUES; value++) {
      starts[value] = (starts[value] ?? 0) + (starts[value - 1] ?? 0);
    }
    for (const row of rows) {
      const value = this.keyByte(row, place);
      const at = starts[value] ?? 0;
      into[at] = row;
      starts[value] = at + 1;
    }
  }

  private keyByte(row: number, place: number): number {
    const at = this.get(row, CELL.key) * WORD_BYTES + place;
    return at < this.get(row, CELL.keyEnd) * WORD_BYTES ? (this.keys.bytes[at] ?? 0) : 0;
  }

  private hasKey(
    row: number,
    other: { readonly words: Int32Array; readonly first: number; readonly last: number },
  ): boolean {
    const key = this.get(row, CELL.key);
    const length = other.last - other.first;
    if (this.get(row, CELL.keyEnd) - key !== length) return false;
    const own = this.keys.words;
    for (let word = 0; word < length; word++) {
      if (own[key + word] !== other.words[other.first + word]) return false;
    }
    return true;
  }

  private index(row: number): void {
    if (this.count * 2 > this.slots.length) {
      this.slots = new Int32Array(this.slots.length * 2);
      for (let known = 0; known < row; known++) this.take(known);
    }
    this.take(row);
  }

  private take(row: number): void {
    const mask = this.slots.length - 1;
    const { words } = this.keys;
    let slot = hashOf(words, this.get(row, CELL.key), this.get(row, CELL.keyEnd)) & mask;
    while (this.slots[slot] !== 0) slot = (slot + 1) & mask;
    this.slots[slot] = row + 1;
  }

  private grow(): void {
    const cells = new Int32Array(this.cells.length * 2);
    cells.set(this.cells);
    this.cells = cells;
  }
}

/** Spreads keys over slots (multiplication by the golden ratio, Knuth 6.4). */
function hashOf(words: Int32Array, first: number, last: number): number {
  let hash = 0;
  for (let word = first; word < last; word++) {
    hash = Math.imul(hash ^ (words[word] ?? 0), 0x9e3779b1);
    hash ^= hash >>> 15;
  }
  return hash;
}

function longer(bits: Int32Array<ArrayBuffer>, length: number): Int32Array<ArrayBuffer> {
  const more = new Int32Array(length);
  more.set(bits);
  return more;
}
