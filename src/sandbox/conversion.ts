import type { Day } from './calendar.ts';
import type { Purpose } from './plan.ts';
import { between, indexOf, mix, roundBy, type Salt, uniform } from './random.ts';
import { at, COUNTER, type Credit, EVENTS, type EventName } from './tally.ts';
import type { Ad } from './tree.ts';

/** One conversion, or a bundle of equal ones, that a day's delivery of an ad leads to. */
export interface Conversion extends Credit {
  /** Days from the click or view to the conversion: it is reported under the conversion's day. */
  readonly delay: number;
  /** Days from the conversion until the API knows of it; 27 at most, so day 28 is final. */
  readonly lag: number;
  /** Decides which breakdown cell it falls in, and whether today's half-day already has it. */
  readonly salt: Salt;
}

/** The longest delay and the longest lag, in days. */
export const LONGEST_DAYS = 27;

/** For each purpose: events per landing page view, and the share of each channel (web, Meta, app). */
interface Funnel {
  readonly rates: Readonly<Partial<Record<EventName, number>>>;
  readonly channels: readonly [number, number, number];
}

const SALES = { view_content: 0.9, add_to_cart: 0.2, initiate_checkout: 0.11, purchase: 0.07 };
const FUNNELS: Readonly<Record<Purpose, Funnel>> = {
  sales: { rates: { ...SALES, complete_registration: 0.03 }, channels: [1, 0, 0] },
  shop: { rates: SALES, channels: [0.45, 0.55, 0] },
  app: { rates: { ...SALES, complete_registration: 0.12 }, channels: [0.2, 0, 0.8] },
  leads: { rates: { view_content: 0.4, lead: 0.16 }, channels: [0.4, 0.6, 0] },
  traffic: { rates: { view_content: 0.5, purchase: 0.015 }, channels: [1, 0, 0] },
  engagement: { rates: {}, channels: [1, 0, 0] },
};
const CUSTOM_RATE = 0.08;

/** How a bundle of the cheaper events is spread: share, class, and how late. */
const SPREAD = [
  { share: 0.46, class: 0, delay: [0, 0], lag: [0, 0] },
  { share: 0.14, class: 0, delay: [0, 0], lag: [1, 2] },
  { share: 0.14, class: 1, delay: [1, 6], lag: [0, 5] },
  { share: 0.1, class: 2, delay: [7, 27], lag: [0, 27] },
  { share: 0.09, class: 3, delay: [0, 0], lag: [0, 1] },
  { share: 0.03, class: 3, delay: [0, 0], lag: [2, 27] },
  { share: 0.04, class: 4, delay: [0, 0], lag: [0, 3] },
] as const;

/** Mean order value in US cents. */
const ORDER_CENTS = 5200;

/**
 * Every conversion that the delivery of an ad on a day leads to, on that day and up to 27 days
 * later. Pure in (ad, day, delivery).
 */
export function conversionsOf(ad: Ad, day: Day, delivery: ArrayLike<number>): Conversion[] {
  const { purpose, custom } = ad.campaign.plan;
  const salt = mix(mix(ad.salt, 41), day);
  const visits = at(delivery, COUNTER.landingPageViews);
  const rates = Object.entries(FUNNELS[purpose].rates);
  if (custom) rates.push(['custom', CUSTOM_RATE]);
  return rates.flatMap(([name, rate], place) => {
    const event = EVENTS.indexOf(name as EventName);
    const count = roundBy(
      visits * rate * (0.6 + 0.8 * uniform(salt, place)),
      uniform(salt, 60 + event),
    );
    const drawn = { ad, event, count, salt: mix(salt, 80 + event) };
    return event === 0 ? purchases(drawn) : bundles(drawn);
  });
}

interface Drawn {
  readonly ad: Ad;
  readonly event: number;
  readonly count: number;
  readonly salt: Salt;
}

/** Purchases one by one, each with its own amount. */
function purchases(drawn: Drawn): Conversion[] {
  return Array.from({ length: drawn.count }, (_, index) => {
    const salt = mix(drawn.salt, index);
    const cls = indexOf([0.5, 0.67, 0.79, 0.93, 1], uniform(salt, 1));
    return {
      event: 0,
      channel: channelOf(drawn.ad, salt),
      class: cls,
      count: 1,
      amount: amountOf(drawn.ad, salt),
      delay: delayOf(cls, salt),
      lag: lagOf(salt),
      salt,
    };
  });
}

/** Cheaper events in a few bundles, so that a busy day stays small. */
function bundles(drawn: Drawn): Conversion[] {
  const conversions: Conversion[] = [];
  let total = 0;
  const turn = uniform(drawn.salt, 2);
  SPREAD.forEach((part, index) => {
    const before = Math.floor(drawn.count * total + turn);
    total = index === SPREAD.length - 1 ? 1 : total + part.share;
    const count = Math.floor(drawn.count * total + turn) - before;
    if (count === 0) return;
    const salt = mix(drawn.salt, 100 + index);
    conversions.push({
      event: drawn.event,
      channel: channelOf(drawn.ad, salt),
      class: part.class,
      count,
      amount: 0,
      delay: between(uniform(salt, 3), part.delay[0], part.delay[1]),
      lag: between(uniform(salt, 4), part.lag[0], part.lag[1]),
      salt,
    });
  });
  return conversions;
}

function channelOf(ad: Ad, salt: Salt): number {
  const [web, meta] = FUNNELS[ad.campaign.plan.purpose].channels;
  return indexOf([web, web + meta, 1], uniform(salt, 5));
}

function amountOf(ad: Ad, salt: Salt): number {
  const mean = ORDER_CENTS * ad.campaign.account.priceScale;
  const spread = uniform(salt, 6);
  return Math.max(1, Math.round(mean * (0.25 + 2.2 * spread * spread)));
}

function delayOf(cls: number, salt: Salt): number {
  if (cls === 1) return between(uniform(salt, 7), 1, 6);
  return cls === 2 ? between(uniform(salt, 7), 7, LONGEST_DAYS) : 0;
}

function lagOf(salt: Salt): number {
  const late = indexOf([0.7, 0.88, 0.96, 1], uniform(salt, 8));
  const [low, high] = (
    [
      [0, 0],
      [1, 3],
      [4, 13],
      [14, LONGEST_DAYS],
    ] as const
  )[late] ?? [0, 0];
  return between(uniform(salt, 9), low, high);
}
