import type { Day } from './calendar.ts';
import { type Conversion, conversionsOf, LONGEST_DAYS } from './conversion.ts';
import { deliveryOf } from './delivery.ts';
import { mix, uniform } from './random.ts';
import { at, COUNTER, COUNTERS } from './tally.ts';
import type { Ad } from './tree.ts';

/** What the API knows on some day of one ad on one day, before it is put into rows. */
export interface AdDay {
  /** One number per counter; all 0 on a day without delivery. */
  readonly counts: ArrayLike<number>;
  readonly conversions: readonly Conversion[];
  /** People reached, people who clicked. */
  readonly reach: number;
}

/** Thousandths of a day's delivery that are already reported when it is 0, 1 and 2 days old. */
const REPORTED = [500, 985, 997] as const;
/** Days kept per ad before its memory is cleared. */
const REMEMBERED_DAYS = 600;

const NOTHING: ArrayLike<number> = new Int32Array(COUNTERS);

interface Drawn {
  readonly counts: Int32Array | undefined;
  /** Conversions by delay; most days have few delays. */
  readonly byDelay: ReadonlyMap<number, readonly Conversion[]>;
}

/** Remembers what was drawn. Only speed depends on it; a draw is the same every time. */
const memory = new WeakMap<Ad, Map<Day, Drawn>>();

/**
 * What is known on `today` of an ad on a day, or undefined when nothing is. A day's delivery is
 * half there on the day itself and moves a little until it is 3 days old; its conversions keep
 * coming until it is 28 days old.
 */
export function adDayOn(ad: Ad, day: Day, today: Day): AdDay | undefined {
  const age = today - day;
  if (age < 0 || day < ad.campaign.start || day > ad.campaign.end + LONGEST_DAYS) return undefined;
  const { counts } = drawnOf(ad, day);
  const conversions = knownConversions(ad, day, age);
  if (counts === undefined && conversions.length === 0) return undefined;
  const known = counts === undefined ? NOTHING : reported(counts, age, ad.salt + day);
  return { counts: known, conversions, reach: reachOf(ad, day, at(known, COUNTER.impressions)) };
}

/** Spend known on `today` of an ad on a day, minor units, without drawing anything else. */
export function spendOn(ad: Ad, day: Day, today: Day): number {
  const counts = today < day ? undefined : deliveryOf(ad, day);
  return counts === undefined ? 0 : at(reported(counts, today - day, ad.salt + day), COUNTER.spend);
}

function knownConversions(ad: Ad, day: Day, age: number): Conversion[] {
  const known: Conversion[] = [];
  for (let delay = 0; delay <= LONGEST_DAYS; delay++) {
    if (day - delay < ad.campaign.start) break;
    for (const conversion of drawnOf(ad, day - delay).byDelay.get(delay) ?? []) {
      if (conversion.lag <= age && (age > 0 || conversion.salt % 2 === 0)) known.push(conversion);
    }
  }
  return known;
}

function reported(counts: Int32Array, age: number, chance: number): Int32Array {
  const share = REPORTED[age];
  if (share === undefined) return counts;
  const known = counts.map((count) => Math.floor((count * share) / 1000));
  known[COUNTER.impressions] = Math.ceil((at(counts, COUNTER.impressions) * share) / 1000);
  if (age > 0) known[COUNTER.spend] = provisionalSpend(at(counts, COUNTER.spend), age, chance);
  return known;
}

/** A day's spend may still be one minor unit too high on the next two days: credits come late. */
function provisionalSpend(final: number, age: number, chance: number): number {
  return final > 0 && uniform(mix(chance, 51), age) < 0.4 ? final + 1 : final;
}

function reachOf(ad: Ad, day: Day, impressions: number): number {
  const frequency = 1.03 + 0.35 * uniform(mix(ad.salt, 52), day);
  return Math.min(impressions, Math.ceil(impressions / frequency));
}

function drawnOf(ad: Ad, day: Day): Drawn {
  let days = memory.get(ad);
  if (days === undefined || days.size > REMEMBERED_DAYS) {
    days = new Map();
    memory.set(ad, days);
  }
  let drawn = days.get(day);
  if (drawn === undefined) {
    drawn = draw(ad, day);
    days.set(day, drawn);
  }
  return drawn;
}

function draw(ad: Ad, day: Day): Drawn {
  const counts = deliveryOf(ad, day);
  const byDelay = new Map<number, Conversion[]>();
  for (const conversion of counts === undefined ? [] : conversionsOf(ad, day, counts)) {
    const list = byDelay.get(conversion.delay);
    if (list === undefined) byDelay.set(conversion.delay, [conversion]);
    else list.push(conversion);
  }
  return { counts, byDelay };
}
