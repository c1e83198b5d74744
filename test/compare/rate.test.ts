import { describe, expect, it } from 'vitest';
import { compareRates } from '../../src/compare/rate.ts';
import { gamma, seeded } from '../helpers/random.ts';

/**
 * P(B > A) as a finite sum, exactly, for whole counts:
 * Σ over i < 1 + events of B of B(αA + i, βA + βB) / ((βB + i) B(1 + i, βB) B(αA, βA)).
 */
function exactly(
  a: { readonly events: number; readonly chances: number },
  b: { readonly events: number; readonly chances: number },
): number {
  const [alphaA, betaA] = [a.events + 1, a.chances - a.events + 1];
  const [alphaB, betaB] = [b.events + 1, b.chances - b.events + 1];
  let sum = 0;
  for (let at = 0; at < alphaB; at++) {
    sum += Math.exp(
      logBeta(alphaA + at, betaA + betaB) -
        Math.log(betaB + at) -
        logBeta(1 + at, betaB) -
        logBeta(alphaA, betaA),
    );
  }
  return sum;
}

/** Of whole numbers. */
function logBeta(x: number, y: number): number {
  return logFactorial(x - 1) + logFactorial(y - 1) - logFactorial(x + y - 1);
}

function logFactorial(n: number): number {
  let sum = 0;
  for (let at = 2; at <= n; at++) sum += Math.log(at);
  return sum;
}

describe('two rates', () => {
  it('are compared by hand where nothing is known', () => {
    // Two even distributions from 0 to 1: B is higher in half of the cases, and by 1/6 on average.
    const odds = compareRates({ events: 0, chances: 0 }, { events: 0, chances: 0 });
    expect(odds.betterB).toBeCloseTo(0.5, 6);
    expect(odds.lossA).toBeCloseTo(1 / 6, 4);
    expect(odds.lossB).toBeCloseTo(1 / 6, 4);
    // One hit of one chance is the density 2x: P(B > A) = ∫ 2x · x dx = 2/3.
    const one = compareRates({ events: 0, chances: 0 }, { events: 1, chances: 1 });
    expect(one.betterB).toBeCloseTo(2 / 3, 4);
  });

  it.each([
    [20, 1000, 30, 1000],
    [3, 400, 9, 500],
    [120, 10_000, 100, 8000],
    [0, 50, 1, 60],
    [50, 50, 48, 50],
  ])(
    'agree with the exact sum: %i of %i against %i of %i',
    (eventsA, chancesA, eventsB, chancesB) => {
      const a = { events: eventsA, chances: chancesA };
      const b = { events: eventsB, chances: chancesB };
      expect(compareRates(a, b).betterB).toBeCloseTo(exactly(a, b), 5);
    },
  );

  it('lose what they differ by, apart from the loss of the other choice', () => {
    const a = { events: 20, chances: 1000 };
    const b = { events: 30, chances: 1000 };
    const { lossA, lossB } = compareRates(a, b);
    expect(lossA - lossB).toBeCloseTo(31 / 1002 - 21 / 1002, 6);
  });

  it('are told apart without doubt when they are far apart and narrow', () => {
    const odds = compareRates({ events: 1e6, chances: 1e8 }, { events: 5e6, chances: 1e8 });
    expect(odds.betterB).toBeCloseTo(1, 9);
    expect(odds.lossA).toBeCloseTo(0.04, 6);
    expect(odds.lossB).toBeCloseTo(0, 9);
  });

  it('are as often better as is said, in worlds where the truth is known', () => {
    const random = seeded(3);
    const beta = (x: number, y: number) => {
      const [one, other] = [gamma(random, x), gamma(random, y)];
      return one / (one + other);
    };
    let [said, came, worlds] = [0, 0, 0];
    for (; worlds < 300; worlds++) {
      const [truthA, truthB] = [beta(2, 20), beta(2, 20)];
      const count = (truth: number) =>
        Array.from({ length: 60 }, () => (random() < truth ? 1 : 0)).reduce<number>(
          (x, y) => x + y,
          0,
        );
      const odds = compareRates(
        { events: count(truthA), chances: 60 },
        { events: count(truthB), chances: 60 },
      );
      const isB = odds.betterB >= 0.5;
      said += isB ? odds.betterB : 1 - odds.betterB;
      if (isB === truthB > truthA) came++;
    }
    expect(Math.abs(said - came) / worlds).toBeLessThan(0.05);
  });
});
