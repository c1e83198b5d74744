import { describe, expect, it } from 'vitest';
import { addDays, daysOf } from '../../src/window.ts';
import { builtRows } from '../helpers/built-model.ts';
import type { StagingFiles, StagingRow } from '../helpers/curated-lake.ts';

/** A campaign day as a pull on `known_on` brought it; its answer is named after the day. */
function version(date: string, knownOn: string, figures: StagingRow): StagingRow {
  return {
    account_id: '1',
    date,
    campaign_id: '10',
    batch_id: knownOn,
    known_on: knownOn,
    landed_at: `${knownOn}T12:00:00.000Z`,
    page: 'page-00001.json',
    row: 1,
    state: 'known',
    currency: 'USD',
    spend: '10',
    impressions: 100,
    clicks: 10,
    ...figures,
  };
}

function asked(today: string, since: string, until: string, more: StagingRow = {}): StagingRow {
  return {
    account_id: '1',
    batch_id: today,
    dataset: 'insights_campaign_day',
    source: 'api',
    since,
    until,
    campaigns_kind: 'all',
    complete: true,
    today,
    landed_at: `${today}T12:00:00.000Z`,
    pages: 1,
    ...more,
  };
}

const first = '2026-01-01';

/**
 * Settled days one after the other, each known on the day after it as 1 purchase of 10, and in the end
 * (28 days later) as 2 purchases of 10 more for its place: 11, 12, 13 …
 */
function history(count: number): {
  readonly versions: StagingRow[];
  readonly batches: StagingRow[];
} {
  const days = daysOf({ since: first, until: addDays(first, count - 1) });
  return {
    versions: days.flatMap((date, at) => [
      version(date, addDays(date, 1), { purchases: '1', purchase_value: '10' }),
      version(date, addDays(date, 28), { purchases: '2', purchase_value: String(11 + at) }),
    ]),
    batches: days.flatMap((date) => [
      asked(addDays(date, 1), date, date),
      asked(addDays(date, 28), date, date, { batch_id: `${addDays(date, 28)} settled` }),
    ]),
  };
}

function lakeOf(history: { readonly versions: StagingRow[]; readonly batches: StagingRow[] }) {
  return {
    'campaign_day_versions/1/2026-01': history.versions,
    'batches/1/all': history.batches,
  } satisfies StagingFiles;
}

describe('maturity_curve', () => {
  it('is worked out by hand for 20 settled days', async () => {
    const rows = await builtRows(
      lakeOf(history(20)),
      "select * from curated.maturity_curve where days_after = 1 and metric in ('conversions', 'purchase_value') order by metric",
    );
    expect(rows).toMatchObject([
      {
        metric: 'conversions',
        days: '20',
        is_enough: true,
        share_known: 0.5,
        factor_low: 2,
        factor_high: 2,
      },
      {
        metric: 'purchase_value',
        days: '20',
        is_enough: true,
        // 20 x 10 of 20 x 10 + (1 + 2 + … + 20).
        share_known: 0.487804878,
        // Places 2.1, 10.5 and 18.9 among 10/30, 10/29 … 10/11.
        share_p10: 0.3460591133,
        share_p50: 0.4880952381,
        share_p90: 0.8269230769,
        share_of_days_final: 0,
        // Places 2.1 and 18.9 among 1.1, 1.2 … 3.0.
        factor_low: 1.21,
        factor_high: 2.89,
      },
    ]);
  });

  it('has everything known of a day 28 days after it', async () => {
    const rows = await builtRows(
      lakeOf(history(20)),
      'select distinct share_known, factor_low, factor_high, share_of_days_final from curated.maturity_curve where days_after = 28',
    );
    expect(rows).toEqual([
      { share_known: 1, factor_low: 1, factor_high: 1, share_of_days_final: 1 },
    ]);
  });

  it('begins the interval at what is known where a tenth of the days did not grow any more', async () => {
    const { versions, batches } = history(20);
    const still = versions.map((row) =>
      row.purchase_value === '11' || row.purchase_value === '12'
        ? { ...row, purchase_value: '10' }
        : row,
    );
    const rows = await builtRows(
      lakeOf({ versions: still, batches }),
      "select share_of_days_final, factor_low, factor_high from curated.maturity_curve where days_after = 1 and metric = 'purchase_value'",
    );
    // Place 16.8 among 1, 1, 1.3, 1.4 … 3.0.
    expect(rows).toEqual([{ share_of_days_final: 0.1, factor_low: 1, factor_high: 2.68 }]);
  });

  it('has no row of a day that nobody asked about at that age', async () => {
    const rows = await builtRows(
      lakeOf(history(20)),
      'select distinct days_after from curated.maturity_curve order by 1',
    );
    expect(rows).toEqual([{ days_after: '1' }, { days_after: '28' }]);
  });

  it('is empty without data', async () => {
    expect(await builtRows({}, 'select * from curated.maturity_curve')).toEqual([]);
    expect(await builtRows({}, 'select * from curated.roas_matured')).toEqual([]);
    expect(await builtRows({}, 'select * from curated.restatement_day')).toEqual([]);
  });
});

const young = '2026-02-20';

function withYoungDay(count: number, figures: StagingRow) {
  const { versions, batches } = history(count);
  return {
    'campaign_day_versions/1/2026-01': versions,
    'campaign_day_versions/1/2026-02': [version(young, addDays(young, 1), figures)],
    'batches/1/all': [...batches, asked(addDays(young, 1), young, young, { batch_id: 'young' })],
  } satisfies StagingFiles;
}

function youngDay(count: number, figures: StagingRow) {
  return builtRows(
    withYoungDay(count, figures),
    `select * from curated.roas_matured where date = date '${young}'`,
  );
}

describe('roas_matured', () => {
  it('is what is known over the share that is known of settled days at that age', async () => {
    const [row] = await youngDay(20, { purchases: '3', purchase_value: '20' });
    expect(row).toMatchObject({
      basis: 'estimated',
      days_after: '1',
      curve_days: '20',
      roas: 2,
      conversions_matured: 6,
      purchase_value_matured: 41,
      purchase_value_low: 24.2,
      purchase_value_high: 57.8,
      roas_low: 2.42,
      roas_high: 5.78,
    });
    expect(Number(row?.roas_matured)).toBeCloseTo(4.1, 8);
  });

  it('is what is known of a settled day', async () => {
    const rows = await builtRows(
      withYoungDay(20, { purchases: '0', purchase_value: '0' }),
      `select basis, spend_matured, purchase_value_low, roas_matured from curated.roas_matured where date = date '${first}'`,
    );
    expect(rows).toEqual([
      { basis: 'settled', spend_matured: 10, purchase_value_low: 11, roas_matured: 1.1 },
    ]);
  });

  it.each([
    ['too few settled days', 19, { purchases: '3', purchase_value: '20' }],
    ['no conversion known yet', 20, { purchases: '0', purchase_value: '0' }],
    ['no spend', 20, { spend: '0', purchases: '1', purchase_value: '5' }],
    ['a figure is unknown', 20, { purchases: '1', purchase_value: null }],
  ])('says why there is no estimate: %s', async (basis, count, figures) => {
    const [row] = await youngDay(count, figures);
    expect(row).toMatchObject({ basis, roas_matured: null, roas_low: null, spend_matured: null });
  });
});

describe('restatement_day', () => {
  it('says what changed on which day and by how much, and takes the last pull of a day', async () => {
    const at = (day: number, more: StagingRow) => version(first, addDays(first, day), more);
    const rows = await builtRows(
      lakeOf({
        versions: [
          at(1, { purchases: '1', purchase_value: '10' }),
          at(2, { batch_id: 'a', purchases: '7', purchase_value: '70' }),
          at(2, { batch_id: 'b', purchases: '2', purchase_value: '25.50' }),
          at(3, { batch_id: 'c', purchases: '9', purchase_value: '90' }),
          at(3, { batch_id: 'd', purchases: '2', purchase_value: '25.50' }),
          at(4, {
            state: 'withdrawn',
            spend: null,
            impressions: null,
            clicks: null,
            purchases: null,
            purchase_value: null,
            page: null,
            row: null,
          }),
          at(6, { purchases: '2', purchase_value: '20' }),
        ],
        batches: [],
      }),
      'select version, days_after, change, is_latest, conversions, spend_change, conversions_change, purchase_value_change from curated.restatement_day order by version',
    );
    expect(
      rows.map((row) =>
        Object.values(row)
          .map((cell) => String(cell))
          .join(' '),
      ),
    ).toEqual([
      '1 1 first false 1.000000 null null null',
      '2 2 restated false 2.000000 0.000000 1.000000 15.500000',
      '3 4 withdrawn false null -10.000000 -2.000000 -25.500000',
      '4 6 returned true 2.000000 10.000000 2.000000 20.000000',
    ]);
  });
});
