import { describe, expect, it } from 'vitest';
import { counted, readable, readableChange } from '../src/amount.ts';

describe('an amount for reading', () => {
  it.each([
    ['1234.56', 'EUR', '1,234.56 EUR'],
    ['1234.5', 'EUR', '1,234.50 EUR'],
    ['0', 'USD', '0.00 USD'],
    ['964139', 'JPY', '964,139 JPY'],
    ['-1234567.891', 'USD', '-1,234,567.891 USD'],
    ['12345678901234567890.12', 'USD', '12,345,678,901,234,567,890.12 USD'],
    ['999', 'EUR', '999.00 EUR'],
    ['5', '(currency unknown)', '5 (currency unknown)'],
  ])('%s %s is %s', (text, currency, expected) => {
    expect(readable(text, currency)).toBe(expected);
  });

  it('without a currency keeps the digits it has', () => {
    expect(readable('1234.5')).toBe('1,234.5');
  });

  it('of a change has its sign in front', () => {
    expect(readableChange('12.3', 'EUR')).toBe('+12.30 EUR');
    expect(readableChange('-12.3', 'EUR')).toBe('-12.30 EUR');
  });

  it('with a noun has its plural', () => {
    expect([counted(1, 'record'), counted(1200, 'record')]).toEqual(['1 record', '1,200 records']);
  });
});
