import { expect, it } from 'vitest';
import { tries } from '../helpers/long.ts';
import { fatigueTrial } from '../helpers/tired-creatives.ts';

it('creative_fatigue notices nine of ten creatives whose CTR was made to fall by half, and turns out few others', async () => {
  const seeds = Array.from({ length: tries(5, 50) }, (_, at) => at + 1);
  const trial = await fatigueTrial(seeds);
  expect(trial.tired).toBe(seeds.length * 8);
  expect(trial.noticed / trial.tired).toBeGreaterThan(0.9);
  expect(trial.rotated / trial.tired).toBeGreaterThan(0.8);
  expect(trial.noticedWrongly / trial.others).toBeLessThan(0.08);
  expect(trial.rotatedWrongly / trial.others).toBeLessThan(0.02);
});
