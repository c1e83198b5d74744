import { describe, expect, it } from 'vitest';
import { FAULT_NAMES, type FaultName } from '../../src/sandbox/index.ts';
import { isLong } from '../helpers/long.ts';
import { manner, mixedRates, type Outcome, rateAlone, runTrial } from './trial.ts';

/** Faults that end an account's pull whatever is tried. */
const LASTING: readonly FaultName[] = ['expired-token', 'permission'];
/** Faults that fall on reports alone, or are worse for them. */
const OF_REPORTS: readonly FaultName[] = [
  ...(['job-failed', 'job-stuck', 'job-not-ready'] as const),
  ...(['null-batch-entry', 'too-large'] as const),
];
const RIGHT = { lost: [], wrong: [], twice: [], unhealed: [] };
/** `npm run torture:extract` goes on to hundreds. */
const MIXES = [2, 3];

/** One fault of each kind, for the minutes of `npm test`; the long form has all of them. */
const TELLING: readonly FaultName[] = [
  ...(['expired-token', 'rate-limit-account', 'job-failed', 'too-large', 'transient'] as const),
  ...(['cut-body', 'duplicate-page', 'cursor-invalid', 'null-batch-entry'] as const),
  ...(['wrong-type', 'deleted-object'] as const),
];

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
  it.each(isLong ? FAULT_NAMES : TELLING)(
    '%s: every row of the truth, or it is said which are missing, and the next run heals',
    async (fault) => {
      const settings = OF_REPORTS.includes(fault) ? { reportRows: 1 } : {};
      const rates = { [fault]: rateAlone(fault) };
      const outcome = await runTrial({ rates, seed: 1, settings });
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
    const outcome = await runTrial({ rates: mixedRates(seed), seed, ...manner(seed) });
    expect(shortened(outcome)).toMatchObject(RIGHT);
  });
});
