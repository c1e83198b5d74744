import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { driversOf, roasOf, type Totals } from '../../src/report/change.ts';

const BEFORE: Totals = {
  spend: 100,
  purchase_value: 400,
  conversions: 10,
  impressions: 20_000,
  clicks: 200,
};

describe('why ROAS moved', () => {
  it('is worked out by hand: half the purchases at the same price is all of the fall', () => {
    const now = { ...BEFORE, purchase_value: 200, conversions: 5 };
    const [main, ...others] = driversOf(BEFORE, now);
    expect(main).toEqual({ name: 'conversion', before: 0.05, now: 0.025, effect: Math.log(0.5) });
    expect(others.map(({ effect }) => effect)).toEqual(
      [0, 0, 0].map((zero) => expect.closeTo(zero)),
    );
  });

  it('counts a lower price of impressions as a gain', () => {
    const now = { ...BEFORE, spend: 50 };
    expect(driversOf(BEFORE, now)[0]).toMatchObject({ name: 'price', before: 0.005, now: 0.0025 });
    expect(driversOf(BEFORE, now)[0]?.effect).toBeCloseTo(Math.log(2));
  });

  it('adds up to the whole movement, whatever the figures are', () => {
    const amount = fc.double({ min: 0.01, max: 1e9, noNaN: true });
    const totals = fc.record({
      spend: amount,
      purchase_value: amount,
      conversions: amount,
      impressions: amount,
      clicks: amount,
    });
    fc.assert(
      fc.property(totals, totals, (before, now) => {
        const sum = driversOf(before, now).reduce((all, { effect }) => all + effect, 0);
        expect(sum).toBeCloseTo(Math.log((roasOf(now) ?? 0) / (roasOf(before) ?? 0)), 6);
      }),
    );
  });

  it.each(['spend', 'purchase_value', 'conversions', 'impressions', 'clicks'] as const)(
    'is not told when %s is unknown or zero',
    (name) => {
      expect(driversOf(BEFORE, { ...BEFORE, [name]: null })).toEqual([]);
      expect(driversOf({ ...BEFORE, [name]: 0 }, BEFORE)).toEqual([]);
    },
  );
});

describe('ROAS', () => {
  it('is unknown without spend, and 0 with spend and no value', () => {
    expect(roasOf({ ...BEFORE, spend: 0 })).toBeNull();
    expect(roasOf({ ...BEFORE, purchase_value: null })).toBeNull();
    expect(roasOf({ ...BEFORE, purchase_value: 0 })).toBe(0);
  });
});
