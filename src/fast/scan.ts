import { type ActionType, ActionTypes } from './action-type.ts';
import { Entries } from './entries.ts';
import { isAt } from './literal.ts';
import { KIND, type Member, type Members } from './member.ts';
import { Room } from './room.ts';
import { endOfDecimal, endOfDigits, endOfString, endOfValue, NO } from './value.ts';

const QUOTE = 0x22;
const COMMA = 0x2c;
const HYPHEN = 0x2d;
const OPEN_BRACKET = 0x5b;
const BACKSLASH = 0x5c;
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
  readonly types = new ActionTypes();
  /**
   * By slot, where `has` is true: where the value of a member lies, without quotes; of a list, the
   * place of its first entry and of the one after its last.
   */
  readonly from: Int32Array;
  readonly to: Int32Array;
  /** True when a member, or the type of an entry, came twice. */
  hasTwins = false;
  /** What it reads from. */
  view = new Room().view;
  /** The entries of all lists of the record, in order, and their amounts. */
  readonly entries = new Entries();
  private readonly seen: Int32Array;
  private record = 0;
  private room = new Room();

  constructor(members: Members) {
    this.members = members;
    this.from = new Int32Array(members.size);
    this.to = new Int32Array(members.size);
    this.seen = new Int32Array(members.size);
  }

  /** Has it read from this room, whose bytes may change between records. */
  use(room: Room): void {
    this.room = room;
    this.view = room.view;
  }

  /** True when the record that was read last has the member. */
  has(member: Member): boolean {
    return this.seen[member.slot] === this.record;
  }

  /** Where the value of a member begins, and one past its end. */
  start(member: Member): number {
    return this.from[member.slot] ?? 0;
  }

  end(member: Member): number {
    return this.to[member.slot] ?? 0;
  }

  /** The text of a member's value as it lies there, escapes and all; ASCII is taken for granted. */
  text(member: Member): string {
    return this.room.bytes.toString('latin1', this.from[member.slot], this.to[member.slot]);
  }

  /**
   * Reads the record that begins at `at`. Gives its end when it is sure that the record keeps the
   * contract, else `NO`. Of a member that comes twice the last counts, as in `JSON.parse`.
   */
  read(at: number): number {
    const { view, members } = this;
    this.record++;
    this.hasTwins = false;
    this.entries.clear();
    this.types.trim();
    if (view.getUint8(at) !== OPEN) return NO;
    let before = members.head;
    for (let from = at + 1; ; ) {
      const member = this.memberAt(members, before, from);
      if (member === null) return NO;
      const to = this.valueAt(member, from + member.token.length);
      if (to === NO) return NO;
      if (this.seen[member.slot] === this.record) this.hasTwins = true;
      this.seen[member.slot] = this.record;
      const next = view.getUint8(to);
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
    const { view } = this;
    const [one, other] = [this.start(left), this.start(right)];
    const length = this.end(left) - one;
    if (this.end(right) - other !== length) return false;
    for (let place = 0; place < length; place++) {
      if (view.getUint8(one + place) !== view.getUint8(other + place)) return false;
    }
    return true;
  }

  /** The member whose name begins at `at`: most often one of those that followed lately. */
  private memberAt(members: Members, before: Member, at: number): Member | null {
    const { view } = this;
    const { next, other } = before;
    if (next !== null && isAt(view, next.token, at)) return next;
    if (other !== null && isAt(view, other.token, at)) return other;
    return this.memberByName(members, before, at);
  }

  private memberByName(members: Members, before: Member, at: number): Member | null {
    const { view } = this;
    if (view.getUint8(at) !== QUOTE) return null;
    const limit = Math.min(this.room.size, at + MOST_NAME);
    let to = at + 1;
    while (to < limit && view.getUint8(to) !== QUOTE) to++;
    const member = members.find(this.room.bytes.toString('latin1', at + 1, to));
    if (member === null || !isAt(view, member.token, at)) return null;
    before.other = before.next;
    before.next = member;
    return member;
  }

  private valueAt(member: Member, at: number): number {
    const { view } = this;
    if (member.kind === KIND.list) return this.listAt(member, at);
    if (member.kind === KIND.array) {
      return view.getUint8(at) === OPEN_BRACKET ? endOfValue(view, at) : NO;
    }
    const end = endOfText(view, at, member);
    this.from[member.slot] = at + 1;
    this.to[member.slot] = end - 1;
    return end;
  }

  private listAt(member: Member, at: number): number {
    const { view, entries } = this;
    const { entry } = member;
    if (entry === null || view.getUint8(at) !== OPEN_BRACKET) return NO;
    this.from[member.slot] = entries.count;
    this.to[member.slot] = entries.count;
    if (view.getUint8(at + 1) === CLOSE_BRACKET) return at + 2;
    let before = this.types.head;
    for (let from = at + 1; ; ) {
      const to = this.entryAt(entry, before, from);
      if (to === NO) return NO;
      const next = view.getUint8(to);
      if (next === CLOSE_BRACKET) {
        this.to[member.slot] = entries.count;
        return to + 1;
      }
      if (next !== COMMA) return NO;
      before = this.types.all[entries.type[entries.count - 1] ?? 0] ?? before;
      from = to + 1;
    }
  }

  private entryAt(entry: Members, after: ActionType, at: number): number {
    const { view, entries } = this;
    if (view.getUint8(at) !== OPEN || !entries.begin()) return NO;
    let before = entry.head;
    let required = 0;
    for (let from = at + 1; ; ) {
      const member = this.memberAt(entry, before, from);
      if (member === null) return NO;
      const start = from + member.token.length;
      const to =
        member.kind === KIND.type ? this.typeAt(after, start) : endOfText(view, start, member);
      if (to === NO) return NO;
      if (member.kind !== KIND.type && !entries.add(member.slot, start + 1, to - 1)) return NO;
      if (entry.required[required] === member) required++;
      const next = view.getUint8(to);
      if (next === CLOSE) return required === entry.required.length ? to + 1 : NO;
      if (next !== COMMA) return NO;
      before = member;
      from = to + 1;
    }
  }

  /** Reads the name of an entry's type. One with an escape in it has no number. */
  private typeAt(after: ActionType, at: number): number {
    const { view, entries, types } = this;
    if (view.getUint8(at) !== QUOTE) return NO;
    const guess = types.guess(after, view, at + 1);
    if (guess !== null) {
      if (!entries.name(guess.id)) this.hasTwins = true;
      return at + 1 + (guess.bytes?.length ?? 0);
    }
    const to = endOfString(view, at);
    if (to === NO) return NO;
    if (hasEscape(view, at, to)) this.hasTwins = true;
    else {
      const type = types.after(after, this.room.bytes.toString('utf8', at + 1, to - 1));
      if (!entries.name(type.id)) this.hasTwins = true;
    }
    return to;
  }
}

function hasEscape(view: DataView, from: number, to: number): boolean {
  for (let at = from; at < to; at++) if (view.getUint8(at) === BACKSLASH) return true;
  return false;
}

/** End of a string of a member's form that begins at `at`: one past its closing quote, or `NO`. */
function endOfText(view: DataView, at: number, member: Member): number {
  if (view.getUint8(at) !== QUOTE) return NO;
  const from = at + 1;
  let to = NO;
  switch (member.kind) {
    case KIND.digits:
      to = endOfDigits(view, from);
      if (to === from || to - from > member.most) return NO;
      break;
    case KIND.decimal:
      to = endOfDecimal(view, from, member.isSigned);
      if (to - from > member.most) return NO;
      break;
    case KIND.capitals:
      to = endOfCapitals(view, from, member.most);
      break;
    case KIND.day:
      to = endOfDay(view, from);
      break;
    default:
      return endOfString(view, at);
  }
  return to !== NO && view.getUint8(to) === QUOTE ? to + 1 : NO;
}

function endOfCapitals(view: DataView, at: number, count: number): number {
  for (let to = at; to < at + count; to++) {
    const code = view.getUint8(to);
    if (code < 0x41 || code > 0x5a) return NO;
  }
  return at + count;
}

/** Digits and hyphens only: whether it is a day of the calendar is for the caller to ask. */
function endOfDay(view: DataView, at: number): number {
  const isDay =
    endOfDigits(view, at) === at + 4 &&
    view.getUint8(at + 4) === HYPHEN &&
    endOfDigits(view, at + 5) === at + 7 &&
    view.getUint8(at + 7) === HYPHEN &&
    endOfDigits(view, at + 8) === at + DAY_LENGTH;
  return isDay ? at + DAY_LENGTH : NO;
}
