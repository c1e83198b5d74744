/** One synthetic ad account. */
export interface Account {
  /** Bare digits, above 2^53. */
  readonly id: string;
  readonly name: string;
  readonly currency: 'USD' | 'EUR' | 'JPY';
  /** Minor units in one major unit, by Meta's own table: 1 for JPY, 100 for most others. */
  readonly minorPerMajor: 1 | 100;
  readonly zone: string;
  readonly zoneId: number;
  /** How many minor units stand for about one US cent; scales budgets, prices and order values. */
  readonly priceScale: number;
  readonly pixelId: string;
  readonly customConversionId: string;
  /** Countries with their share of delivery, and the regions of each. */
  readonly countries: readonly Country[];
}

/** A country of the geographic breakdowns; shares of all countries of an account add up to 1. */
export interface Country {
  readonly code: string;
  readonly share: number;
  readonly regions: readonly string[];
}

const UNKNOWN: Country = { code: 'unknown', share: 0.01, regions: ['Unknown'] };

/** The three accounts of the world. Their ids do not depend on the seed. */
export const ACCOUNTS: readonly Account[] = [
  {
    id: '9020417583920611',
    name: 'Synthetic account, US dollar (Los Angeles)',
    currency: 'USD',
    minorPerMajor: 100,
    zone: 'America/Los_Angeles',
    zoneId: 1,
    priceScale: 1,
    pixelId: '301870042523049731',
    customConversionId: '402941663880776609',
    countries: [
      {
        code: 'US',
        share: 0.84,
        regions: ['California', 'New York', 'Texas', 'Washington', 'Wisconsin', 'Unknown'],
      },
      { code: 'CA', share: 0.15, regions: ['Ontario', 'Quebec', 'British Columbia'] },
      UNKNOWN,
    ],
  },
  {
    id: '9134882067715423',
    name: 'Synthetisches Konto – Euro “Berlin”',
    currency: 'EUR',
    minorPerMajor: 100,
    zone: 'Europe/Berlin',
    zoneId: 47,
    priceScale: 0.9,
    pixelId: '928153410772600417',
    customConversionId: '705277499188770839',
    countries: [
      { code: 'DE', share: 0.71, regions: ['Bayern', 'Berlin', 'Nordrhein-Westfalen', 'Hamburg'] },
      { code: 'AT', share: 0.16, regions: ['Wien', 'Steiermark'] },
      { code: 'CH', share: 0.12, regions: ['Zürich', 'Canton of Bern'] },
      UNKNOWN,
    ],
  },
  {
    id: '9275310946628847',
    name: '合成アカウント（円・東京） synthetic',
    currency: 'JPY',
    minorPerMajor: 1,
    zone: 'Asia/Tokyo',
    zoneId: 79,
    priceScale: 1.5,
    pixelId: '939264301883500723',
    customConversionId: '716388500299880561',
    countries: [
      { code: 'JP', share: 0.99, regions: ['Tokyo', 'Osaka', 'Hokkaido', 'Fukuoka', 'Unknown'] },
      UNKNOWN,
    ],
  },
];

/** The account at a place in `ACCOUNTS`. Throws when there is none. */
export function accountAt(index: number): Account {
  const account = ACCOUNTS[index];
  if (account === undefined) throw new RangeError(`Expected an account index, found ${index}.`);
  return account;
}
