import { Entries } from './entries.ts';
import { KIND, type Member, type Members } from './member.ts';
import { endOfDecimal, endOfDigits, endOfString, endOfValue, NO } from './value.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const OPEN = 0x7b;
const CLOSE = 0x7d;
const MOST_NAME = 80;
const DAY_LENGTH = 10;

/**
 * Reads records of one shape out of compact JSON without making objects: where each member's value
 * begins and ends. It knows less than the contract: `NO` means only that it is not sure.
 */
export class Scanner {
  readonly members: Members;
  bytes: Buffer = Buffer.alloc(0);
  /** Where the value of a member lies, without quotes, by slot. Holds where `has` is true. */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** True when a member came twice. */
  hasTwins = false;
  /** The entries of all lists of the record, in order, and their amounts. */
  readonly entries = new Entries();
  private readonly seen: Int32Array;
  private record = 0;

  constructor(members: Members) {
    this.members = members;
    this.from = new Int32Array(members.size);
    this.to = new Int32Array(members.size);
    this.seen = new Int32Array(members.size);
  }

  /** True when the record that was read last has the member. */
  has(member: Member): boolean {
    return this.seen[member.slot] === this.record;
  }

  /** The text of a member's value as it lies there, escapes and all; ASCII is taken for granted. */
  text(member: Member): string {
    return this.bytes.toString('latin1', this.from[member.slot], this.to[member.slot]);
  }

  /**
   * Reads the record that begins at `at`. Gives its end when it is sure that the record keeps the
   * contract, else `NO`. Of a member that comes twice the last counts, as in `JSON.parse`.
   */
  read(at: number): number {
    const { bytes, members } = this;
    this.record++;
    this.hasTwins = false;
    this.entries.clear();
    if (bytes[at] !== OPEN) return NO;
    let before = members.head;
    for (let from = at + 1; ; ) {
      const member = this.memberAt(members, before, from);
      if (member === null) return NO;
      const to = this.valueAt(member, from + member.token.length);
      if (to === NO) return NO;
      if (this.has(member)) this.hasTwins = true;
      this.seen[member.slot] = this.record;
      const next = bytes[to];
      if (next === CLOSE) return this.isWhole() ? to + 1 : NO;
      if (next !== COMMA) return NO;
      before = member;
      from = to + 1;
    }
  }

  private isWhole(): boolean {
    for (const member of this.members.required) if (!this.has(member)) return false;
    for (const [left, right] of this.members.equal) {
      if (this.has(left) && (!this.has(right) || !this.isSame(left, right))) return false;
    }
    return true;
  }

  private isSame(left: Member, right: Member): boolean {
    const [one, other] = [this.from[left.slot] ?? 0, this.from[right.slot] ?? 0];
    const length = (this.to[left.slot] ?? 0) - one;
    if ((this.to[right.slot] ?? 0) - other !== length) return false;
    for (let place = 0; place < length; place++) {
      if (this.bytes[one + place] !== this.bytes[other + place]) return false;
    }
    return true;
  }

  /** The member whose name begins at `at`: most often the one that followed last time. */
  private memberAt(members: Members, before: Member, at: number): Member | null {
    const guess = before.next;
    if (guess !== null && this.isAt(guess.token, at)) return guess;
    if (this.bytes[at] !== QUOTE) return null;
    const limit = Math.min(this.bytes.length, at + MOST_NAME);
    let to = at + 1;
    while (to < limit && this.bytes[to] !== QUOTE) to++;
    const member = members.find(this.bytes.toString('latin1', at + 1, to));
    if (member === null || !this.isAt(member.token, at)) return null;
    before.next = member;
    return member;
  }

  private isAt(token: Uint8Array, at: number): boolean {
    const { bytes } = this;
    for (let place = 0; place < token.length; place++) {
      if (bytes[at + place] !== token[place]) return false;
    }
    return true;
  }

  private valueAt(member: Member, at: number): number {
    const { bytes } = this;
    if (member.kind === KIND.list) return this.listAt(member, at);
    if (member.kind === KIND.array) return bytes[at] === OPEN_BRACKET ? endOfValue(bytes, at) : NO;
    const end = endOfText(bytes, at, member);
    this.from[member.slot] = at + 1;
    this.to[member.slot] = end - 1;
    return end;
  }

  private listAt(member: Member, at: number): number {
    const { bytes } = this;
    const { entry } = member;
    if (entry === null || bytes[at] !== OPEN_BRACKET) return NO;
    if (bytes[at + 1] === CLOSE_BRACKET) return at + 2;
    for (let from = at + 1; ; ) {
      const to = this.entryAt(member, entry, from);
      if (to === NO) return NO;
      const next = bytes[to];
      if (next === CLOSE_BRACKET) return to + 1;
      if (next !== COMMA) return NO;
      from = to + 1;
    }
  }

  private entryAt(list: Member, entry: Members, at: number): number {
    const { bytes, entries } = this;
    if (bytes[at] !== OPEN || !entries.begin(list)) return NO;
    let before = entry.head;
    let required = 0;
    for (let from = at + 1; ; ) {
      const member = this.memberAt(entry, before, from);
      if (member === null) return NO;
      const start = from + member.token.length;
      const to = endOfText(bytes, start, member);
      if (to === NO || !entries.add(member, start + 1, to - 1)) return NO;
      if (entry.required[required] === member) required++;
      const next = bytes[to];
      if (next === CLOSE) return required === entry.required.length ? to + 1 : NO;
      if (next !== COMMA) return NO;
      before = member;
      from = to + 1;
    }
  }
}

/** End of a string of a member's form that begins at `at`: one past its closing quote, or `NO`. */
function endOfText(bytes: Uint8Array, at: number, member: Member): number {
  if (bytes[at] !== QUOTE) return NO;
  const from = at + 1;
  let to = NO;
  switch (member.kind) {
    case KIND.digits:
      to = endOfDigits(bytes, from);
      if (to === from || to - from > member.most) return NO;
      break;
    case KIND.decimal:
      to = endOfDecimal(bytes, from, member.isSigned);
      if (to - from > member.most) return NO;
      break;
    case KIND.capitals:
      to = endOfCapitals(bytes, from, member.most);
      break;
    case KIND.day:
      to = endOfDay(bytes, from);
      break;
    default:
      return endOfString(bytes, at);
  }
  return to !== NO && bytes[to] === QUOTE ? to + 1 : NO;
}

function endOfCapitals(bytes: Uint8Array, at: number, count: number): number {
  for (let to = at; to < at + count; to++) {
    const code = bytes[to] ?? 0;
    if (code < 0x41 || code > 0x5a) return NO;
  }
  return at + count;
}

/** Digits and hyphens only: whether it is a day of the calendar is for the caller to ask. */
function endOfDay(bytes: Uint8Array, at: number): number {
  const isDay =
    endOfDigits(bytes, at) === at + 4 &&
    bytes[at + 4] === HYPHEN &&
    endOfDigits(bytes, at + 5) === at + 7 &&
    bytes[at + 7] === HYPHEN &&
    endOfDigits(bytes, at + 8) === at + DAY_LENGTH;
  return isDay ? at + DAY_LENGTH : NO;
}
