import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, type FaultName } from '../../src/sandbox/index.ts';
import { mixedRates, type Outcome, rateAlone, runTrial } from './trial.ts';

/** Faults that end an account's pull whatever is tried. */
const LASTING: readonly FaultName[] = ['expired-token', 'permission'];
const RIGHT = { lost: [], wrong: [], twice: [], unhealed: [] };
/** `npm run torture:extract` goes on to hundreds. */
const MIXES = [1, 2];

/** The first few of each list say enough. */
function shortened(outcome: Outcome): object {
  return Object.fromEntries(
    Object.entries(outcome).map(([name, one]) => [
      name,
      Array.isArray(one) ? one.slice(0, 3) : one,
    ]),
  );
}

describe('under one fault on a share of requests', () => {
  it.each(FAULT_NAMES)(
    '%s: every row of the truth, or it is said which are missing, and the next run heals',
    async (fault) => {
      const outcome = await runTrial({ rates: { [fault]: rateAlone(fault) }, seed: 1 });
      expect(shortened(outcome)).toMatchObject(RIGHT);
      if (LASTING.includes(fault)) {
        expect(outcome.errors.join()).toMatch(/TOKEN_REFUSED|PERMISSION_REFUSED/);
        expect(outcome.explained).toBeGreaterThan(0);
      } else expect(outcome.errors).toEqual([]);
    },
  );
});

describe('under a mix of all faults', () => {
  it.each(MIXES)('number %i: no silent gap, no row twice, and the next run heals', async (seed) => {
    expect(shortened(await runTrial({ rates: mixedRates(seed), seed }))).toMatchObject(RIGHT);
  });
});
