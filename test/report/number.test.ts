import { describe, expect, it } from 'vitest';
import {
  between,
  change,
  compact,
  count,
  estimate,
  grouped,
  money,
  percent,
  ratio,
} from '../../src/report/number.ts';

describe('a number in the report', () => {
  it('has the decimals of its currency, and is not known when it is NULL', () => {
    expect(money('1234.565000', 'USD')).toBe('1,234.56 USD');
    expect(money('1234.500000', 'JPY')).toBe('1,234 JPY');
    expect(money('9007199254740993.01', 'EUR')).toBe('9,007,199,254,740,993.01 EUR');
    expect(money(null, 'EUR')).toBe('–');
    expect(money('0', 'EUR')).toBe('0.00 EUR');
  });

  it('shows a fraction of a purchase, and no empty decimals', () => {
    expect([count('12.50'), count('3.000000'), count(null)]).toEqual(['12.5', '3', '–']);
    expect([ratio(2.345), ratio(null), percent(0.0213), percent(null)]).toEqual([
      '2.35',
      '–',
      '2.13 %',
      '–',
    ]);
  });

  it('gets its commas in a sentence too, where a day keeps its own form', () => {
    expect(grouped('Spent 3101.94 USD of 12000 since 2026-07-28, in 53 days.')).toBe(
      'Spent 3,101.94 USD of 12,000 since 2026-07-28, in 53 days.',
    );
  });

  it('has no cents when it is an estimate of 100 or more, and says its currency once for both ends', () => {
    expect(estimate(2517.148983, 'USD')).toBe('2,517 USD');
    expect(estimate(41.951, 'USD')).toBe('41.95 USD');
    expect(estimate(null, 'USD')).toBe('–');
    expect(between(1862.68, '3105.2', 'USD')).toBe('1,863 to 3,105 USD');
  });

  it('is short at an axis', () => {
    expect([0, 950, 9500, 12_500, 3_200_000, 1e9].map(compact)).toEqual([
      '0',
      '950',
      '9,500',
      '12.5 k',
      '3.2 M',
      '1 bn',
    ]);
  });

  it('says by how much it moved, and nothing when there is nothing to compare with', () => {
    expect(change(150, 100)).toBe('+50.0 %');
    expect(change(50, 100)).toBe('−50.0 %');
    expect(change(99.99, 100)).toBe('±0.0 %');
    expect(change(5, 0)).toBe('–');
    expect(change(null, 3)).toBe('–');
  });
});
