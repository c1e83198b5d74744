import type { Member } from './member.ts';

/** More than this in one record is left to the plain path. */
const MOST_ENTRIES = 2_000;
const MOST_VALUES = 20_000;

/** The entries of a record's lists and where the values of each lie. Used again for every record. */
export class Entries {
  count = 0;
  /** The list that an entry is of, by the entry's place. */
  readonly list: Member[] = [];
  /** Place of an entry's first value; the entry ends where the next one begins. */
  readonly first = new Int32Array(MOST_ENTRIES + 1);
  readonly member: Member[] = [];
  readonly from = new Int32Array(MOST_VALUES);
  readonly to = new Int32Array(MOST_VALUES);

  clear(): void {
    this.count = 0;
    this.first[0] = 0;
  }

  /** Begins an entry; false when there are too many. */
  begin(list: Member): boolean {
    if (this.count >= MOST_ENTRIES) return false;
    this.list[this.count] = list;
    this.count++;
    this.first[this.count] = this.first[this.count - 1] ?? 0;
    return true;
  }

  /** Adds a value to the entry that was begun last; false when there are too many. */
  add(member: Member, from: number, to: number): boolean {
    const at = this.first[this.count] ?? 0;
    if (at >= MOST_VALUES) return false;
    this.member[at] = member;
    this.from[at] = from;
    this.to[at] = to;
    this.first[this.count] = at + 1;
    return true;
  }
}
