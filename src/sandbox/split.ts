import type { AdDay } from './ad-day.ts';
import type { Cell, Family } from './cell.ts';
import { totalsOf } from './cell.ts';
import { indexOf, mix, saltOf, uniform } from './random.ts';
import {
  addCredit,
  at,
  CLASSES,
  COUNTER,
  COUNTERS,
  emptyTally,
  isRow,
  setPeople,
  type Tally,
} from './tally.ts';
import type { Ad } from './tree.ts';

/** A part of an ad's day: the whole of it, or one breakdown cell. */
export interface Part {
  readonly cell: Cell | undefined;
  /** Good until the next part is asked for: it is added up and not kept. */
  readonly tally: Tally;
}

/** Each counter is spread over cells in proportion to another, so that it never exceeds it there. */
const SPREAD_AFTER: readonly (readonly [counter: number, after: number])[] = [
  [COUNTER.spend, COUNTER.impressions],
  [COUNTER.clicks, COUNTER.impressions],
  [COUNTER.linkClicks, COUNTER.clicks],
  [COUNTER.outbound, COUNTER.linkClicks],
  [COUNTER.landingPageViews, COUNTER.outbound],
  [COUNTER.uniqueClicks, COUNTER.clicks],
  [COUNTER.reactions, COUNTER.clicks],
  [COUNTER.comments, COUNTER.clicks],
  [COUNTER.shares, COUNTER.clicks],
  [COUNTER.saves, COUNTER.clicks],
  [COUNTER.likes, COUNTER.clicks],
  [COUNTER.plays, COUNTER.impressions],
  [COUNTER.views, COUNTER.plays],
  [COUNTER.p25, COUNTER.views],
  [COUNTER.p50, COUNTER.p25],
  [COUNTER.p75, COUNTER.p50],
  [COUNTER.p95, COUNTER.p75],
  [COUNTER.p100, COUNTER.p95],
  [COUNTER.thruplays, COUNTER.views],
];

/** People are seen in several cells: the cells of a day reach more people together than the day. */
const SEEN_TWICE = 1.1;

/** The whole of an ad's day as one tally. */
export function wholeOf(ad: Ad, adDay: AdDay): Part {
  const tally = blank(0);
  for (let place = 0; place < COUNTERS; place++) tally[place] = at(adDay.counts, place);
  for (const conversion of adDay.conversions) {
    addCredit(tally, conversion, isCredited(ad, conversion.class));
  }
  setPeople(tally, adDay.reach, at(adDay.counts, COUNTER.uniqueClicks));
  return { cell: undefined, tally };
}

/** An ad's day cut into the cells of a family; the cells add up to the whole exactly. */
export function cellsOf(ad: Ad, adDay: AdDay, family: Family): readonly Part[] {
  const totals = bentTotals(family, ad);
  const tallies = family.cells.map((_, place) => blank(place));
  const turn = uniform(ad.salt, at(adDay.counts, COUNTER.impressions), 61);
  spreadByShare(tallies, at(adDay.counts, COUNTER.impressions), { totals, turn });
  for (const [counter, after] of SPREAD_AFTER) {
    spreadAfter(tallies, at(adDay.counts, counter), { counter, after, turn });
  }
  spreadConversions(ad, adDay, { tallies, totals, salt: saltOf(family.name) });
  spreadPeople(tallies, adDay);
  const parts: Part[] = [];
  for (const [place, tally] of tallies.entries()) {
    if (isRow(tally)) parts.push({ cell: family.cells[place], tally });
  }
  return parts;
}

/** Tallies that every ad's day is cut into in turn: new ones for each would be most of the work. */
const blanks: Tally[] = [];

function blank(place: number): Tally {
  const known = blanks[place];
  if (known !== undefined) return known.fill(0);
  const fresh = emptyTally();
  blanks[place] = fresh;
  return fresh;
}

/** The same for every day of an ad. Only speed hangs on it. */
const totalsByAd = new WeakMap<Ad, Map<Family, Float64Array>>();

function bentTotals(family: Family, ad: Ad): Float64Array {
  const ofAd = totalsByAd.get(ad) ?? new Map<Family, Float64Array>();
  totalsByAd.set(ad, ofAd);
  const totals = ofAd.get(family) ?? totalsOf(family, ad.salt);
  ofAd.set(family, totals);
  return totals;
}

function spreadByShare(
  tallies: readonly Tally[],
  total: number,
  by: { readonly totals: Float64Array; readonly turn: number },
): void {
  let before = 0;
  for (const [place, tally] of tallies.entries()) {
    const upTo = Math.floor(total * at(by.totals, place) + by.turn);
    tally[COUNTER.impressions] = upTo - before;
    before = upTo;
  }
}

function spreadAfter(
  tallies: readonly Tally[],
  total: number,
  by: { readonly counter: number; readonly after: number; readonly turn: number },
): void {
  if (total === 0) return;
  let whole = 0;
  for (const tally of tallies) whole += at(tally, by.after);
  let running = 0;
  let before = 0;
  for (const tally of tallies) {
    running += at(tally, by.after);
    const upTo = Math.floor((total * running) / whole + by.turn);
    tally[by.counter] = upTo - before;
    before = upTo;
  }
}

function spreadConversions(
  ad: Ad,
  adDay: AdDay,
  to: { readonly tallies: readonly Tally[]; readonly totals: Float64Array; readonly salt: number },
): void {
  for (const conversion of adDay.conversions) {
    const tally = to.tallies[indexOf(to.totals, uniform(mix(conversion.salt, to.salt), 62))];
    if (tally !== undefined) addCredit(tally, conversion, isCredited(ad, conversion.class));
  }
}

function spreadPeople(tallies: readonly Tally[], adDay: AdDay): void {
  const impressions = at(adDay.counts, COUNTER.impressions);
  for (const tally of tallies) {
    const seen = at(tally, COUNTER.impressions);
    const reach =
      impressions === 0 ? 0 : Math.ceil((seen * adDay.reach * SEEN_TWICE) / impressions);
    setPeople(tally, Math.min(seen, reach), at(tally, COUNTER.uniqueClicks));
  }
}

/** True when the ad set's own attribution setting counts a conversion of that class. */
function isCredited(ad: Ad, cls: number): boolean {
  const name = CLASSES[cls];
  if (name === 'click1') return true;
  return ad.adSet.attribution === '7d_click_1d_view' && (name === 'click7' || name === 'view1');
}
