/** More than this in one record is left to the plain path. */
const MOST_ENTRIES = 2_000;
const MOST_VALUES = 20_000;

/**
 * The entries of a record's lists and where the values of each lie, in columns that are used again for
 * every record.
 */
export class Entries {
  count = 0;
  /** Number of an entry's type, -1 when it has none. */
  readonly type = new Int32Array(MOST_ENTRIES);
  /** Place of an entry's first value; the entry ends where the next one begins. */
  readonly first = new Int32Array(MOST_ENTRIES + 1);
  /** Slot of each value's member, and where the value lies. */
  readonly slot = new Int32Array(MOST_VALUES);
  readonly from = new Int32Array(MOST_VALUES);
  readonly to = new Int32Array(MOST_VALUES);
  private values = 0;

  clear(): void {
    this.count = 0;
    this.values = 0;
  }

  /** Begins an entry; false when there are too many. */
  begin(): boolean {
    if (this.count >= MOST_ENTRIES) return false;
    this.type[this.count] = -1;
    this.first[this.count] = this.values;
    this.count++;
    this.first[this.count] = this.values;
    return true;
  }

  /** Adds a value to the entry that was begun last; false when there are too many. */
  add(slot: number, from: number, to: number): boolean {
    const at = this.values;
    if (at >= MOST_VALUES) return false;
    this.slot[at] = slot;
    this.from[at] = from;
    this.to[at] = to;
    this.values = at + 1;
    this.first[this.count] = at + 1;
    return true;
  }

  /** Says the type of the entry that was begun last; false when it has one already. */
  name(type: number): boolean {
    if (this.type[this.count - 1] !== -1) return false;
    this.type[this.count - 1] = type;
    return true;
  }
}
