import { expect, it } from 'vitest';
import type { BuiltRow } from '../helpers/built-model.ts';
import type { StagingRow } from '../helpers/curated-lake.ts';
import { tries } from '../helpers/long.ts';
import { type HandTable, modelRows } from '../helpers/model-engine.ts';
import { seeded } from '../helpers/random.ts';
import { type PlantedCurve, plantedDays } from '../helpers/response-world.ts';

const CAMPAIGNS = 5;

/** Accounts of five campaigns with elasticities from 0.3 to 0.9 and a ROAS of 1 to 4 at their usual spend. */
function world(accounts: number, noise: number) {
  const random = seeded(11);
  const curves = new Map<string, PlantedCurve>();
  const days: StagingRow[] = [];
  for (let account = 1; account <= accounts; account++) {
    for (let at = 1; at <= CAMPAIGNS; at++) {
      const elasticity = 0.3 + 0.6 * random();
      const spend = 30 * 30 ** random();
      const scale = (1 + 3 * random()) * spend ** (1 - elasticity);
      const curve = { id: String(at), scale, elasticity, spend };
      curves.set(`${account} ${at}`, curve);
      days.push(...plantedDays(random, curve, { days: 90, noise, account: String(account) }));
    }
  }
  const of = (row: BuiltRow) => {
    const curve = curves.get(`${row.account_id} ${row.campaign_id}`);
    if (curve === undefined) throw new Error('no such campaign');
    return curve;
  };
  return { days, of };
}

it('planted curves are found, and the split that is advised brings what it says', async () => {
  const accounts = tries(40, 400);
  const { days, of } = world(accounts, 0.5);
  const rows = await splitsOf(days);
  const fitted = rows.filter((row) => row.basis === 'fitted');
  const held = fitted.filter((row) => {
    const error = Number(row.elasticity) - of(row).elasticity;
    return Math.abs(error) <= 1.2816 * Number(row.elasticity_error);
  });
  expect(fitted.length).toBeGreaterThan(0.95 * accounts * CAMPAIGNS);
  expect(held.length / fitted.length).toBeGreaterThan(0.72);
  expect(held.length / fitted.length).toBeLessThan(0.88);

  const gains = gainsOf(rows, of);
  const total = (part: 'told' | 'truly') => gains.reduce((sum, gain) => sum + gain[part], 0);
  const covered = gains.filter(({ truly, low, high }) => truly >= low && truly <= high);
  expect(gains).toHaveLength(accounts);
  expect(gains.filter(({ truly }) => truly > 0).length).toBeGreaterThan(0.95 * accounts);
  const chance = tries(0.08, 0.03);
  expect(covered.length / accounts).toBeGreaterThan(0.78 - chance);
  expect(covered.length / accounts).toBeLessThan(0.82 + chance);
  expect(total('truly') / total('told')).toBeGreaterThan(0.9);
  expect(total('truly') / total('told')).toBeLessThan(1.1);
});

it('a split is not told to bring what only chance lets it seem to bring', async () => {
  const accounts = tries(40, 400);
  const { days, of } = world(accounts, 1);
  const gains = gainsOf(await splitsOf(days), of);
  const total = (part: 'told' | 'truly') => gains.reduce((sum, gain) => sum + gain[part], 0);
  const held = gains.filter(({ truly, low, high }) => truly >= low && truly <= high);
  expect(total('truly') / total('told')).toBeGreaterThan(1 - tries(0.3, 0.1));
  expect(total('truly') / total('told')).toBeLessThan(1 + tries(0.3, 0.1));
  expect(held.length / gains.length).toBeGreaterThan(0.8 - tries(0.15, 0.05));
}, 120_000);

/** Splits by the models' own SQL, from campaign days that are all settled. */
function splitsOf(days: readonly StagingRow[]): Promise<readonly BuiltRow[]> {
  const rows = days.map((day) => [
    ...[day.account_id, day.campaign_id, day.date, 'USD', true, day.spend, day.purchase_value],
  ]) as HandTable['rows'];
  const accounts = [...new Set(days.map((day) => String(day.account_id)))];
  const last = days.reduce((most, { date }) => (String(date) > most ? String(date) : most), '');
  return modelRows(
    {
      'curated.campaign_day': { columns: DAY_COLUMNS, rows },
      'intermediate.account_days': {
        columns: { account_id: 'varchar', last_complete_day: 'date' },
        rows: accounts.map((account) => [account, last]),
      },
      'intermediate.campaign_names': {
        columns: { account_id: 'varchar', campaign_id: 'varchar', campaign_name: 'varchar' },
        rows: [],
      },
    },
    [
      { layer: 'intermediate', name: 'response_points' },
      { layer: 'curated', name: 'response_curves' },
      { layer: 'curated', name: 'budget_allocation' },
    ],
    SPLITS,
  );
}

const DAY_COLUMNS = {
  account_id: 'varchar',
  campaign_id: 'varchar',
  date: 'date',
  currency: 'varchar',
  is_settled: 'boolean',
  spend: 'decimal(18, 6)',
  purchase_value: 'decimal(18, 6)',
};

const SPLITS = `select splits.*, curves.elasticity, curves.elasticity_error
from curated.budget_allocation as splits
inner join curated.response_curves as curves
  on curves.account_id = splits.account_id and curves.campaign_id = splits.campaign_id`;

/** What the split of an account is told to bring a day, and what it truly would. */
interface Gain {
  readonly told: number;
  readonly low: number;
  readonly high: number;
  readonly truly: number;
}

function gainsOf(rows: readonly BuiltRow[], of: (row: BuiltRow) => PlantedCurve): readonly Gain[] {
  const gains = new Map<unknown, Gain>();
  for (const row of rows) {
    const { scale, elasticity } = of(row);
    const value = (spend: unknown) => scale * Number(spend) ** elasticity;
    const more = value(row.suggested_spend_per_day) - value(row.spend_per_day);
    gains.set(row.account_id, {
      told: Number(row.account_gain_per_day),
      low: Number(row.account_gain_low),
      high: Number(row.account_gain_high),
      truly: (gains.get(row.account_id)?.truly ?? 0) + more,
    });
  }
  return [...gains.values()];
}
