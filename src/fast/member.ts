import { type Literal, literalOf } from './literal.ts';
import type { Form, Shape } from './shape.ts';

/** What a value is, as a number that a switch is quick with. */
export const KIND = {
  text: 0,
  digits: 1,
  decimal: 2,
  capitals: 3,
  day: 4,
  array: 5,
  list: 6,
  type: 7,
} as const satisfies Readonly<Record<Form['kind'] | 'type', number>>;

/** A member of an object as it lies in compact JSON, made ready for comparing bytes. */
export interface Member {
  readonly name: string;
  /** The bytes of `"name":`. */
  readonly token: Literal;
  /** Its place in the scanner's tables. */
  readonly slot: number;
  readonly kind: number;
  /** Most bytes of a string of digits, or the count of capitals. */
  readonly most: number;
  readonly isSigned: boolean;
  /** Members of the entries of a list. */
  readonly entry: Members | null;
  /** The members that followed it lately: the first guesses at what comes next. */
  next: Member | null;
  other: Member | null;
}

/** Most names that are learned by a pattern; what comes beyond them is left to the plain path. */
const MOST_LEARNED = 24;

/** The members of an object by name. Lives as long as its contract: names by pattern are learned. */
export class Members {
  /** Stands before the first member. */
  readonly head: Member;
  readonly required: readonly Member[];
  readonly equal: readonly (readonly [Member, Member])[];
  /** Members that must be days of the calendar. */
  readonly days: readonly Member[];
  /** Members by slot. */
  readonly bySlot: (Member | null)[] = [null];
  private readonly byName = new Map<string, Member>();
  private readonly named: Shape['named'];
  private readonly most: number;

  /** `typeName`: the member that names an entry's type, in the members of an entry. */
  constructor(shape: Shape, typeName: string | null = null) {
    this.head = memberOf('', { slot: 0, form: { kind: 'text' }, token: NOTHING });
    for (const [name, form] of shape.members) {
      const isType = name === typeName && form.kind === 'text';
      this.add(name, isType ? { kind: 'type' } : form);
    }
    this.named = shape.named;
    this.most = this.byName.size + MOST_LEARNED;
    this.days = [...this.byName.values()].filter(({ kind }) => kind === KIND.day);
    this.required = shape.required.flatMap((name) => this.byName.get(name) ?? []);
    this.equal = shape.equal.flatMap(([name, other]) => {
      const [left, right] = [this.byName.get(name), this.byName.get(other)];
      return left === undefined || right === undefined ? [] : [[left, right] as const];
    });
  }

  /** The member of this name; null when it is not known. */
  find(name: string): Member | null {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const isNew = this.named?.pattern.test(name) && this.byName.size < this.most;
    return isNew && this.named !== null ? this.add(name, this.named.form) : null;
  }

  /** How many places the scanner's tables need: that of the head, of the known, of the learned. */
  get size(): number {
    return this.most + 1;
  }

  private add(name: string, form: Form | { readonly kind: 'type' }): Member | null {
    const token = literalOf(`"${name}":`);
    if (token === null) return null;
    const member = memberOf(name, { slot: this.bySlot.length, form, token });
    this.byName.set(name, member);
    this.bySlot.push(member);
    return member;
  }
}

/** Of what names the type of an entry (AdsActionStats). */
const TYPE_NAME = 'action_type';

const NOTHING: Literal = { length: 0, words: new Int32Array(0), tail: 0, tailAt: 0 };

function memberOf(
  name: string,
  of: {
    readonly slot: number;
    readonly form: Form | { readonly kind: 'type' };
    readonly token: Literal;
  },
): Member {
  const { form, slot, token } = of;
  return {
    name,
    token,
    slot,
    kind: KIND[form.kind],
    most: form.kind === 'capitals' ? form.count : 'most' in form ? form.most : 0,
    isSigned: form.kind === 'decimal' && form.isSigned,
    entry: form.kind === 'list' ? new Members(form.entry, TYPE_NAME) : null,
    next: null,
    other: null,
  };
}
