import { cyclic, type Day, weekdayOf } from './calendar.ts';
import { delivers } from './campaign.ts';
import { mix, roundBy, type Salt, uniform } from './random.ts';
import { COUNTER, COUNTERS } from './tally.ts';
import { type Ad, adRuns } from './tree.ts';

const WEEKDAY_FACTOR = [1.12, 0.96, 0.93, 0.95, 1, 1.06, 1.15] as const;
const YEAR_DAYS = 365.25;
/** Impressions per mille cost about this many US cents. */
const CPM_CENTS = 620;

/**
 * What an ad delivered on a day once the day is final: one whole number per counter of `tally.ts`,
 * money in minor units. Undefined on a day without delivery. Pure in (ad, day).
 */
export function deliveryOf(ad: Ad, day: Day): readonly number[] | undefined {
  if (!delivers(ad.campaign, day) || !adRuns(ad, day)) return undefined;
  const salt = mix(ad.salt, day);
  const impressions = impressionsOf(ad, day, salt);
  if (impressions === 0) return undefined;
  const counts: number[] = Array.from({ length: COUNTERS }, () => 0);
  counts[COUNTER.impressions] = impressions;
  counts[COUNTER.spend] = spendOf(ad, impressions, salt);
  drawClicks(counts, ad, salt);
  drawVideo(counts, ad, salt);
  return counts;
}

/** Impressions by plan, weekday, season, age of the campaign and chance; at least 1 outside a trickle. */
function impressionsOf(ad: Ad, day: Day, salt: Salt): number {
  const { plan, start, end } = ad.campaign;
  const noise = 0.75 + 0.5 * uniform(salt, 1);
  if (plan.life.kind === 'evergreen' && plan.life.rhythm === 'trickle') {
    return Math.floor(plan.impressions * noise * 1.4 * uniform(salt, 2));
  }
  const season = 1.2 - 0.8 * Math.abs(cyclic(day, YEAR_DAYS) / YEAR_DAYS - 0.5);
  const fatigue = end === Infinity ? 1 : 1.25 - (0.5 * (day - start)) / (end - start + 1);
  const weekday = WEEKDAY_FACTOR[weekdayOf(day)] ?? 1;
  const expected = plan.impressions * ad.weight * weekday * season * fatigue * noise;
  return Math.max(1, Math.round(expected));
}

/** Spend in minor units of the account's currency: whole cents, or whole yen. */
function spendOf(ad: Ad, impressions: number, salt: Salt): number {
  const perMille = CPM_CENTS * ad.campaign.account.priceScale * (0.7 + 0.6 * uniform(ad.salt, 3));
  return roundBy(
    (impressions * perMille * (0.9 + 0.2 * uniform(salt, 3))) / 1000,
    uniform(salt, 4),
  );
}

/** Clicks and what they are made of; each counter stays within the one it is drawn from. */
function drawClicks(counts: number[], ad: Ad, salt: Salt): void {
  const rate = 0.012 + 0.02 * uniform(ad.salt, 5);
  const part = (from: number, share: number, place: number) =>
    Math.min(from, roundBy(from * share, uniform(salt, place)));
  const clicks = part(counts[COUNTER.impressions] ?? 0, rate, 5);
  const links = part(clicks, 0.62, 6);
  const outbound = part(links, 0.88, 7);
  const reactions = part(clicks - links, 0.5, 8);
  counts[COUNTER.clicks] = clicks;
  counts[COUNTER.linkClicks] = links;
  counts[COUNTER.outbound] = outbound;
  counts[COUNTER.landingPageViews] = part(outbound, 0.81, 9);
  counts[COUNTER.uniqueClicks] = part(clicks, 0.93, 10);
  counts[COUNTER.reactions] = reactions;
  counts[COUNTER.comments] = part(clicks - links - reactions, 0.16, 11);
  counts[COUNTER.shares] = part(clicks - links - reactions, 0.12, 12);
  counts[COUNTER.saves] = part(clicks - links - reactions, 0.2, 13);
  counts[COUNTER.likes] = part(clicks - links - reactions, 0.05, 14);
}

/** Video plays and how far they went; about two ads in three are videos. */
function drawVideo(counts: number[], ad: Ad, salt: Salt): void {
  if (uniform(ad.salt, 6) < 0.34) return;
  const part = (from: number, share: number, place: number) =>
    Math.min(from, roundBy(from * share, uniform(salt, place)));
  const plays = part(counts[COUNTER.impressions] ?? 0, 0.85, 20);
  const views = part(plays, 0.34, 21);
  const quarter = part(views, 0.8, 22);
  const half = part(quarter, 0.6, 23);
  const most = part(half, 0.65, 24);
  const nearly = part(most, 0.7, 25);
  counts[COUNTER.plays] = plays;
  counts[COUNTER.views] = views;
  counts[COUNTER.p25] = quarter;
  counts[COUNTER.p50] = half;
  counts[COUNTER.p75] = most;
  counts[COUNTER.p95] = nearly;
  counts[COUNTER.p100] = part(nearly, 0.9, 26);
  counts[COUNTER.thruplays] = part(views, 0.3, 27);
}
