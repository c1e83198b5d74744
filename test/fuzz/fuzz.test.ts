import { describe, expect, it } from 'vitest';
import { tries } from '../helpers/long.ts';
import { feedAll, TARGETS } from './targets.ts';

/** Inputs of each target, by what one takes. */
const INPUTS: Readonly<Record<string, number>> = {
  page: tries(1000, 30_000),
  export: tries(300, 10_000),
  config: tries(500, 20_000),
  cache: tries(500, 20_000),
  body: tries(2000, 50_000),
  landing: tries(12, 1000),
  sql: tries(48, 2000),
};

describe('what others made, damaged', () => {
  it.each(TARGETS)(
    'never crashes, hangs, grows or gets lost as $name',
    async (target) => {
      const seeds = Math.ceil((INPUTS[target.name] ?? 100) / target.batch);
      for (let seed = 1; seed <= seeds; seed++) expect(await feedAll(target, seed)).toBeNull();
    },
    tries(240_000, 1_200_000),
  );
});
