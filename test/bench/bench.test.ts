import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { listFiles } from '../../src/file.ts';
import { differences } from './compare.ts';
import { type Rebuilt, rebuild } from './rebuild.ts';

/** Nothing is timed here: a benchmark of wrong files would be worth nothing. */
describe('the benchmark', () => {
  let built: Rebuilt | undefined;

  afterAll(() => {
    for (const folder of built === undefined ? [] : foldersOf(built)) {
      rmSync(folder, { recursive: true, force: true });
    }
  });

  it('lands records that adlake takes, but for those made bad, and the floor makes the same rows', async () => {
    built = await rebuild({ rows: 1500, days: 45, seed: 7, bad: 0.008 }, 1, true);
    const { adDays, campaignDays, bad } = built.made;
    expect(adDays).toBe(1500);
    expect(bad).toBeGreaterThan(6);
    expect(built.compared).toBeGreaterThan(3 * (adDays + campaignDays - bad));
  });

  it('finds one figure that differs from the floor’s', async () => {
    if (built === undefined) throw new Error('nothing was built');
    const folder = join(
      built.home,
      'zones/staging/meta/insights_ad_day/account_id=100100000000011',
    );
    const file = join(folder, listFiles(folder)[0] ?? '');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace(/(\d+\.\d\d),/, '9$1,'));
    const unequal = (await differences(built.home, built.floorHome)).filter(
      ({ onlyLake, onlyFloor }) => onlyLake + onlyFloor > 0,
    );
    expect(unequal).toEqual([
      { name: 'staging insights_ad_day', rows: expect.any(Number), onlyLake: 1, onlyFloor: 1 },
    ]);
  });
});

function foldersOf(built: Rebuilt): readonly string[] {
  return [built.home, built.floorHome, dirname(built.made.landing)];
}
