import type { Day } from './calendar.ts';
import { type Conversion, conversionsOf, LONGEST_DAYS } from './conversion.ts';
import { deliveryOf } from './delivery.ts';
import { between, mix, uniform } from './random.ts';
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
/** The same for a day that is restated once more. */
const RESTATED = 910;
const LAST_RESTATEMENT_DAYS = 27;
/** Days kept per ad before its memory is cleared. */
const REMEMBERED_DAYS = 600;

const NOTHING: readonly number[] = Array.from({ length: COUNTERS }, () => 0);

interface Drawn {
  readonly counts: readonly number[] | undefined;
  /** What the day's delivery leads to, on that day and later. */
  readonly conversions: readonly Conversion[];
}

interface Days {
  readonly drawn: Map<Day, Drawn>;
  /** What all days before led to on a day, whenever it is known. */
  readonly arrived: Map<Day, readonly Conversion[]>;
}

/** Remembers what was drawn. Only speed depends on it; a draw is the same every time. */
const memory = new WeakMap<Ad, Days>();

/** When an ad's day is looked at, and how much is restated. */
export interface Look {
  readonly seed: number;
  readonly today: Day;
  /** Share of ad days that are restated once more before they are final. */
  readonly restatedShare: number;
}

/**
 * What is known on `today` of an ad on a day, or undefined when nothing is. A day's delivery is
 * half there on the day itself and moves a little until it is 3 days old; its conversions keep
 * coming until it is 28 days old.
 */
export function adDayOn(ad: Ad, day: Day, look: Look): AdDay | undefined {
  const age = look.today - day;
  if (age < 0 || day < ad.campaign.start || day > ad.campaign.end + LONGEST_DAYS) return undefined;
  const days = daysOf(ad);
  const { counts } = drawnOf(days, ad, day);
  const conversions = knownConversions(arrivedOn(days, ad, day), age);
  if (counts === undefined && conversions.length === 0) return undefined;
  const known = counts === undefined ? NOTHING : reported(counts, { ad, day, look });
  return { counts: known, conversions, reach: reachOf(ad, day, at(known, COUNTER.impressions)) };
}

/** Spend known on `today` of an ad on a day, minor units, without drawing anything else. */
export function spendOn(ad: Ad, day: Day, look: Look): number {
  const counts = look.today < day ? undefined : deliveryOf(ad, day);
  return counts === undefined ? 0 : at(reported(counts, { ad, day, look }), COUNTER.spend);
}

/** After `LONGEST_DAYS` all is known. */
function knownConversions(all: readonly Conversion[], age: number): readonly Conversion[] {
  if (age >= LONGEST_DAYS || all.length === 0) return all;
  return all.filter(({ lag, salt }) => lag <= age && (age > 0 || salt % 2 === 0));
}

function arrivedOn(days: Days, ad: Ad, day: Day): readonly Conversion[] {
  const known = days.arrived.get(day);
  if (known !== undefined) return known;
  const arrived: Conversion[] = [];
  for (let delay = 0; delay <= LONGEST_DAYS; delay++) {
    if (day - delay < ad.campaign.start) break;
    for (const conversion of drawnOf(days, ad, day - delay).conversions) {
      if (conversion.delay === delay) arrived.push(conversion);
    }
  }
  const found = arrived.length === 0 ? NONE : arrived;
  days.arrived.set(day, found);
  return found;
}

const NONE: readonly Conversion[] = [];

function reported(
  counts: readonly number[],
  of: { readonly ad: Ad; readonly day: Day; readonly look: Look },
): readonly number[] {
  const age = of.look.today - of.day;
  const chance = of.ad.salt + of.day;
  const share = REPORTED[age] ?? (isRestatedLater(of, age) ? RESTATED : undefined);
  if (share === undefined) return counts;
  const known = counts.map((count) => Math.floor((count * share) / 1000));
  known[COUNTER.impressions] = Math.ceil((at(counts, COUNTER.impressions) * share) / 1000);
  if (age > 0 && age < REPORTED.length)
    known[COUNTER.spend] = provisionalSpend(at(counts, COUNTER.spend), age, chance);
  return known;
}

/** True for a day whose figures will be put right once more, when it is 4 to 27 days old. */
function isRestatedLater(
  { ad, day, look }: { readonly ad: Ad; readonly day: Day; readonly look: Look },
  age: number,
): boolean {
  if (look.restatedShare === 0 || age >= LAST_RESTATEMENT_DAYS) return false;
  const chance = mix(mix(ad.salt, 53), look.seed);
  if (uniform(chance, day, 1) >= look.restatedShare) return false;
  return age < between(uniform(chance, day, 2), REPORTED.length + 1, LAST_RESTATEMENT_DAYS);
}

/** A day's spend may still be one minor unit too high on the next two days: credits come late. */
function provisionalSpend(final: number, age: number, chance: number): number {
  return final > 0 && uniform(mix(chance, 51), age) < 0.4 ? final + 1 : final;
}

function reachOf(ad: Ad, day: Day, impressions: number): number {
  const frequency = 1.03 + 0.35 * uniform(mix(ad.salt, 52), day);
  return Math.min(impressions, Math.ceil(impressions / frequency));
}

function daysOf(ad: Ad): Days {
  const known = memory.get(ad);
  if (known !== undefined && known.drawn.size <= REMEMBERED_DAYS) return known;
  const days: Days = { drawn: new Map(), arrived: new Map() };
  memory.set(ad, days);
  return days;
}

function drawnOf({ drawn }: Days, ad: Ad, day: Day): Drawn {
  const known = drawn.get(day);
  if (known !== undefined) return known;
  const counts = deliveryOf(ad, day);
  const conversions = counts === undefined ? NONE : conversionsOf(ad, day, counts);
  const fresh = { counts, conversions };
  drawn.set(day, fresh);
  return fresh;
}
