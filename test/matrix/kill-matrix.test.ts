import { beforeAll, describe, expect, it } from 'vitest';

import { type Killed, killAt, type Moment, pullUndisturbed } from './kill.ts';

/** `npm run torture:kill` kills at every request, both ways. */
const KILLS: readonly (readonly [share: number, moment: Moment])[] = [[0.5, 'after the answer']];

describe.each(['pages', 'reports'] as const)('a pull of %s', (way) => {
  let calm: Killed;

  beforeAll(async () => {
    calm = await pullUndisturbed(way);
    expect(calm.exitCode).toBe(0);
    expect(calm.rows.rows.size).toBeGreaterThan(50);
  });

  it.each(KILLS)(
    'that is killed after %d of its requests, %s, and begun again gives the lake of one that nobody disturbed',
    async (share, moment) => {
      const place = Math.max(1, Math.round(share * calm.requestsBefore));
      const killed = await killAt(place, { way, moment });
      expect(killed.requestsBefore).toBeGreaterThanOrEqual(place);
      expect(killed.requestsBefore).toBeLessThan(calm.requestsBefore);
      expect(killed.exitCode).toBe(0);
      expect(killed.orderedAgain).toEqual([]);
      expect(killed.rows).toEqual(calm.rows);
    },
  );
});
