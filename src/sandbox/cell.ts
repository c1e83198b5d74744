import type { Account } from './account.ts';
import { type Day, unixOf } from './calendar.ts';
import { type Salt, saltOf, uniform } from './random.ts';

/** One combination of breakdown values, such as age 25-34 and gender female. */
export interface Cell {
  readonly values: Readonly<Record<string, string>>;
  readonly share: number;
}

/** Breakdowns that can be combined because the world draws them together. */
export interface Family {
  readonly name: 'people' | 'place' | 'geography' | 'hour';
  readonly cells: readonly Cell[];
}

/** The combinations that are allowed, each with its family. Source: Meta, Insights breakdowns. */
const COMBINATIONS: Readonly<Record<string, Family['name']>> = {
  age: 'people',
  gender: 'people',
  'age,gender': 'people',
  country: 'geography',
  region: 'geography',
  'country,region': 'geography',
  publisher_platform: 'place',
  'platform_position,publisher_platform': 'place',
  device_platform: 'place',
  'device_platform,publisher_platform': 'place',
  'device_platform,platform_position,publisher_platform': 'place',
  hourly_stats_aggregated_by_advertiser_time_zone: 'hour',
};

/** Age, gender, share. Few people have no known gender or age. */
const PEOPLE: readonly (readonly [string, string, number])[] = [
  ['18-24', 'female', 0.09],
  ['18-24', 'male', 0.07],
  ['25-34', 'female', 0.15],
  ['25-34', 'male', 0.12],
  ['25-34', 'unknown', 0.01],
  ['35-44', 'female', 0.13],
  ['35-44', 'male', 0.1],
  ['45-54', 'female', 0.1],
  ['45-54', 'male', 0.07],
  ['55-64', 'female', 0.06],
  ['55-64', 'male', 0.045],
  ['65+', 'female', 0.03],
  ['65+', 'male', 0.02],
  ['Unknown', 'unknown', 0.005],
];
/** Publisher platform, position, share. */
const POSITIONS: readonly (readonly [string, string, number])[] = [
  ['facebook', 'feed', 0.31],
  ['facebook', 'facebook_reels', 0.1],
  ['facebook', 'facebook_stories', 0.05],
  ['facebook', 'right_hand_column', 0.02],
  ['instagram', 'feed', 0.23],
  ['instagram', 'instagram_stories', 0.15],
  ['instagram', 'instagram_reels', 0.11],
  ['audience_network', 'an_classic', 0.02],
  ['threads', 'threads_feed', 0.008],
  ['unknown', 'unknown', 0.002],
];
const APP_ONLY = { mobile_app: 1 };
const ANY_DEVICE = { mobile_app: 0.7, mobile_web: 0.08, desktop: 0.22 };
const ON_ANY_DEVICE = ['feed', 'right_hand_column'];

const families = new Map<string, Family>();

/** The name of the family of a breakdown combination, in any order; undefined when not allowed. */
export function familyNameOf(breakdowns: readonly string[]): Family['name'] | undefined {
  return COMBINATIONS[[...breakdowns].sort().join(',')];
}

/** The cells of a family for an account on a day: a day that DST shortens lacks an hour. */
export function familyOf(name: Family['name'], account: Account, day: Day): Family {
  const short = name === 'hour' && isShort(day, account.zone);
  const key = `${name}/${account.id}/${short}`;
  let family = families.get(key);
  if (family === undefined) {
    family = { name, cells: cellsOf(name, account, short) };
    families.set(key, family);
  }
  return family;
}

/** Rising totals (the last one is 1) of the shares of a family's cells, bent a little for each ad. */
export function totalsOf(family: Family, adSalt: Salt): Float64Array {
  const name = saltOf(family.name);
  const bent = family.cells.map(
    (cell, place) => cell.share * (0.6 + 0.8 * uniform(adSalt, name, place)),
  );
  const sum = bent.reduce((total, share) => total + share, 0);
  let running = 0;
  const totals = Float64Array.from(bent, (share) => {
    running += share / sum;
    return running;
  });
  totals[totals.length - 1] = 1;
  return totals;
}

function cellsOf(name: Family['name'], account: Account, short: boolean): readonly Cell[] {
  if (name === 'people') return peopleCells();
  if (name === 'geography') return geographyCells(account);
  return name === 'hour' ? hourCells(short) : placeCells();
}

function peopleCells(): readonly Cell[] {
  return PEOPLE.map(([age, gender, share]) => ({ values: { age, gender }, share }));
}

function geographyCells(account: Account): readonly Cell[] {
  return account.countries.flatMap(({ code, share, regions }) =>
    regions.map((region) => ({ values: { country: code, region }, share: share / regions.length })),
  );
}

function placeCells(): readonly Cell[] {
  return POSITIONS.flatMap(([publisher_platform, platform_position, share]) => {
    const devices = ON_ANY_DEVICE.includes(platform_position) ? ANY_DEVICE : APP_ONLY;
    return Object.entries(devices).map(([device_platform, part]) => ({
      values: { publisher_platform, platform_position, device_platform },
      share: share * part,
    }));
  });
}

/** The hours of a day; when the clocks go forward there is no hour from 02:00. */
function hourCells(short: boolean): readonly Cell[] {
  const hours = Array.from({ length: 24 }, (_, hour) => hour).filter(
    (hour) => !short || hour !== 2,
  );
  return hours.map((hour) => {
    const two = String(hour).padStart(2, '0');
    const label = `${two}:00:00 - ${two}:59:59`;
    return {
      values: { hourly_stats_aggregated_by_advertiser_time_zone: label },
      share: hour < 6 ? 0.015 : 0.0505,
    };
  });
}

function isShort(day: Day, zone: string): boolean {
  return unixOf({ day: day + 1, second: 0, zone }) - unixOf({ day, second: 0, zone }) < 86_400;
}
