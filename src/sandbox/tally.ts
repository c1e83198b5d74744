/**
 * A tally is one flat list of whole numbers: counters, conversions by event, channel and class, and
 * the parts from which reach is made. All but reach add up; whole numbers keep the sums exact.
 */
export type Tally = Float64Array;

/** Places of the plain counters. */
export const COUNTER = {
  impressions: 0,
  spend: 1,
  clicks: 2,
  linkClicks: 3,
  outbound: 4,
  landingPageViews: 5,
  reactions: 6,
  comments: 7,
  shares: 8,
  saves: 9,
  likes: 10,
  plays: 11,
  views: 12,
  p25: 13,
  p50: 14,
  p75: 15,
  p95: 16,
  p100: 17,
  thruplays: 18,
  uniqueClicks: 19,
} as const;

/** How many plain counters there are. */
export const COUNTERS = 20;

/** Events that arrive from outside the ad itself: counted by channel, window and delay. */
export const EVENTS = [
  'purchase',
  'view_content',
  'add_to_cart',
  'initiate_checkout',
  'lead',
  'complete_registration',
  'custom',
] as const;

/** The name of an off-platform event. */
export type EventName = (typeof EVENTS)[number];

/** How an event arrived: on the website, on Meta itself, in an app. */
export const CHANNELS = ['web', 'meta', 'app'] as const;

/**
 * Why an event is credited: a click up to 1, 7 or 28 days before (each class without the shorter
 * one), a view or an engaged view up to 1 day before.
 */
export const CLASSES = ['click1', 'click7', 'click28', 'view1', 'engaged1'] as const;

const PER_EVENT = CHANNELS.length * CLASSES.length;
const ITEMS = COUNTERS;
const REACH_SUM = ITEMS + 1;
const REACH_MAX = REACH_SUM + 1;
const UNIQUE_SUM = REACH_MAX + 1;
const UNIQUE_MAX = UNIQUE_SUM + 1;
/** What follows is about events: nothing of it is there, or it is all 0, when there are none. */
const COUNT_BASE = UNIQUE_MAX + 1;
const AMOUNT_BASE = COUNT_BASE + EVENTS.length * PER_EVENT;
const CREDIT_BASE = AMOUNT_BASE + PER_EVENT;
const CREDIT_AMOUNT_BASE = CREDIT_BASE + EVENTS.length * CHANNELS.length;
const LENGTH = CREDIT_AMOUNT_BASE + CHANNELS.length;

/** Share of the people that further parts reach who are new: what keeps reach below the sum. */
const NEW_PEOPLE_SHARE = 0.6;

/** An empty tally, to be added to. */
export function emptyTally(): Tally {
  return new Float64Array(LENGTH);
}

/** Adds `part` into `into`; reach remembers its sum and its largest part. */
export function addTally(into: Tally, part: Tally): void {
  for (let place = 0; place <= ITEMS; place++) into[place] = at(into, place) + at(part, place);
  into[REACH_SUM] = at(into, REACH_SUM) + at(part, REACH_SUM);
  into[REACH_MAX] = Math.max(at(into, REACH_MAX), at(part, REACH_MAX));
  into[UNIQUE_SUM] = at(into, UNIQUE_SUM) + at(part, UNIQUE_SUM);
  into[UNIQUE_MAX] = Math.max(at(into, UNIQUE_MAX), at(part, UNIQUE_MAX));
  if (!hasAnyEvents(part)) return;
  for (let place = COUNT_BASE; place < LENGTH; place++)
    into[place] = at(into, place) + at(part, place);
}

/** True when any event is credited. */
export function hasAnyEvents(tally: Tally): boolean {
  return at(tally, ITEMS) > 0;
}

/** The same figures in a fifth of the room when there are no events: nothing more is added to it. */
export function packed(tally: Tally): Tally {
  return hasAnyEvents(tally) ? tally : tally.slice(0, COUNT_BASE);
}

/** One credited event, or a bundle of equal ones. */
export interface Credit {
  readonly event: number;
  readonly channel: number;
  readonly class: number;
  readonly count: number;
  /** Minor units for the whole bundle; 0 for events without a value. */
  readonly amount: number;
}

/** Adds an event to a tally; `inValue` says whether the ad set's own setting counts it. */
export function addCredit(tally: Tally, credit: Credit, inValue: boolean): void {
  const place = credit.channel * CLASSES.length + credit.class;
  add(tally, COUNT_BASE + credit.event * PER_EVENT + place, credit.count);
  add(tally, ITEMS, credit.count);
  if (credit.event === 0) add(tally, AMOUNT_BASE + place, credit.amount);
  if (!inValue) return;
  add(tally, CREDIT_BASE + credit.event * CHANNELS.length + credit.channel, credit.count);
  if (credit.event === 0) add(tally, CREDIT_AMOUNT_BASE + credit.channel, credit.amount);
}

/** Sets the people reached and the people who clicked of one ad on one day (or in one cell of it). */
export function setPeople(tally: Tally, reach: number, uniqueClicks: number): void {
  tally[REACH_SUM] = reach;
  tally[REACH_MAX] = reach;
  tally[UNIQUE_SUM] = uniqueClicks;
  tally[UNIQUE_MAX] = uniqueClicks;
}

/** People reached by everything in the tally: at least the largest part, less than the sum of parts. */
export function reachOf(tally: Tally): number {
  return merged(at(tally, REACH_SUM), at(tally, REACH_MAX));
}

/** People who clicked, merged as reach is. */
export function uniqueClicksOf(tally: Tally): number {
  return merged(at(tally, UNIQUE_SUM), at(tally, UNIQUE_MAX));
}

/** Events of a class and channel. */
export function eventCount(tally: Tally, event: number, channel: number, cls: number): number {
  return at(tally, COUNT_BASE + event * PER_EVENT + channel * CLASSES.length + cls);
}

/** True when any event of that kind arrived by the channel. */
export function hasEvents(tally: Tally, event: number, channel: number): boolean {
  const base = COUNT_BASE + event * PER_EVENT + channel * CLASSES.length;
  for (let cls = 0; cls < CLASSES.length; cls++) if (at(tally, base + cls) > 0) return true;
  return false;
}

/** Purchase value of a class and channel, minor units. */
export function purchaseAmount(tally: Tally, channel: number, cls: number): number {
  return at(tally, AMOUNT_BASE + channel * CLASSES.length + cls);
}

/** Events that the ad set's own attribution setting counts. */
export function creditedCount(tally: Tally, event: number, channel: number): number {
  return at(tally, CREDIT_BASE + event * CHANNELS.length + channel);
}

/** Purchase value that the ad set's own attribution setting counts, minor units. */
export function creditedAmount(tally: Tally, channel: number): number {
  return at(tally, CREDIT_AMOUNT_BASE + channel);
}

/** True when anything happened: only then does the API give a row. */
export function isRow(tally: Tally): boolean {
  return at(tally, COUNTER.impressions) > 0 || at(tally, COUNTER.spend) > 0 || at(tally, ITEMS) > 0;
}

/** The number at a place; a place that does not exist counts as 0. */
export function at(tally: ArrayLike<number>, place: number): number {
  return tally[place] ?? 0;
}

function add(tally: Tally, place: number, amount: number): void {
  tally[place] = at(tally, place) + amount;
}

function merged(sum: number, largest: number): number {
  return largest + Math.floor((sum - largest) * NEW_PEOPLE_SHARE);
}
