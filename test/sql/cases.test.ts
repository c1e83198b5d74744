import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, openEngine, rowsOf } from '../../src/duckdb/duckdb.ts';
import { MODELS } from '../../src/model.ts';
import { viewStatements } from '../../src/query/views.ts';
import type { Lake } from '../../src/zone.ts';
import { CASES, type CaseName, caseFiles } from '../helpers/case-lake.ts';
import { curator, putStaging, type StagingFiles } from '../helpers/curated-lake.ts';
import { keptLake } from '../helpers/lake.ts';
import { WORKED } from '../helpers/worked-cases.ts';

/** A lake with all of its models, and an engine that sees them. */
function curated(files: StagingFiles): () => Engine {
  const lake: Lake = keptLake();
  let engine: Engine;
  beforeAll(async () => {
    putStaging(lake, files);
    await curator(lake)();
    engine = await openEngine({ threads: 1, memory: '256MB', spillInto: null });
    for (const statement of viewStatements(lake, '')) await engine.connection.run(statement);
  });
  afterAll(() => engine.close());
  return () => engine;
}

/** Accounts (or months, for what is of no account) whose rows are those of a case. */
function keysOf(name: CaseName): readonly string[] {
  const { accounts, first } = CASES[name];
  return [...accounts.map(({ id }) => id), `month ${Number(first.slice(5, 7))}`];
}

/** A row without its first column as text: – for NULL, decimals without zeros at their end. */
function lineOf(row: Readonly<Record<string, unknown>>): string {
  const [, ...values] = Object.values(row);
  return values
    .map((value) => (value === null ? '–' : String(value).replace(/^(-?\d+)(\.\d*?)0+$/, '$1$2')))
    .map((text) => text.replace(/^(-?\d+)\.$/, '$1'))
    .join(' ');
}

/** Of whole lakes, and of no account: they are looked at as one. */
const OF_ALL = ['journeys', 'time_to_convert'];

describe('every model', () => {
  const engine = curated(caseFiles());
  const ask = (sql: string) => rowsOf(engine().connection, sql);

  it('has an answer worked out by hand for each kind of data', () => {
    const asked = [...WORKED.map(({ model }) => model), ...OF_ALL];
    expect(asked.sort()).toEqual(MODELS.map(({ name }) => name).sort());
  });

  describe.each(WORKED)('$model', ({ ask: sql, rows }) => {
    it.each(Object.keys(CASES) as readonly CaseName[])('gives what it should: %s', async (name) => {
      const keys = keysOf(name);
      const found = (await ask(sql)).filter((row) => keys.includes(String(Object.values(row)[0])));
      expect(found.map(lineOf).sort()).toEqual([...rows[name]].sort());
    });
  });

  it('of orders alone adds no currencies together: seven of 50, one of them in euros', async () => {
    const paths = await ask('select path, orders, revenue, revenue_note from journeys');
    expect(paths).toMatchObject([{ path: 'Social', orders: '7', revenue: null }]);
    const times = await ask(
      'select first_channel, days, orders, share_by_then from time_to_convert order by first_channel',
    );
    const each = { days: '0', orders: '7', share_by_then: 1 };
    expect(times).toMatchObject([{ ...each, first_channel: 'Social' }, each]);
  });
});

describe('every model without data', () => {
  const engine = curated({});

  it.each(MODELS.map(({ name }) => name))('%s has no row', async (name) => {
    expect(await rowsOf(engine().connection, `select * from ${name}`)).toEqual([]);
  });
});
