import { type ActionType, keyOf } from './action-type.ts';
import type { Counted, ListAt } from './counted.ts';
import { type Constant, type CsvBytes, constant } from './csv-bytes.ts';
import { NONE } from './figures.ts';
import type { Scanner } from './scan.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const MINUS = 0x2d;
const ZERO = 0x30;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const EMPTY = constant('{}');
const NULL = constant('null');
const VALUE = constant('""value"":""');
const END = constant('""');

/** A member of a JSON object in a cell: its name, and the entry or value that it is of. */
interface Named {
  name: string;
  key: Constant;
  at: number;
}

/**
 * Writes the columns of JSON text: objects with sorted keys, in a quoted cell, where every quote is
 * written twice.
 */
export class JsonCells {
  private readonly scanner: Scanner;
  private readonly counted: Counted;
  private readonly named: Named[] = [];
  private readonly windows: Named[] = [];
  private readonly keys = new Map<string, Constant>();

  constructor(scanner: Scanner, counted: Counted) {
    this.scanner = scanner;
    this.counted = counted;
  }

  /** Every action that no count holds, as `otherActionsOf` writes them. */
  otherActions(out: CsvBytes): boolean {
    const { counted, named } = this;
    const { actions, found } = counted;
    let count = 0;
    for (let entry = actions.first; entry < actions.end; entry++) {
      const { name, key, event, isLinkClick } = counted.typeOf(entry);
      const isHeld = event >= 0 && found[event] !== NONE;
      if (!isHeld && !isLinkClick) count = insert(named, count, { name, key, at: entry });
    }
    this.object(out, count, (entry) => this.figures(out, entry));
    return true;
  }

  /** Counts by pixel event, as `pixelEventsOf` writes them. */
  pixelEvents(out: CsvBytes): boolean {
    const { counted, named } = this;
    let count = 0;
    let together = NONE;
    let hasNamed = false;
    const collect = (list: ListAt): void => {
      for (let entry = list.first; entry < list.end; entry++) {
        const type = counted.typeOf(entry);
        if (type.isNamedCustom) hasNamed = true;
        if (type.isCustom && list === counted.actions) together = entry;
        count = this.addEvent(type, entry, count);
      }
    };
    collect(counted.actions);
    collect(counted.conversions);
    if (together !== NONE && !hasNamed) count = this.replace(CUSTOM_EVENT, together, count);
    this.object(out, count, (entry) => this.number(out, counted.figures.value[entry] ?? NONE));
    named.length = Math.min(named.length, MOST_NAMED);
    return true;
  }

  /** Of two types with the name of one event, the first counts. */
  private addEvent({ pixelEvent, pixelKey }: ActionType, entry: number, count: number): number {
    if (pixelEvent === null || pixelKey === null) return count;
    for (let at = 0; at < count; at++) if (this.named[at]?.name === pixelEvent) return count;
    return insert(this.named, count, { name: pixelEvent, key: pixelKey, at: entry });
  }

  private replace(name: string, entry: number, count: number): number {
    const known = this.named.slice(0, count).find((one) => one.name === name);
    if (known === undefined) {
      return insert(this.named, count, { name, key: keyOf(name), at: entry });
    }
    known.at = entry;
    return count;
  }

  private object(out: CsvBytes, count: number, value: (entry: number) => void): void {
    if (count === 0) {
      out.put(EMPTY);
      return;
    }
    out.byte(QUOTE);
    for (let place = 0; place < count; place++) {
      const named = this.named[place];
      out.byte(place === 0 ? OPEN : COMMA);
      if (named === undefined) continue;
      out.put(named.key);
      value(named.at);
    }
    out.byte(CLOSE);
    out.byte(QUOTE);
  }

  /** The value and the windows of an entry, all as text. */
  private figures(out: CsvBytes, entry: number): void {
    const { scanner, counted, windows } = this;
    const { entries } = scanner;
    const value = counted.figures.value[entry] ?? NONE;
    const end = entries.first[entry + 1] ?? 0;
    let count = 0;
    for (let at = entries.first[entry] ?? 0; at < end; at++) {
      if (at === value) continue;
      const name = counted.actions.members?.bySlot[entries.slot[at] ?? 0]?.name ?? '';
      count = insert(windows, count, { name, key: this.windowKey(name), at });
    }
    out.byte(OPEN);
    if (value !== NONE) {
      out.put(VALUE);
      this.copy(out, value);
      out.put(END);
    }
    for (let place = 0; place < count; place++) {
      const window = windows[place];
      if (place > 0 || value !== NONE) out.byte(COMMA);
      if (window === undefined) continue;
      out.put(window.key);
      out.put(END);
      this.copy(out, window.at);
      out.put(END);
    }
    out.byte(CLOSE);
  }

  private copy(out: CsvBytes, at: number): void {
    const { entries, view } = this.scanner;
    out.copy(view, entries.from[at] ?? 0, entries.to[at] ?? 0);
  }

  /** JSON has no leading zeros; decimal text may. */
  private number(out: CsvBytes, at: number): void {
    if (at === NONE) {
      out.put(NULL);
      return;
    }
    const { entries, view } = this.scanner;
    let from = entries.from[at] ?? 0;
    const to = entries.to[at] ?? 0;
    if (view.getUint8(from) === MINUS) {
      out.byte(MINUS);
      from++;
    }
    while (from + 1 < to && view.getUint8(from) === ZERO && isDigit(view.getUint8(from + 1)))
      from++;
    out.copy(view, from, to);
  }

  private windowKey(name: string): Constant {
    const known = this.keys.get(name);
    if (known !== undefined) return known;
    const key = keyOf(name);
    this.keys.set(name, key);
    return key;
  }
}

const CUSTOM_EVENT = 'Custom';
/** Places that are kept for the next record. */
const MOST_NAMED = 1_000;

function isDigit(code: number): boolean {
  return (code - ZERO) >>> 0 <= 9;
}

/** Puts one into its place among the first `count`, which are sorted by name, and gives how many there are. */
function insert(among: Named[], count: number, one: Named): number {
  const spare = among[count] ?? { ...one };
  let place = count;
  for (; place > 0; place--) {
    const before = among[place - 1];
    if (before === undefined || before.name < one.name) break;
    among[place] = before;
  }
  spare.name = one.name;
  spare.key = one.key;
  spare.at = one.at;
  among[place] = spare;
  return count + 1;
}
