import Big from 'big.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { agree, isDecimal, isZero, product, quotient, rounded, sumOf } from '../src/decimal.ts';

/** Money of cents from a whole number of them. */
const cents = fc
  .bigInt({ min: 0n, max: 10n ** 14n })
  .map((n) => ({ n, text: `${n / 100n}.${String(n % 100n).padStart(2, '0')}` }));

describe('decimal text', () => {
  it('adds money to the cent, whatever the amounts', () => {
    fc.assert(
      fc.property(fc.array(cents, { maxLength: 40 }), (amounts) => {
        const total = amounts.reduce((sum, amount) => sum + amount.n, 0n);
        expect(product(sumOf(amounts.map((amount) => amount.text)), '100')).toBe(String(total));
      }),
    );
    expect(sumOf(['0.1', '0.2'])).toBe('0.3');
    expect(sumOf([])).toBe('0');
  });

  it('does not depend on the order of a sum', () => {
    fc.assert(
      fc.property(fc.array(cents), (amounts) => {
        const texts = amounts.map((amount) => amount.text);
        expect(sumOf([...texts].reverse())).toBe(sumOf(texts));
      }),
    );
  });

  it('divides half-even to six places, and not at all by nothing', () => {
    expect(quotient('85.42', '340')).toBe('0.251235');
    expect(quotient('1', '3')).toBe('0.333333');
    expect(quotient('0.0000005', '1')).toBe('0');
    expect(quotient('0.0000015', '1')).toBe('0.000002');
    expect(quotient('0.0000025', '1')).toBe('0.000002');
    expect(quotient('5', '0')).toBeNull();
    expect(quotient('5', '0.00')).toBeNull();
  });

  it('divides small numbers as it divides large ones', () => {
    const whole = fc.integer({ min: 0, max: 9_999_999 });
    const places = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 6 });
    const under = fc.oneof(
      fc.integer({ min: 1, max: 64 }),
      fc.integer({ min: 1, max: 999_999_999 }),
    );
    const zeros = '0'.repeat(10);
    fc.assert(
      fc.property(whole, places, under, (digits, rest, divisor) => {
        const over = rest.length === 0 ? String(digits) : `${digits}.${rest.join('')}`;
        const exact = quotient(`${over}${rest.length === 0 ? '.' : ''}${zeros}`, `${divisor}.0`);
        expect(quotient(over, String(divisor))).toBe(exact);
      }),
      { numRuns: 2_000 },
    );
  });

  it('multiplies and compares as exact arithmetic does, at the border too', () => {
    const amount = fc
      .tuple(fc.integer({ min: 0, max: 99_999_999 }), fc.integer({ min: 0, max: 8 }))
      .map(([digits, places]) => new Big(digits).div(10 ** places).toFixed(places));
    const within = { share: '0.005', slack: '0.000001' };
    const near = fc.constantFrom('0.995', '1.005', '1.0050001', '0.9949999', '1', '2');
    fc.assert(
      fc.property(amount, amount, near, (left, right, factor) => {
        expect(product(left, right)).toBe(new Big(left).times(right).toFixed());
        const found = new Big(left).times(factor).toFixed();
        const distance = new Big(found).minus(left).abs();
        const isNear = distance.lte(new Big(left).times('0.005')) || distance.lte('0.000001');
        expect(agree(found, left, within)).toBe(isNear);
        const eight = new Big(left).round(8, Big.roundHalfEven).toFixed();
        expect(rounded(left, 8)).toBe(eight);
      }),
      { numRuns: 2_000 },
    );
  });

  it('is never written with an exponent or as minus zero', () => {
    expect(quotient('1', '1000000')).toBe('0.000001');
    expect(product('1000000000000', '1000000000000')).toBe('1000000000000000000000000');
    expect(rounded('-0.0000001')).toBe('0');
  });

  it('stays as it is when it fits, and loses only what is beyond the places', () => {
    expect(rounded('85.420')).toBe('85.420');
    expect(rounded('1049.9299999999998')).toBe('1049.93');
    expect(rounded('2.54629629', 8)).toBe('2.54629629');
  });

  it('is digits and a point, nothing else', () => {
    expect(['0', '-1', '12.30'].every(isDecimal)).toBe(true);
    expect(['12,30', '1e3', '', '.5', '5.', ' 1', '+1', 12, null].some(isDecimal)).toBe(false);
    expect(isZero('0.00')).toBe(true);
    expect(isZero('0.01')).toBe(false);
  });

  it('agrees within a share or a slack, both inclusive', () => {
    const within = { share: '0.005', slack: '0.005' };
    expect(agree('1.005', '1', within)).toBe(true);
    expect(agree('1.0050001', '1', within)).toBe(false);
    expect(agree('100.5', '100', within)).toBe(true);
    expect(agree('100.51', '100', within)).toBe(false);
  });
});
