import { addDays } from '../../src/window.ts';
import { builtRows } from './built-model.ts';
import { quiet, type StagingRow } from './curated-lake.ts';
import { gamma, poisson, type Random, seeded } from './random.ts';

/** How the recommendations of creative_fatigue compare with what was planted. */
export interface FatigueTrial {
  /** Creatives whose CTR was made to fall by half, and those that were not. */
  readonly tired: number;
  readonly others: number;
  /** Of the tired ones, those to be rotated; and those to be rotated or watched. */
  readonly rotated: number;
  readonly noticed: number;
  /** Of the others, the same. */
  readonly rotatedWrongly: number;
  readonly noticedWrongly: number;
}

/** Creatives of an account; each fifth is tired. */
const CREATIVES = 40;
const SINCE = '2026-01-01';

/**
 * Shows, for each seed, 40 creatives over 28 days in an account of their own: 300 to 6,000 impressions a
 * day, a CTR of 0.8 to 3 % that each day differs from by a tenth more or less than chance alone would
 * make it, and that falls evenly by half for each fifth creative.
 */
export async function fatigueTrial(seeds: readonly number[]): Promise<FatigueTrial> {
  const files = Object.assign({}, ...seeds.map(worldOf)) as Record<string, readonly StagingRow[]>;
  const rows = await builtRows(
    files,
    'select creative_id, recommendation from curated.creative_fatigue',
  );
  const count = (isOfTired: boolean, ...wanted: readonly string[]) =>
    rows.filter(
      (row) =>
        isTired(Number(row.creative_id)) === isOfTired &&
        (wanted.length === 0 || wanted.includes(String(row.recommendation))),
    ).length;
  return {
    tired: count(true),
    others: count(false),
    rotated: count(true, 'rotate'),
    noticed: count(true, 'rotate', 'watch'),
    rotatedWrongly: count(false, 'rotate'),
    noticedWrongly: count(false, 'rotate', 'watch'),
  };
}

function isTired(creative: number): boolean {
  return creative % 5 === 0;
}

function worldOf(seed: number): Readonly<Record<string, readonly StagingRow[]>> {
  const random = seeded(seed);
  const account = String(seed);
  const ids = Array.from({ length: CREATIVES }, (_, at) => at + 1);
  return {
    [`insights_ad_day/${account}/2026-01`]: ids.flatMap((id) => daysOf(random, account, id)),
    [`ads/${account}/all`]: ids.map((id) => ({
      account_id: account,
      ad_id: String(id),
      creative_id: String(id),
      pulled_on: '2026-03-01',
    })),
  };
}

function daysOf(random: Random, account: string, id: number): readonly StagingRow[] {
  const usual = 300 * 20 ** random();
  const ctr = 0.008 + 0.022 * random();
  return Array.from({ length: 28 }, (_, x) => {
    const impressions = Math.round(usual * (0.7 + 0.6 * random()));
    const level = isTired(id) ? 1 - (0.5 * x) / 27 : 1;
    const clicks = Math.min(
      impressions,
      poisson(random, impressions * ctr * level * dayFactor(random)),
    );
    return quiet({
      account_id: account,
      ad_id: String(id),
      date: addDays(SINCE, x),
      impressions,
      clicks,
      link_clicks: clicks,
      reach: Math.round(impressions / 1.1),
      spend: '10',
    });
  });
}

/** 1 on average, with a standard deviation of 0.1. */
function dayFactor(random: Random): number {
  return gamma(random, 100) / 100;
}
