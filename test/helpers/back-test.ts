import { sandboxTruth } from '../../src/sandbox/index.ts';
import { addDays } from '../../src/window.ts';
import { accountOf, curatedOn, type RestatedWorld, restatedWorld } from './restated-world.ts';

/** How estimates made while days were not settled compare with what the days came to. */
export interface BackTest {
  /** Intervals with a width, of conversions, value and ROAS: how many, and how many hold the truth. */
  readonly intervals: number;
  readonly held: number;
  /** Days at most three days old: the sum of what was known and estimated over the final sum of value. */
  readonly knownShare: number;
  readonly estimatedShare: number;
}

interface FinalDay {
  readonly spend: number;
  readonly conversions: number;
  readonly value: number;
}

/**
 * Pulls each seed's world on `days` days one after the other, estimates on every fifth day from the
 * 51st on with the model that the lake has, and looks at what the days came to.
 */
export async function backTest(seeds: readonly number[], days: number): Promise<BackTest> {
  const sum = { intervals: 0, held: 0, known: 0, estimated: 0, final: 0 };
  const since = '2026-05-01';
  const until = addDays(since, days - 1);
  const world = joined(seeds.map((seed) => restatedWorld(seed, since, until)));
  const finals = new Map(seeds.flatMap((seed) => [...finalDays(seed, addDays(since, -28), until)]));
  for (let today = addDays(since, 50); today <= until; today = addDays(today, 5)) {
    for (const row of await curatedOn(world, today, ESTIMATES)) {
      const final = finals.get(`${row.account_id} ${row.date}`);
      if (final === undefined) throw new Error(`no truth for ${row.date}`);
      for (const [name, truth] of metricsOf(final)) {
        const [low, high] = [Number(row[`${name}_low`]), Number(row[`${name}_high`])];
        if (high - low <= ROUNDING * high) continue;
        sum.intervals++;
        if (truth >= low * (1 - ROUNDING) && truth <= high * (1 + ROUNDING)) sum.held++;
      }
      if (Number(row.days_after) > 3) continue;
      sum.known += Number(row.purchase_value);
      sum.estimated += Number(row.purchase_value_matured);
      sum.final += final.value;
    }
  }
  const { intervals, held, known, estimated, final } = sum;
  return { intervals, held, knownShare: known / final, estimatedShare: estimated / final };
}

/** One lake for all seeds: their accounts are different ones. */
function joined(worlds: readonly RestatedWorld[]): RestatedWorld {
  return {
    versions: worlds.flatMap(({ versions }) => versions),
    batches: worlds.flatMap(({ batches }) => batches),
  };
}

const ESTIMATES = `select account_id, cast(date as varchar) as date, days_after, purchase_value,
  purchase_value_matured, conversions_low, conversions_high, purchase_value_low,
  purchase_value_high, roas_low, roas_high
from curated.roas_matured where basis = 'estimated'`;
const ROUNDING = 1e-9;

function finalDays(seed: number, since: string, until: string): ReadonlyMap<string, FinalDay> {
  const days = new Map<string, FinalDay>();
  for (const row of sandboxTruth({ seed, today: addDays(until, 40), since, until })) {
    const key = `${accountOf(seed, row)} ${row.date}`;
    const { spend, conversions, value } = days.get(key) ?? { spend: 0, conversions: 0, value: 0 };
    days.set(key, {
      spend: spend + Number(row.spend),
      conversions: conversions + Number(row.purchases),
      value: value + Number(row.purchase_value),
    });
  }
  return days;
}

function metricsOf(final: FinalDay): ReadonlyArray<readonly [string, number]> {
  return [
    ['conversions', final.conversions],
    ['purchase_value', final.value],
    ['roas', final.value / final.spend],
  ];
}
