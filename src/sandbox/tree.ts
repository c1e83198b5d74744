import { cyclic, type Day } from './calendar.ts';
import type { Campaign } from './campaign.ts';
import { digits, mix, pick, type Salt, uniform } from './random.ts';

/** An ad set with its ads. */
export interface AdSet {
  readonly id: string;
  readonly campaign: Campaign;
  readonly name: string;
  readonly salt: Salt;
  readonly attribution: '7d_click_1d_view' | '1d_click';
  readonly ads: readonly Ad[];
}

/** An ad with its creative. */
export interface Ad {
  readonly id: string;
  readonly creativeId: string;
  readonly campaign: Campaign;
  readonly adSet: AdSet;
  readonly name: string;
  readonly salt: Salt;
  /** The ad's share of an ordinary ad's delivery. */
  readonly weight: number;
  /** A second-string ad runs in every other quarter of the year and is paused in between. */
  readonly everyOtherQuarter: boolean;
}

const COUNTS = [1, 2, 2, 3, 4] as const;
const AD_SET_NAMES = ['Broad', 'LAL 1 %, "buyers"', 'Retargeting 30d', 'Interest: DIY & garden'];
const AD_NAMES = ['UGC 1', 'Video, 15 s', 'Carousel "A"', '=Static #4', 'UGC 2 🎬', '画像'];
const QUARTER_DAYS = 91;

/** The ad sets of a campaign (1 to 4), each with its ads (1 to 4). */
export function adSetsOf(campaign: Campaign): readonly AdSet[] {
  const count = campaign.plan.adSets ?? pick(COUNTS, uniform(campaign.salt, 11));
  return Array.from({ length: count }, (_, index) => adSetOf(campaign, index));
}

/** True when the ad itself may deliver on that day (its campaign may still be silent). */
export function adRuns(ad: Ad, day: Day): boolean {
  return !ad.everyOtherQuarter || cyclic(day, 2 * QUARTER_DAYS) < QUARTER_DAYS;
}

/** The first day of the quarter an ad is in: when an every-other-quarter ad was last switched. */
export function quarterStart(day: Day): Day {
  return day - cyclic(day, QUARTER_DAYS);
}

function adSetOf(campaign: Campaign, index: number): AdSet {
  const salt = mix(mix(campaign.salt, 21), index);
  const ads: Ad[] = [];
  const { attribution } = campaign.plan;
  const setting = index % 2 === 0 ? '7d_click_1d_view' : '1d_click';
  const adSet: AdSet = {
    id: `12022${digits(mix(salt, 7), 13)}`,
    campaign,
    name: `${AD_SET_NAMES[index] ?? 'Ad set'} ${index + 1}`,
    salt,
    attribution: attribution === 'by-ad-set' ? setting : attribution,
    ads,
  };
  const count = pick(COUNTS, uniform(salt, 12));
  for (let place = 0; place < count; place++) ads.push(adOf(adSet, place, index));
  return adSet;
}

function adOf(adSet: AdSet, place: number, adSetPlace: number): Ad {
  const salt = mix(mix(adSet.salt, 31), place);
  return {
    id: `12023${digits(mix(salt, 7), 13)}`,
    creativeId: `12024${digits(mix(salt, 8), 13)}`,
    campaign: adSet.campaign,
    adSet,
    name: `${pick(AD_NAMES, uniform(salt, 13))} ${place + 1}`,
    salt,
    weight: 0.4 + 1.2 * uniform(salt, 14),
    everyOtherQuarter: adSetPlace + place > 0 && place === 2,
  };
}
