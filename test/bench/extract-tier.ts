import type { WorldSize } from '../../src/sandbox/index.ts';
import type { Limits } from '../../src/sandbox/usage-meter.ts';
import { addDays } from '../../src/window.ts';
import type { ExtractLine } from './extract.ts';
import { inLake, pullDay, USUAL } from './extract-lake.ts';

/** Which quotas hold, and what is pulled under them. */
export interface Tier {
  readonly size: WorldSize;
  /** Days of the first pull. */
  readonly days: number;
  readonly limits: Limits;
}

/** What the pulls of a tier took. */
export interface TierFound {
  readonly lines: readonly ExtractLine[];
  readonly notes: readonly string[];
}

/** A first pull and a next day under the quotas of a tier; what they took is printed as JSON. */
async function main(tier: Tier): Promise<void> {
  const { size, days, limits } = tier;
  const lines: ExtractLine[] = [];
  const notes: string[] = [];
  await inLake(async (lake) => {
    for (const today of [size.on, addDays(size.on, 1)]) {
      const sandbox = { size, limits };
      const pulled = await pullDay(lake, {
        today,
        firstPullDays: days,
        sandbox,
        settings: USUAL,
      });
      const what = `${limits}, ${today === size.on ? 'first pull' : 'next day'}`;
      const { calls, requests, rows, waitedHours } = pulled;
      const counted = { calls, fewest: null, requests, rows, share: null };
      lines.push({ what, ...counted, 'waited h': waitedHours });
      notes.push(...pulled.errors.map((error) => `${what}: ${error}`));
    }
  });
  process.stdout.write(JSON.stringify({ lines, notes }));
}

await main(JSON.parse(process.argv[2] ?? '') as Tier);
