import { describe, expect, it } from 'vitest';
import { findPlanted } from '../helpers/planted-days.ts';

describe('faults planted in the sandbox’s days', () => {
  it('are found in four of five cases and more, and of the other days at most 3 % are told', async () => {
    const found = await findPlanted([1]);
    const sum = (name: 'planted' | 'found' | 'others' | 'wrong') =>
      found.reduce((total, one) => total + one[name], 0);
    expect(sum('planted')).toBeGreaterThan(50);
    expect(sum('others')).toBeGreaterThan(4000);
    expect(sum('found') / sum('planted')).toBeGreaterThanOrEqual(0.8);
    expect(sum('wrong') / sum('others')).toBeLessThanOrEqual(0.03);
    const [, ctr, cpm, conversions] = found;
    expect(
      [ctr, cpm, conversions].every((one) => (one?.found ?? 0) / (one?.planted ?? 0) > 0.9),
    ).toBe(true);
  });
});
