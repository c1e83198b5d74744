import { formatCell } from '../csv.ts';
import { EVENTS, type EventNames, LEAD_PARTS, LEADS } from '../platforms/meta/events.ts';
import { CUSTOM, eventName } from '../platforms/meta/pixel-events.ts';
import { type Constant, constant } from './csv-bytes.ts';
import { isAt, type Literal, literalOf } from './literal.ts';

/** Every counted event by name, leads included, in the order of their numbers. */
export const EVENT_NAMES: readonly string[] = [...Object.keys(EVENTS), 'leads'];

const NAMES: readonly EventNames[] = [...Object.values(EVENTS), LEADS];

/** What is known of an action type before any figure of it. */
export interface ActionType {
  readonly name: string;
  /** Its number: the place in `ActionTypes.all`. */
  readonly id: number;
  /** Its bytes with the quote that ends them, ready to be compared; null when that cannot be done. */
  readonly bytes: Literal | null;
  /** Number of the event it counts or stands for, -1 when of none. */
  readonly event: number;
  /** Its place in the cascade of that event; -1 for a mere alias. */
  readonly rank: number;
  /** 1 and 2 for the parts of a lead, else 0. */
  readonly leadPart: number;
  /** Name of its pixel event, or null. */
  readonly pixelEvent: string | null;
  readonly isNamedCustom: boolean;
  readonly isCustom: boolean;
  readonly isLinkClick: boolean;
  /** The name as a cell, as a key of a JSON object in a cell, and its pixel event as such a key. */
  readonly cell: Constant;
  readonly key: Constant;
  readonly pixelKey: Constant | null;
  /** The types that followed it lately: the first guesses at what comes next. */
  next: ActionType | null;
  other: ActionType | null;
}

/** Most types that are kept in mind; then all are forgotten. */
const MOST_TYPES = 20_000;

/** Action types by the bytes they are written in. */
export class ActionTypes {
  /** Stands before the first type of a list. */
  head = typeOf('', -1);
  /** Types by number. */
  readonly all: ActionType[] = [];
  private readonly byName = new Map<string, ActionType>();

  /** The guess at what follows `before` that is right for the bytes at `at`; null when none is. */
  guess(before: ActionType, view: DataView, at: number): ActionType | null {
    const { next, other } = before;
    if (next?.bytes != null && isAt(view, next.bytes, at)) return next;
    return other?.bytes != null && isAt(view, other.bytes, at) ? other : null;
  }

  /** The type of this name in a list after `before`. */
  after(before: ActionType, name: string): ActionType {
    const type = this.find(name);
    before.other = before.next;
    before.next = type;
    return type;
  }

  /** The type of this name. */
  find(name: string): ActionType {
    const known = this.byName.get(name);
    if (known !== undefined) return known;
    const type = typeOf(name, this.all.length);
    this.all.push(type);
    this.byName.set(name, type);
    return type;
  }

  /** Forgets all types when there are too many. Their numbers are given anew: between records only. */
  trim(): void {
    if (this.all.length < MOST_TYPES) return;
    this.all.length = 0;
    this.byName.clear();
    this.head = typeOf('', -1);
  }
}

function typeOf(name: string, id: number): ActionType {
  const pixelEvent = eventName(name);
  const event = NAMES.findIndex(({ cascade, aliases }) => [...cascade, ...aliases].includes(name));
  return {
    name,
    id,
    bytes: literalOf(`${name}"`),
    event,
    rank: NAMES[event]?.cascade.indexOf(name) ?? -1,
    leadPart: (LEAD_PARTS as readonly string[]).indexOf(name) + 1,
    pixelEvent,
    isNamedCustom: name.startsWith(`${CUSTOM}.`),
    isCustom: name === CUSTOM,
    isLinkClick: name === 'link_click',
    cell: constant(formatCell(name)),
    key: keyOf(name),
    pixelKey: pixelEvent === null ? null : keyOf(pixelEvent),
    next: null,
    other: null,
  };
}

/** A key of a JSON object, with its colon, in a quoted cell: every quote is written twice. */
export function keyOf(name: string): Constant {
  return constant(`${JSON.stringify(name).replaceAll('"', '""')}:`);
}
