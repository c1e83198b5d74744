import { describe, expect, it } from 'vitest';
import { contractAt } from '../src/contract.ts';
import { brokenRules } from '../src/contract-sql.ts';
import { columnTypes, openEngine, quoteName, quoteText } from '../src/duckdb.ts';

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

  it('lets no infinite number pass', async () => {
    expect(await brokenBy({ ...GOOD, roas: 'inf' })).toEqual(['roas']);
    expect(await brokenBy({ ...GOOD, avg_cpc: 'nan' })).toEqual(['avg_cpc']);
  });
});
