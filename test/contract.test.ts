import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { CHECKOUT } from '../src/checkout.ts';
import { contractAt } from '../src/contract.ts';

const contract = contractAt('raw/insights_campaign_day.schema.json');
const row = { campaign_id: '1', date_start: '2026-10-01', date_stop: '2026-10-01' };

describe('a contract', () => {
  it.each([
    [
      { ...row, spend: '12,30' },
      '/spend',
      'must be a number with a point before its decimals and no sign, like 12.30',
    ],
    [
      { ...row, impressions: '1.5' },
      '/impressions',
      'must be a whole number without a sign, like 1230',
    ],
    [{ ...row, campaign_id: 'x' }, '/campaign_id', 'must be an id: text of up to 32 digits'],
    [{ ...row, campaign_id: 12 }, '/campaign_id', 'must be string'],
    [
      { ...row, account_currency: '€' },
      '/account_currency',
      'must be a currency code of three capitals, like EUR',
    ],
    [{ ...row, date_stop: '2026-10-07' }, '/date_stop', 'must be equal to constant'],
  ])('says in words what it expected: %j', (record, pointer, reason) => {
    expect(contract.check(record)).toContainEqual({ pointer, reason });
  });

  it('changes nothing of what it judges', () => {
    const record = { ...row, spend: 1, more: '1', nested: { a: [1] } };
    const before = structuredClone(record);
    contract.check(record);
    expect(record).toEqual(before);
  });

  it('that is not there is an error which names it', () => {
    expect(() => contractAt('raw/nothing.schema.json')).toThrow('schemas/raw/nothing.schema.json');
  });
});

const schemas = join(CHECKOUT, 'schemas');

describe('every contract', () => {
  const paths = readdirSync(schemas, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.json'))
    .sort();
  const meta = new Ajv2020();

  it.each(paths)('%s is a JSON Schema, and can be used', (path) => {
    const schema = JSON.parse(readFileSync(join(schemas, path), 'utf8')) as object;
    expect(meta.validateSchema(schema), JSON.stringify(meta.errors)).toBe(true);
    expect(Array.isArray(contractAt(path).check({}))).toBe(true);
  });
});
