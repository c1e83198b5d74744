import { type ActionType, ActionTypes, EVENT_NAMES } from './action-type.ts';
import type { Member } from './member.ts';
import type { Scanner } from './scan.ts';

/** Windows that have columns, in the order of their bits. */
export const COLUMN_WINDOWS: readonly string[] = [
  '1d_click',
  '7d_click',
  '28d_click',
  '1d_view',
  '1d_ev',
];

/** An action of a list: decimal text as the plain path would give it. */
export interface Figure {
  readonly type: ActionType;
  readonly value: string | null;
  /** Names of the windows that were sent, and their figures. */
  readonly windows: readonly string[];
  readonly amounts: readonly string[];
}

/** What a list of a record says, by event. */
export interface FigureList {
  readonly all: readonly Figure[];
  /** By number of the event: the figure of the first name in its cascade that is there. */
  readonly found: readonly (Figure | null)[];
  /** Bits of the windows that were seen in the list. */
  readonly seen: number;
}

const BACKSLASH = 0x5c;
const NONE: FigureList = { all: [], found: EVENT_NAMES.map(() => null), seen: 0 };

/** Decimal text that stays as it is: few enough places, and digits that every column can hold. */
const FITS = /^-?\d{1,12}(\.\d{1,6})?$/;

/** Reads lists of actions from where the scanner found them. */
export class FigureReader {
  private readonly scanner: Scanner;
  private readonly types = new ActionTypes();

  constructor(scanner: Scanner) {
    this.scanner = scanner;
  }

  /**
   * The figures of the list under this member; null when something is in it that only the plain path
   * knows what to do with: a type or window twice, an escape, a figure of many digits.
   */
  list(list: Member | null): FigureList | null {
    if (list === null || !this.scanner.has(list)) return NONE;
    const all: Figure[] = [];
    const found: (Figure | null)[] = EVENT_NAMES.map(() => null);
    let seen = 0;
    let before = this.types.head;
    const { entries } = this.scanner;
    for (let entry = 0; entry < entries.count; entry++) {
      if (entries.list[entry] !== list) continue;
      const figure = this.figure(entry, before);
      if (figure === null || all.some(({ type }) => type.name === figure.type.name)) return null;
      before = figure.type;
      all.push(figure);
      for (const window of figure.windows) seen |= bitOf(window);
      const { event, rank } = figure.type;
      const best = found[event]?.type.rank ?? Number.MAX_SAFE_INTEGER;
      if (event >= 0 && rank >= 0 && rank < best) found[event] = figure;
    }
    return { all, found, seen };
  }

  private figure(entry: number, before: ActionType): Figure | null {
    const { entries } = this.scanner;
    let type: ActionType | null = null;
    let value: string | null = null;
    const windows: string[] = [];
    const amounts: string[] = [];
    const end = entries.first[entry + 1] ?? 0;
    for (let at = entries.first[entry] ?? 0; at < end; at++) {
      const name = entries.member[at]?.name ?? '';
      if (name === 'action_type') {
        if (type !== null) return null;
        type = this.typeAt(at, before);
        if (type === null) return null;
        continue;
      }
      const text = this.scanner.bytes.toString('latin1', entries.from[at], entries.to[at]);
      if (!FITS.test(text) || windows.includes(name)) return null;
      if (name !== 'value') {
        windows.push(name);
        amounts.push(text);
      } else if (value !== null) return null;
      else value = text;
    }
    return type === null ? null : { type, value, windows, amounts };
  }

  private typeAt(at: number, before: ActionType): ActionType | null {
    const { bytes, entries } = this.scanner;
    const [from, to] = [entries.from[at] ?? 0, entries.to[at] ?? 0];
    for (let place = from; place < to; place++) if (bytes[place] === BACKSLASH) return null;
    return this.types.after(before, bytes, { from, to });
  }
}

/** The bit of a window that has columns; 0 of one that has none. */
export function bitOf(window: string): number {
  const place = COLUMN_WINDOWS.indexOf(window);
  return place < 0 ? 0 : 1 << place;
}
