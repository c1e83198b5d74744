import { expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingRow } from '../helpers/curated-lake.ts';
import { tries } from '../helpers/long.ts';
import { gamma, seeded } from '../helpers/random.ts';

/** Of June, what is known on its 12th; and then what all of it came to. */
const LAST = '2026-06-12';

it('the 80 % interval of the end of the month holds four of five, on made-up campaigns with weekdays and chance', async () => {
  const random = seeded(7);
  const truth = new Map<string, number>();
  const rows: StagingRow[] = [];
  const count = tries(300, 3000);
  for (let campaign = 1; campaign <= count; campaign++) {
    const level = 20 * 10 ** random();
    // How much days differ: by 10 % to 60 %; the weekend is up to a third lower or higher.
    const shape = 1 / (0.1 + 0.5 * random()) ** 2;
    const weekend = 0.67 + 0.66 * random();
    for (let at = -40; at < 18; at++) {
      const date = addDays(LAST, at + 1);
      const isWeekend = (at + 48) % 7 < 2;
      const spend = (level * (isWeekend ? weekend : 1) * gamma(random, shape)) / shape;
      if (date >= '2026-06-01') {
        truth.set(String(campaign), (truth.get(String(campaign)) ?? 0) + spend);
      }
      if (date > LAST) continue;
      rows.push(
        quiet({ campaign_id: String(campaign), date, spend: spend.toFixed(2), impressions: 1 }),
      );
    }
  }
  const found = await builtRows(
    {
      'insights_campaign_day/1/2026-06': rows,
      'campaigns/1/all': [...truth.keys()].map((id) => ({
        account_id: '1',
        campaign_id: id,
        effective_status: 'ACTIVE',
        pulled_on: '2026-06-13',
      })),
    },
    "select * from curated.budget_pacing where level = 'campaign'",
  );
  expect(found).toHaveLength(count);
  const held = found.filter((row) => {
    const final = truth.get(String(row.object_id)) ?? Number.NaN;
    return final >= Number(row.projected_low) && final <= Number(row.projected_high);
  });
  expect(held.length / count).toBeGreaterThan(0.75);
  expect(held.length / count).toBeLessThan(0.85);
});
