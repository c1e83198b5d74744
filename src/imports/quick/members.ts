import { isAt, type Literal, literalOf } from '../../fast/literal.ts';
import type { Room } from '../../fast/room.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const SPACE = 0x20;
const LAST_OF_ASCII = 0x7f;

/** What the bytes of a text are like. */
export const FORM = {
  /** They are the text, and need no quotes in CSV. */
  plain: 1,
  /** They are the text, and have commas in them. */
  comma: 2,
  /** They have to be decoded first: escapes, letters beyond ASCII, white space at an end, or nothing. */
  other: 3,
} as const;

/** So many names may be missing between two before the next is looked up. */
const MOST_SKIPPED = 8;

/** Most members of a record. */
const MOST_MEMBERS = 400;

/**
 * The members of a record of texts, as raw lines of reports are: `{"name":"text",…}`, one member of
 * which may be such an object again. Lives as long as a file is gone through, and learns the names.
 */
export class Members {
  count = 0;
  /** By member: number of its name, where its text lies, and what its bytes are like. */
  readonly name: Int32Array = new Int32Array(MOST_MEMBERS);
  readonly from: Int32Array = new Int32Array(MOST_MEMBERS);
  readonly to: Int32Array = new Int32Array(MOST_MEMBERS);
  readonly form: Int32Array = new Int32Array(MOST_MEMBERS);
  /** Where the object among the members lies, braces included; `to` is 0 without one. */
  object = { from: 0, to: 0 };
  private readonly numberOf: (name: string) => number;
  private readonly objectName: Literal | null;
  /** Names in an order in which they came: most records have them in the same, with gaps. */
  private readonly learned: { readonly literal: Literal; readonly number: number }[] = [];
  private cursor = 0;

  /** `numberOf` numbers the names that are known, -1 for others; `objectName` is that of the object. */
  constructor(numberOf: (name: string) => number, objectName: string) {
    this.numberOf = numberOf;
    this.objectName = literalOf(`"${objectName}":{`);
  }

  /** Reads the record that lies in the room; false when it is none, or has a name that is not known. */
  read(room: Room, from: number, to: number): boolean {
    const { view } = room;
    this.count = 0;
    this.cursor = 0;
    this.object = { from: 0, to: 0 };
    if (view.getUint8(from) !== OPEN) return false;
    for (let at = from + 1; ; at++) {
      const isObject = this.objectName !== null && isAt(view, this.objectName, at);
      at = isObject
        ? this.readObject(view, at + (this.objectName?.length ?? 0) - 1)
        : this.member(room, at);
      if (at < 0 || at >= to) return false;
      const end = view.getUint8(at);
      if (end === CLOSE) return at + 1 === to;
      if (end !== COMMA || this.count === MOST_MEMBERS) return false;
    }
  }

  /** Reads `"name":"text"` and gives the place behind it, -1 when it is something else. */
  private member(room: Room, at: number): number {
    const { view } = room;
    const known = this.expected(view, at);
    if (known !== null) return this.text(view, at + known.literal.length, known.number);
    const start = nameEnd(view, at);
    if (start === -1) return -1;
    const text = room.bytes.toString('utf8', at, start);
    const number = this.numberOf(text.slice(1, -3));
    this.learn(text, number);
    return number === -1 ? -1 : this.text(view, start, number);
  }

  /** The name that begins at `at`, when it is one of the next that are expected. */
  private expected(view: DataView, at: number): { literal: Literal; number: number } | null {
    const last = Math.min(this.learned.length, this.cursor + MOST_SKIPPED);
    for (let place = this.cursor; place < last; place++) {
      const known = this.learned[place];
      if (known === undefined || !isAt(view, known.literal, at)) continue;
      this.cursor = place + 1;
      return known;
    }
    return null;
  }

  /** Expects the name after the one before it, unless it is expected elsewhere. */
  private learn(text: string, number: number): void {
    const literal = literalOf(text);
    const known = this.learned.findIndex((one) => one.number === number);
    if (known !== -1) this.cursor = known + 1;
    else if (literal !== null) this.learned.splice(this.cursor++, 0, { literal, number });
  }

  /** Reads a text from behind its quote, and gives the place behind the closing one. */
  private text(view: DataView, from: number, number: number): number {
    let form: number = FORM.plain;
    let at = from;
    for (let code = view.getUint8(at); code !== QUOTE; code = view.getUint8(++at)) {
      if (code === COMMA && form === FORM.plain) form = FORM.comma;
      else if (code > LAST_OF_ASCII) form = FORM.other;
      else if (code === BACKSLASH) {
        form = FORM.other;
        at++;
      } else if (code < SPACE) return -1;
    }
    const member = this.count++;
    this.name[member] = number;
    this.from[member] = from;
    this.to[member] = at;
    const isBare = at > from && view.getUint8(from) !== SPACE && view.getUint8(at - 1) !== SPACE;
    this.form[member] = isBare ? form : FORM.other;
    return at + 1;
  }

  private readObject(view: DataView, from: number): number {
    const to = objectEnd(view, from);
    if (to === -1 || this.object.to !== 0) return -1;
    this.object = { from, to };
    return to;
  }
}

/** The place behind `"name":"`; -1 when there is something else, or an escape in it. */
function nameEnd(view: DataView, from: number): number {
  if (view.getUint8(from) !== QUOTE) return -1;
  let at = from + 1;
  for (let code = view.getUint8(at); code !== QUOTE; code = view.getUint8(++at)) {
    if (code === BACKSLASH || code < SPACE) return -1;
  }
  return view.getUint8(at + 1) === COLON && view.getUint8(at + 2) === QUOTE ? at + 3 : -1;
}

const COLON = 0x3a;

/** The place behind an object of texts that begins at `from`; -1 when it does not end. */
function objectEnd(view: DataView, from: number): number {
  let isInText = false;
  for (let at = from; ; at++) {
    const code = view.getUint8(at);
    if (code < SPACE) return -1;
    if (code === BACKSLASH) at++;
    else if (code === QUOTE) isInText = !isInText;
    else if (code === CLOSE && !isInText) return at + 1;
  }
}
