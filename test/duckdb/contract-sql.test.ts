import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { brokenRules, ruleOfPattern } from '../../src/duckdb/contract-sql.ts';
import { columnTypes, openEngine, quoteName, quoteText, rowsOf } from '../../src/duckdb/duckdb.ts';

const SCHEMA = 'curated/metaads_campaigns_daily.schema.json';
const GOOD = {
  campaign_id: '120210000000000017',
  campaign_name: "it's",
  total_spend_usd: '10.5',
  total_impressions: 5,
  total_clicks: 1,
  max_daily_reach: 5,
  is_currently_active: true,
  avg_cpc: 10.5,
  avg_ctr: 0.2,
  total_conversions: '0.5',
  roas: null,
};

async function brokenBy(row: Readonly<Record<string, unknown>>): Promise<readonly string[]> {
  const engine = await openEngine({ threads: 1, memory: '200MB', spillInto: null });
  const values = columnTypes(SCHEMA).map(([name, type]) => {
    const value = row[name];
    const literal = value === null ? 'null' : quoteText(String(value));
    return `cast(${literal} as ${type}) as ${quoteName(name)}`;
  });
  await engine.connection.run(`create table judged as select ${values.join(', ')}`);
  const broken = await brokenRules(engine.connection, { table: 'judged', schema: SCHEMA });
  engine.close();
  return broken.map(({ rule }) => rule.column);
}

describe('a curated contract', () => {
  it('keeps a good row', async () => {
    expect(contractAt(SCHEMA).check(GOOD)).toEqual([]);
    expect(await brokenBy(GOOD)).toEqual([]);
  });

  it.each([
    ['campaign_id', null],
    ['campaign_id', 'act_1'],
    ['campaign_name', null],
    ['total_spend_usd', '-1'],
    ['total_clicks', -1],
    ['is_currently_active', null],
    ['avg_ctr', -0.1],
  ])(
    'is broken in the engine where it is broken in the JSON Schema: %s %s',
    async (column, value) => {
      const row = { ...GOOD, [column]: value };
      expect(contractAt(SCHEMA).check(row).length).toBeGreaterThan(0);
      expect(await brokenBy(row)).toEqual([column]);
    },
  );

  it('judges decimals and days by their range as their pattern judges their text', async () => {
    const engine = await openEngine({ threads: 1, memory: '200MB', spillInto: null });
    const cases = [
      ['^-?\\d{1,12}(\\.\\d{1,6})?$', 'DECIMAL(18,6)', ['-999999999999.999999', '0', '1.5']],
      ['^\\d{1,12}(\\.\\d{1,6})?$', 'DECIMAL(18,6)', ['-0.000001', '0', '999999999999.999999']],
      ['^\\d{1,3}(\\.\\d{1,6})?$', 'DECIMAL(18,6)', ['-1', '999.999999', '1000', '12']],
      ['^-?\\d{1,2}(\\.\\d{1,2})?$', 'DECIMAL(18,6)', ['1.5', '-99']],
      [
        '^\\d{4}-\\d{2}-\\d{2}$',
        'DATE',
        ['2026-01-31', '0001-01-01', '9999-12-31', '10000-01-01', '0001-12-31 (BC)', 'infinity'],
      ],
    ] as const;
    for (const [pattern, type, values] of cases) {
      const rule = ruleOfPattern('v', pattern, type);
      for (const value of values) {
        const [row] = await rowsOf(
          engine.connection,
          `select ${rule} as by_rule, regexp_matches(cast(v as varchar), ${quoteText(pattern)}) as by_text from (select cast(${quoteText(value)} as ${type}) as v)`,
        );
        expect(row?.by_rule, `${value} ${type} ${pattern}`).toBe(row?.by_text);
      }
    }
    expect(ruleOfPattern('v', cases[0][0], 'DECIMAL(18,6)')).not.toContain('regexp');
    engine.close();
  });

  it('lets no infinite number pass', async () => {
    expect(await brokenBy({ ...GOOD, roas: 'inf' })).toEqual(['roas']);
    expect(await brokenBy({ ...GOOD, avg_cpc: 'nan' })).toEqual(['avg_cpc']);
  });
});
