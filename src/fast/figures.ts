import { isDecimal } from './column.ts';
import type { Members } from './member.ts';
import type { Scanner } from './scan.ts';

/** Windows that have columns, in the order of their bits. */
export const COLUMN_WINDOWS: readonly string[] = [
  '1d_click',
  '7d_click',
  '28d_click',
  '1d_view',
  '1d_ev',
];

/** There is no such entry or value. */
export const NONE = -1;

/** So few bytes are a figure that stays as it is. */
const FITS_BYTES = 8;
/** Decimal text that stays as it is: few enough places, and digits that every column can hold. */
const FITS = { isSigned: true, whole: 12, places: 6 } as const;

/**
 * The figures of a record's lists, where the scanner found them. By entry, the place of its value; what
 * is asked of a list is found again by the entries' numbers.
 */
export class Figures {
  /** Place of the value of each entry, `NONE` when it has none. */
  readonly value: Int32Array;
  /** Bits of the windows that were seen in the lists that were read. */
  windows = 0;
  private readonly scanner: Scanner;
  private readonly names = new WeakMap<Members, EntryNames>();
  /** Number of the list in which a type was seen last, by number of the type. */
  private types = new Int32Array(64);
  /** Number of the entry in which a slot was seen last. */
  private slots = new Int32Array(64);
  private list = 0;
  private entry = 0;

  constructor(scanner: Scanner) {
    this.scanner = scanner;
    this.value = new Int32Array(scanner.entries.type.length);
  }

  /**
   * Reads the entries from `first` to `end`, which are of one list; false when something is in it that
   * only the plain path knows what to do with: a type or window twice, a figure of many digits.
   */
  read(members: Members, first: number, end: number): boolean {
    const names = this.namesOf(members);
    const { entries } = this.scanner;
    this.list++;
    for (let entry = first; entry < end; entry++) {
      const type = entries.type[entry] ?? NONE;
      if (type === NONE || !this.isNew(type)) return false;
      this.value[entry] = NONE;
      this.entry++;
      const to = entries.first[entry + 1] ?? 0;
      for (let at = entries.first[entry] ?? 0; at < to; at++) {
        if (!this.fits(at)) return false;
        const slot = entries.slot[at] ?? 0;
        if (this.slots[slot] === this.entry) return false;
        this.slots[slot] = this.entry;
        if (slot === names.value) this.value[entry] = at;
        else this.windows |= names.bit(slot);
      }
    }
    return true;
  }

  /** Place of the figure of a window in an entry, by the window's bit; `NONE` when it was not sent. */
  windowOf(members: Members, entry: number, bit: number): number {
    const names = this.namesOf(members);
    const { entries } = this.scanner;
    const to = entries.first[entry + 1] ?? 0;
    for (let at = entries.first[entry] ?? 0; at < to; at++) {
      if (names.bit(entries.slot[at] ?? 0) === bit) return at;
    }
    return NONE;
  }

  /** Whether an entry has any figure beside its value. */
  hasWindows(entry: number): boolean {
    const { entries } = this.scanner;
    const count = (entries.first[entry + 1] ?? 0) - (entries.first[entry] ?? 0);
    return count > (this.value[entry] === NONE ? 0 : 1);
  }

  private isNew(type: number): boolean {
    if (type >= this.types.length) {
      const types = new Int32Array(type * 2);
      types.set(this.types);
      this.types = types;
    }
    if (this.types[type] === this.list) return false;
    this.types[type] = this.list;
    return true;
  }

  private fits(at: number): boolean {
    const { entries, view } = this.scanner;
    const [from, to] = [entries.from[at] ?? 0, entries.to[at] ?? 0];
    return to - from <= FITS_BYTES || isDecimal(FITS, view, { from, to });
  }

  private namesOf(members: Members): EntryNames {
    const known = this.names.get(members);
    if (known !== undefined) return known;
    const names = new EntryNames(members);
    this.names.set(members, names);
    if (members.size > this.slots.length) this.slots = new Int32Array(members.size);
    return names;
  }
}

/** What the slots of a list's entries mean. */
class EntryNames {
  /** Slot of the value itself. */
  readonly value: number;
  private readonly members: Members;
  private readonly bits: number[] = [];

  constructor(members: Members) {
    this.members = members;
    this.value = members.find('value')?.slot ?? NONE;
  }

  /** The bit of a window that has columns; 0 of one that has none. */
  bit(slot: number): number {
    const known = this.bits[slot];
    if (known !== undefined) return known;
    for (let next = this.bits.length; next <= slot; next++) {
      this.bits.push(bitOf(this.members.bySlot[next]?.name ?? ''));
    }
    return this.bits[slot] ?? 0;
  }
}

/** The bit of a window that has columns; 0 of one that has none. */
export function bitOf(window: string): number {
  const place = COLUMN_WINDOWS.indexOf(window);
  return place < 0 ? 0 : 1 << place;
}
