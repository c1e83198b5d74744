import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { formatCsvRow } from '../../src/csv.ts';
import { judgeImport } from '../../src/imports/judge-import.ts';
import { datasetOf } from '../../src/imports/land-import.ts';
import { reportFlattener } from '../../src/imports/report.ts';
import { reportFlattenerFor } from '../../src/imports/report-flattener.ts';
import type { Batch } from '../../src/landing/batch.ts';
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
  });

  it('is judged alike by the quick way and by the plain one, good rows and bad', () => {
    const dataset = datasetOf('meta');
    const contract = contractAt('raw/meta_report.schema.json');
    const judgedBy = (content: Buffer, engine: 'fast' | 'plain') => {
      const file = understood(content, { locale: 'en-GB' });
      return file.accounts.map(({ reading, since, until }) => {
        const scope = { since, until, campaigns: { kind: 'all' as const }, complete: false };
        const batch = { ...BATCH, scope, reading };
        const page = { file: 'page-00001.csv', bytes: content, reading };
        return judgeImport({ dataset, contract, engine }, batch, page);
      });
    };
    const broken = fc.constantFrom('', 'x', '-1', '1e400', '9'.repeat(40), '2026-02-30');
    fc.assert(
      fc.property(tables, broken, fc.nat(6), (rows, bad, at) => {
        const head =
          'Campaign name,Ad set name,Campaign ID,Day,Amount spent (EUR),Impressions,Purchases';
        const lines = rows.map((row) => {
          const cells = [
            'a',
            row.adSet,
            '12',
            row.day,
            String(row.cents),
            String(row.impressions),
            '1',
          ];
          cells[at] = row.cents % 2 === 0 ? bad : (cells[at] ?? '');
          return cells.join(',');
        });
        const content = Buffer.from([head, 'b,s,1,2026-01-01,1.5,1,1', ...lines].join('\n'));
        expect(judgedBy(content, 'fast')).toEqual(judgedBy(content, 'plain'));
      }),
      { numRuns: 200, seed: SEED },
    );
  });
});

describe('rows of exports', () => {
  it('are flattened alike by the quick way and by the plain one', () => {
    const staging = contractAt('staging/meta_report.schema.json');
    const { stagingKey } = datasetOf('meta');
    const quick = reportFlattenerFor('meta', staging, stagingKey);
    fc.assert(
      fc.property(
        tables,
        dialects,
        fc.constantFrom('EUR', '', 'euro'),
        (rows, dialect, currency) => {
          const content = written(rows, { ...dialect, date: 'iso' });
          for (const record of recordsOf(understood(content))) {
            const text = JSON.stringify({ ...record, other_metrics: { 'a,"b"': 'x\ny', A: '1' } });
            const bytes = Buffer.from(text);
            const lineage = { ...LINEAGE, currency };
            const raw = { record: JSON.parse(text), text, lineage, accountId: '1' };
            const [row = {}] = flatten(raw);
            const found = quick.flatten({
              bytes,
              from: 0,
              to: bytes.length,
              lineage,
              accountId: '1',
            });
            if (staging.check(row).length > 0) expect(found).toBeNull();
            else {
              expect(found?.line).toBe(formatCsvRow(staging.columns.map((name) => row[name])));
              expect(found?.key).toEqual(stagingKey.map((name) => row[name] ?? null));
            }
          }
        },
      ),
      { numRuns: 200, seed: SEED },
    );
  });
});

const BATCH: Batch = {
  batch_id: 'b',
  dataset: 'meta_report',
  account_id: '1',
  object_id: null,
  source: 'import',
  scope: { since: null, until: null, campaigns: { kind: 'all' }, complete: false },
  today: '2026-11-20',
  landed_at: '2026-11-20T00:00:00.000Z',
  api_version: null,
  request: {},
  timezone: null,
  currency: 'EUR',
  pages: [],
};
