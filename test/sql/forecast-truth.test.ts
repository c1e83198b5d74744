import { expect, it } from 'vitest';
import { type ForecastTrial, forecastTrial } from '../helpers/forecast-world.ts';
import { tries } from '../helpers/long.ts';

const ACCOUNTS = 40;

it('forecasts hold what comes in four of five of their 80 % intervals, and miss by less than seasonal naive', async () => {
  const trials: ForecastTrial[] = [];
  for (let seed = 1; seed <= tries(1, 10); seed++) trials.push(await forecastTrial(ACCOUNTS, seed));
  const mean = (part: keyof ForecastTrial) =>
    trials.reduce((sum, trial) => sum + trial[part], 0) / trials.length;
  expect(mean('rows')).toBe(ACCOUNTS * 3 * 28);
  for (const part of ['days', 'totals', 'roas'] as const) {
    expect(mean(part)).toBeGreaterThan(0.75);
    expect(mean(part)).toBeLessThan(0.85);
  }
  expect(mean('missedAgainstNaive')).toBeLessThan(0.9);
});
