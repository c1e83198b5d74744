import { describe, expect, it } from 'vitest';
import { backTest } from '../helpers/back-test.ts';

describe('estimates of days that are not settled, against what the sandbox’s days came to', () => {
  it('have intervals that hold the truth in 75 to 85 % of the cases, and are not too low', async () => {
    const { intervals, held, knownShare, estimatedShare } = await backTest([1, 2], 66);
    expect(intervals).toBeGreaterThan(1200);
    expect(held / intervals).toBeGreaterThan(0.75);
    expect(held / intervals).toBeLessThan(0.85);
    expect(knownShare).toBeLessThan(0.9);
    expect(estimatedShare).toBeGreaterThan(0.95);
    expect(estimatedShare).toBeLessThan(1.05);
  }, 300_000);
});
