import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { reportFlattener } from '../../src/imports/report.ts';
import {
  type Dialect,
  dialects,
  localeOf,
  type PlainRow,
  tables,
  written,
} from '../helpers/dialect.ts';
import { recordsOf, understood } from '../helpers/imports.ts';

const RUNS = 2_000;
/** What a case of the property is made of again when it fails: fast-check prints it. */
const SEED = 20_261_121;

const flatten = reportFlattener('meta');
const LINEAGE = {
  batch_id: 'b',
  page: 'p',
  row: 1,
  landed_at: '',
  pulled_on: '2026-11-20',
  object_id: '',
  currency: 'EUR',
  timezone: '',
  source: 'import',
};

function stagingRows(content: Buffer, locale: string | null): readonly object[] {
  const file = understood(content, { locale });
  return recordsOf(file).flatMap((record) =>
    flatten({ record, text: '', lineage: LINEAGE, accountId: 'unknown' }),
  );
}

/** What staging must hold, made from the table itself. */
function expectedRow(row: PlainRow): object {
  return {
    date_start: row.day,
    date_stop: row.day,
    level: 'ad_set',
    object_key: JSON.stringify([row.campaign, row.adSet]),
    age: row.age,
    spend: decimal(row.cents),
    impressions: String(row.impressions),
    purchases: row.purchases === null ? null : String(row.purchases),
    currency: 'EUR',
    other_metrics: null,
  };
}

function decimal(cents: number): string {
  const text = `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
  return text.replace(/\.?0+$/, (end) => (end.startsWith('.') ? '' : end.replace(/0+$/, '')));
}

/** Staging rows; where the file alone is not enough, what it gives with its locale stated. */
function rowsOf(rows: readonly PlainRow[], dialect: Dialect, variant: number): readonly object[] {
  const content = written(rows, dialect, variant);
  try {
    return stagingRows(content, null);
  } catch (error) {
    expect(String(error)).toContain('The dates can be read two ways');
    expect(rows.filter(({ day }) => Number(day.slice(8)) > 12)).toEqual([]);
    return stagingRows(content, localeOf(dialect));
  }
}

describe('a table written in any dialect', () => {
  it('gives the same staging rows, or asks for the locale and then gives them', () => {
    const contract = contractAt('staging/meta_report.schema.json');
    fc.assert(
      fc.property(tables, dialects, fc.nat(2), (rows, dialect, variant) => {
        const found = rowsOf(rows, dialect, variant);
        expect(found).toHaveLength(rows.length);
        for (const [at, row] of rows.entries()) expect(found[at]).toMatchObject(expectedRow(row));
        expect(found.flatMap((row) => contract.check(row))).toEqual([]);
      }),
      { numRuns: RUNS, seed: SEED },
    );
  }, 120_000);
});
