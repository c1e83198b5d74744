import { isZero, sumOf } from '../decimal.ts';
import { type ActionType, EVENT_NAMES } from './action-type.ts';
import { textAt } from './column.ts';
import { Figures, NONE } from './figures.ts';
import type { Member, Members } from './member.ts';
import type { Scanner } from './scan.ts';

/** Numbers of two events. */
export const PURCHASES = EVENT_NAMES.indexOf('purchases');
/** See `PURCHASES`. */
export const LEADS = EVENT_NAMES.indexOf('leads');

/** A list of a record: its entries, from `first` to `end`. */
export interface ListAt {
  readonly members: Members | null;
  first: number;
  end: number;
}

/** What a record counts, by event. Holds for the record that was read last. */
export class Counted {
  readonly figures: Figures;
  readonly actions: ListAt;
  readonly values: ListAt;
  readonly conversions: ListAt;
  /** By number of the event: the entry of the first name in its cascade that is there, or `NONE`. */
  readonly found = new Int32Array(EVENT_NAMES.length);
  /** The entry of clicks on links, or `NONE`. */
  linkClick = NONE;
  /** The entry of the value of purchases, or `NONE`. */
  purchaseValue = NONE;
  /** Bits of the windows that were seen in actions and their values. */
  seen = 0;
  /** True when the row came with metrics, so that what is absent did not happen. */
  isMeasured = false;
  /** True when purchases without a value are known to have none. */
  hasNoValue = false;
  /** The sum of the two parts of leads where it is the count; undefined where it is not. */
  leadSum: string | null | undefined = undefined;
  private readonly scanner: Scanner;
  private readonly members: {
    readonly impressions: Member | null;
    readonly actions: Member | null;
    readonly values: Member | null;
    readonly conversions: Member | null;
  };
  /** Entries of the parts of a lead. */
  private readonly parts = new Int32Array(3);
  private readonly ranks = new Int32Array(EVENT_NAMES.length);

  constructor(scanner: Scanner) {
    this.scanner = scanner;
    this.figures = new Figures(scanner);
    const find = (name: string) => scanner.members.find(name);
    this.members = {
      impressions: find('impressions'),
      actions: find('actions'),
      values: find('action_values'),
      conversions: find('conversions'),
    };
    this.actions = listOf(this.members.actions);
    this.values = listOf(this.members.values);
    this.conversions = listOf(this.members.conversions);
  }

  /** Reads the lists of the record; false when only the plain path can. `isApi`: see `Lineage.source`. */
  read(isApi: boolean): boolean {
    const { figures, members } = this;
    if (!this.readList(members.conversions, this.conversions)) return false;
    figures.windows = 0;
    if (!this.readList(members.actions, this.actions)) return false;
    if (!this.readList(members.values, this.values)) return false;
    this.seen = figures.windows;
    this.findEvents();
    this.purchaseValue = this.findIn(this.values);
    this.isMeasured = this.has(members.impressions) || this.has(members.actions);
    this.leadSum = this.sumOfLeads();
    this.hasNoValue = isApi || this.has(members.values) || this.isNothing();
    return true;
  }

  /** Reads a list of its own; false when only the plain path can. */
  readList(member: Member | null, list: ListAt): boolean {
    list.first = 0;
    list.end = 0;
    if (member === null || list.members === null || !this.scanner.has(member)) return true;
    list.first = this.scanner.start(member);
    list.end = this.scanner.end(member);
    return this.figures.read(list.members, list.first, list.end);
  }

  /** The type of an entry. */
  typeOf(entry: number): ActionType {
    const { types, entries } = this.scanner;
    return types.all[entries.type[entry] ?? 0] ?? types.head;
  }

  /** Text of a value by its place; null of none. */
  textOf(at: number): string | null {
    const { entries, view } = this.scanner;
    return at === NONE ? null : textAt(view, entries.from[at] ?? 0, entries.to[at] ?? 0);
  }

  has(member: Member | null): boolean {
    return member !== null && this.scanner.has(member);
  }

  private findEvents(): void {
    const { found, ranks, parts, actions } = this;
    found.fill(NONE);
    parts.fill(NONE);
    this.linkClick = NONE;
    for (let entry = actions.first; entry < actions.end; entry++) {
      const { event, rank, leadPart, isLinkClick } = this.typeOf(entry);
      if (isLinkClick) this.linkClick = entry;
      if (event < 0 || rank < 0) continue;
      if (leadPart > 0) parts[leadPart] = entry;
      if (found[event] !== NONE && (ranks[event] ?? 0) <= rank) continue;
      found[event] = entry;
      ranks[event] = rank;
    }
  }

  private findIn(list: ListAt): number {
    let best = NONE;
    let least = Number.MAX_SAFE_INTEGER;
    for (let entry = list.first; entry < list.end; entry++) {
      const { event, rank } = this.typeOf(entry);
      if (event !== PURCHASES || rank < 0 || rank >= least) continue;
      best = entry;
      least = rank;
    }
    return best;
  }

  /** Leads that come in both ways are the one sum that is allowed. */
  private sumOfLeads(): string | null | undefined {
    const lead = this.found[LEADS] ?? NONE;
    if (lead === NONE || this.typeOf(lead).name === 'lead') return undefined;
    const [, onMeta = NONE, onSite = NONE] = this.parts;
    if (onMeta === NONE || onSite === NONE) return undefined;
    const [one, other] = [onMeta, onSite].map((entry) =>
      this.textOf(this.figures.value[entry] ?? NONE),
    );
    return one == null || other == null ? null : sumOf([one, other]);
  }

  /** True when the row says that there was no purchase. */
  private isNothing(): boolean {
    const entry = this.found[PURCHASES] ?? NONE;
    if (entry === NONE) return this.isMeasured;
    const count = this.textOf(this.figures.value[entry] ?? NONE);
    return count !== null && isZero(count);
  }
}

function listOf(member: Member | null): ListAt {
  return { members: member?.entry ?? null, first: 0, end: 0 };
}
