import { EVENTS, type EventNames, LEAD_PARTS, LEADS } from '../platforms/meta/events.ts';
import { CUSTOM, eventName } from '../platforms/meta/pixel-events.ts';

/** Every counted event by name, leads included, in the order of their numbers. */
export const EVENT_NAMES: readonly string[] = [...Object.keys(EVENTS), 'leads'];

const NAMES: readonly EventNames[] = [...Object.values(EVENTS), LEADS];

/** What is known of an action type before any figure of it. */
export interface ActionType {
  readonly name: string;
  readonly bytes: Uint8Array;
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
  /** The type that followed it last time: the first guess at what comes next. */
  next: ActionType | null;
}

/** Most types that are kept in mind. */
const MOST_TYPES = 5_000;

/** Action types by the bytes they are written in. */
export class ActionTypes {
  /** Stands before the first type of a list. */
  readonly head = typeOf('');
  private readonly byName = new Map<string, ActionType>();

  /** The type written at `from` to `to`, which holds no escape, in a list after `before`. */
  after(
    before: ActionType,
    bytes: Buffer,
    span: { readonly from: number; readonly to: number },
  ): ActionType {
    const { from, to } = span;
    const guess = before.next;
    if (guess !== null && to - from === guess.bytes.length && isAt(guess.bytes, bytes, from))
      return guess;
    const name = bytes.toString('utf8', from, to);
    const type = this.byName.get(name) ?? typeOf(name);
    if (this.byName.size < MOST_TYPES) this.byName.set(name, type);
    before.next = type;
    return type;
  }
}

function isAt(known: Uint8Array, bytes: Uint8Array, from: number): boolean {
  for (let place = 0; place < known.length; place++) {
    if (known[place] !== bytes[from + place]) return false;
  }
  return true;
}

function typeOf(name: string): ActionType {
  const event = NAMES.findIndex(({ cascade, aliases }) => [...cascade, ...aliases].includes(name));
  return {
    name,
    bytes: new Uint8Array(Buffer.from(name)),
    event,
    rank: NAMES[event]?.cascade.indexOf(name) ?? -1,
    leadPart: (LEAD_PARTS as readonly string[]).indexOf(name) + 1,
    pixelEvent: eventName(name),
    isNamedCustom: name.startsWith(`${CUSTOM}.`),
    isCustom: name === CUSTOM,
    isLinkClick: name === 'link_click',
    next: null,
  };
}
