import { rmSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isLong, tries } from '../helpers/long.ts';
import { disturb, fullRun, incrementalRun, type Scenario } from './scenario.ts';

/** Spread over all operations there are, so that they move with the code. */
const POINTS = tries(1, 40);

/** Power cuts without syncing, until one is noticed. */
const DRAWS = 8;

/** Every kind of dataset: entities, facts, what the lake knows itself, what a person drops. */
const FEW = ['campaigns', 'insights_campaign_day', 'insights_ad_day', 'fx_rates', 'batches'];
const NARROWED = isLong ? [] : ['--dataset', FEW.join(',')];

const made: Record<string, Scenario> = {};

beforeAll(async () => {
  [made.full, made.incremental] = await Promise.all([fullRun(NARROWED), incrementalRun(NARROWED)]);
}, 180_000);

afterAll(() => {
  for (const { template } of Object.values(made)) rmSync(template, { recursive: true });
});

/** The n-th of `POINTS` places, each in the middle of its share of `all`. */
function place(n: number, all: number): number {
  return Math.floor(((n + 0.5) * all) / POINTS);
}

function of(name: string): Scenario {
  const found = made[name];
  if (found === undefined) throw new Error(name);
  return found;
}

const PLACES = Array.from({ length: POINTS }, (_, n) => n);
const RUNS = ['full', 'incremental'];

describe.each(RUNS)('a %s run', (name) => {
  it.each(PLACES)('that is killed leaves a lake that the next run makes whole (%i)', async (n) => {
    const kill = place(n, of(name).operations.length * 2);
    expect(await disturb(of(name), { kill })).toBeNull();
  });

  it.each(PLACES)('that loses power does, too (%i)', async (n) => {
    const kill = place(n, of(name).operations.length * 2) + 1;
    expect(await disturb(of(name), { kill, lose: n })).toBeNull();
  });

  it.each(name === 'full' ? [['ENOSPC', 0] as const] : [['EACCES', 0] as const])(
    'that meets %s ends with 74, says what to do, and is made good (%i)',
    async (refuse, n) => {
      const at = place(n, of(name).operations.length);
      expect(await disturb(of(name), { refuse, at })).toBeNull();
    },
  );
});

describe('the harness notices', () => {
  it('when files are not synced before they count', async () => {
    // What a power cut takes is drawn, and a draw may take nothing but what the next run makes anew.
    for (let lose = 5; lose < 5 + DRAWS; lose++) {
      const faults = { killAfter: 'renameSync cache/runs/', lose, without: 'fsyncSync' };
      const difference = await disturb(of('full'), faults);
      if (difference === null) continue;
      expect(difference).toMatch(/is missing|differs|and should not|next run ended with/);
      return;
    }
    expect.fail(`nothing was lost in ${DRAWS} power cuts`);
  });
});
