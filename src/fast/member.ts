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
} as const satisfies Readonly<Record<Form['kind'], number>>;

/** A member of an object as it lies in compact JSON, made ready for comparing bytes. */
export interface Member {
  readonly name: string;
  /** The bytes of `"name":`. */
  readonly token: Uint8Array;
  /** Its place in the scanner's tables. */
  readonly slot: number;
  readonly kind: number;
  /** Most bytes of a string of digits, or the count of capitals. */
  readonly most: number;
  readonly isSigned: boolean;
  /** Members of the entries of a list. */
  readonly entry: Members | null;
  /** The member that followed it the last time: the first guess at what comes next. */
  next: Member | null;
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
  private readonly byName = new Map<string, Member>();
  private readonly named: Shape['named'];
  private readonly most: number;

  constructor(shape: Shape) {
    this.head = makeMember('', { slot: 0, form: { kind: 'text' } });
    for (const [name, form] of shape.members) this.add(name, form);
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

  private add(name: string, form: Form): Member {
    const member = makeMember(name, { slot: this.byName.size + 1, form });
    this.byName.set(name, member);
    return member;
  }
}

function makeMember(name: string, of: { readonly slot: number; readonly form: Form }): Member {
  const { form, slot } = of;
  return {
    name,
    token: new Uint8Array(Buffer.from(`"${name}":`)),
    slot,
    kind: KIND[form.kind],
    most: form.kind === 'capitals' ? form.count : 'most' in form ? form.most : 0,
    isSigned: form.kind === 'decimal' && form.isSigned,
    entry: form.kind === 'list' ? new Members(form.entry) : null,
    next: null,
  };
}
