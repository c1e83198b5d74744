import { describe, expect, it } from 'vitest';
import { compareRoas } from '../../src/compare/roas.ts';
import { gamma, seeded } from '../helpers/random.ts';

const days = (count: number, value: (at: number) => number) =>
  Array.from({ length: count }, (_, at) => ({ spend: 10, value: value(at) }));

describe('two sets of days', () => {
  it('are surely told apart when every day of one is better', () => {
    const odds = compareRoas(
      days(10, () => 10),
      days(10, (at) => 20 + at),
    );
    expect(odds.betterB).toBe(1);
    expect(odds.lossB).toBe(0);
    expect(odds.lossA).toBeCloseTo(1.45, 1);
  });

  it('are even when they are alike, and the same answer comes every time', () => {
    const [a, b] = [days(20, (at) => 10 + (at % 5)), days(20, (at) => 10 + ((at + 2) % 5))];
    const odds = compareRoas(a, b);
    expect(odds.betterB).toBeGreaterThan(0.45);
    expect(odds.betterB).toBeLessThan(0.55);
    expect(compareRoas(a, b)).toEqual(odds);
  });

  it('are as often better as is said, in worlds where the truth is known', () => {
    const random = seeded(9);
    let [said, came] = [0, 0];
    const worlds = 40;
    for (let at = 0; at < worlds; at++) {
      const [truthA, truthB] = [1 + 3 * random(), 1 + 3 * random()];
      const world = (truth: number) => days(28, () => (10 * truth * gamma(random, 4)) / 4);
      const { betterB } = compareRoas(world(truthA), world(truthB));
      said += Math.max(betterB, 1 - betterB);
      if (betterB >= 0.5 === truthB > truthA) came++;
    }
    expect(Math.abs(said - came) / worlds).toBeLessThan(0.08);
  });
});
