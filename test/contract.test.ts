import { describe, expect, it } from 'vitest';
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
