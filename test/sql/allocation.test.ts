import { beforeAll, describe, expect, it } from 'vitest';
import { type BuiltRow, builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingRow } from '../helpers/curated-lake.ts';
import { seeded } from '../helpers/random.ts';
import { type PlantedCurve, plantedDays } from '../helpers/response-world.ts';

const exact = { days: 60, noise: 0 };

function curve(id: string, scale: number, elasticity: number, spend = 100): PlantedCurve {
  return { id, scale, elasticity, spend };
}

/** As many days as wanted, in the account and campaign, each with the figures of its number. */
function days(count: number, figuresOf: (at: number) => StagingRow): StagingRow[] {
  return Array.from({ length: count }, (_, at) =>
    quiet({
      campaign_id: '1',
      date: `2026-01-${String(at + 1).padStart(2, '0')}`,
      impressions: 1,
      purchases: '1',
      ...figuresOf(at),
    }),
  );
}

const CASES: Readonly<Record<string, readonly StagingRow[]>> = {
  exact: [
    ...plantedDays(seeded(1), curve('1', 20, 0.5), exact),
    ...plantedDays(seeded(2), curve('2', 3, 0.8), exact),
    ...plantedDays(seeded(3), curve('3', 5, 0.9, 2000), exact),
  ],
  short: days(13, (at) => ({ spend: String(10 + at), purchase_value: '20' })),
  worthless: days(28, (at) => ({ spend: String(10 + at), purchase_value: at < 9 ? '20' : '0' })),
  level: days(28, () => ({ spend: '10', purchase_value: '20' })),
  flat: days(28, (at) => ({ spend: String(10 + (at % 7) * 5), purchase_value: '20' })),
  wild: days(20, (at) => ({
    spend: String(10 + (at % 4)),
    purchase_value: at % 7 < 4 ? '1' : '99',
  })),
  provisional: days(28, (at) => ({
    spend: String(10 + at),
    purchase_value: String(20 + at),
    pulled_on: '2026-01-28',
  })),
  unspent: days(28, () => ({ spend: '0', purchase_value: '20' })),
  unknown: days(20, (at) => ({ spend: String(10 + at), purchase_value: at < 10 ? null : '5' })),
};

let curves: readonly BuiltRow[] = [];
let splits: readonly BuiltRow[] = [];
beforeAll(async () => {
  const files = Object.values(CASES).map((rows, at) => [
    `insights_campaign_day/${at + 1}/2026-01`,
    rows.map((row) => ({ ...row, account_id: String(at + 1) })),
  ]);
  const lake = Object.fromEntries(files) as Readonly<Record<string, readonly StagingRow[]>>;
  curves = await builtRows(lake, 'select * from curated.response_curves order by campaign_id');
  splits = await builtRows(lake, 'select * from curated.budget_allocation order by campaign_id');
});

function of(rows: readonly BuiltRow[], name: string): readonly BuiltRow[] {
  const account = String(Object.keys(CASES).indexOf(name) + 1);
  return rows.filter((row) => row.account_id === account);
}

describe('response_curves', () => {
  it('finds the curve that days without chance lie on', () => {
    const found = of(curves, 'exact');
    expect(found.map((row) => [row.basis, row.days])).toEqual([
      ['fitted', '60'],
      ['fitted', '60'],
      ['fitted', '60'],
    ]);
    const elasticities = [0.5, 0.8, 0.9];
    const scales = [20, 3, 5];
    found.forEach((row, at) => {
      expect(Number(row.elasticity)).toBeCloseTo(elasticities[at] ?? 0, 4);
      expect(Number(row.scale)).toBeCloseTo(scales[at] ?? 0, 2);
      expect(Number(row.fit_quality)).toBeCloseTo(1, 4);
      expect(Number(row.elasticity_error)).toBeLessThan(0.001);
    });
    const [first] = found;
    const mean = Number(first?.spend_mean);
    expect(Number(first?.marginal_roas)).toBeCloseTo(20 * 0.5 * mean ** -0.5, 3);
  });

  it.each([
    ['short', 'fewer than 14 settled days with spend'],
    ['worthless', 'fewer than 10 settled days with value'],
    ['level', 'spend hardly differs between days'],
    ['wild', 'too uncertain'],
    ['unknown', 'fewer than 14 settled days with spend'],
  ])('has none for a campaign that is %s', (name, basis) => {
    expect(of(curves, name)).toMatchObject([
      { basis, elasticity: null, scale: null, marginal_roas: null },
    ]);
  });

  it('has an elasticity of 0 where value does not grow with spend', () => {
    expect(of(curves, 'flat')).toMatchObject([
      { basis: 'fitted', elasticity: 0, marginal_roas: 0 },
    ]);
  });

  it('has no row without a settled day with spend, and none without data', async () => {
    expect(of(curves, 'provisional')).toEqual([]);
    expect(of(curves, 'unspent')).toEqual([]);
    expect(await builtRows({}, 'select * from curated.response_curves')).toEqual([]);
    expect(await builtRows({}, 'select * from curated.budget_allocation')).toEqual([]);
  });
});

describe('budget_allocation', () => {
  it('splits the same sum so that the next unit of money returns the same everywhere but at the limits', () => {
    const found = of(splits, 'exact');
    const sum = (column: string) => found.reduce((all, row) => all + Number(row[column]), 0);
    expect(sum('suggested_spend_per_day')).toBeCloseTo(sum('spend_per_day'), 3);
    for (const row of found) {
      expect(Number(row.least_spend_per_day) / Number(row.spend_per_day)).toBeCloseTo(0.7, 4);
      expect(Number(row.most_spend_per_day) / Number(row.spend_per_day)).toBeCloseTo(1.3, 4);
      expect(Number(row.suggested_spend_per_day)).toBeGreaterThanOrEqual(
        Number(row.least_spend_per_day) - 1e-6,
      );
      expect(Number(row.suggested_spend_per_day)).toBeLessThanOrEqual(
        Number(row.most_spend_per_day) + 1e-6,
      );
    }
    // 10 / √spend, 2.4 / spend ^ 0.2 and 4.5 / spend ^ 0.1: the third returns most at every sum near these.
    const [first, second, third] = found;
    expect(first).toMatchObject({ advice: 'advice: spend less', basis: 'fitted' });
    expect(first?.suggested_spend_per_day).toBe(first?.least_spend_per_day);
    expect(second?.suggested_spend_per_day).toBe(second?.least_spend_per_day);
    expect(third).toMatchObject({ advice: 'advice: spend more' });
    expect(Number(third?.account_gain_low)).toBeGreaterThan(0);
  });

  it.each(['short', 'worthless', 'level', 'wild', 'unknown', 'provisional', 'flat'])(
    'keeps what a campaign has that is %s',
    (name) => {
      const [row] = of(splits, name);
      expect(row).toMatchObject({
        change_per_day: 0,
        advice: 'keep: too little is known',
        account_gain_per_day: null,
      });
      expect(row?.basis).not.toBe('fitted');
    },
  );

  it('has no row of what spends nothing', () => {
    expect(of(splits, 'unspent')).toEqual([]);
  });
});
