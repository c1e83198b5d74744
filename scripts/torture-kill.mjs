#!/usr/bin/env node
// Kills a pull at each of its requests, before and after the answer, page by page and with reports, begins
// it again, and compares the lake with that of a pull nobody disturbed. Ends with 1 at the first
// difference. `npm run torture:kill -- 10` kills at every tenth request only.
import { isDeepStrictEqual } from 'node:util';
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
const { killAt, pullUndisturbed } = await import('../test/matrix/kill.ts');

const step = Number(process.argv[2] ?? 1);
let kills = 0;

for (const way of ['pages', 'reports']) {
  const calm = await pullUndisturbed(way);
  for (let place = 1; place <= calm.requestsBefore && process.exitCode !== 1; place += step) {
    for (const moment of ['before the answer', 'after the answer']) {
      const killed = await killAt(place, { way, moment });
      kills++;
      const isSame = isDeepStrictEqual(killed.rows, calm.rows);
      if (isSame && killed.orderedAgain.length === 0 && killed.exitCode === 0) continue;
      console.error(
        `${way}, request ${place}, ${moment}: the lake is not that of an undisturbed pull.`,
      );
      console.error(`Ordered again: ${killed.orderedAgain.length}; exit code ${killed.exitCode}.`);
      process.exitCode = 1;
    }
  }
  console.error(`${way}: ${calm.requestsBefore} requests`);
}
if (process.exitCode !== 1) console.log(`No difference after ${kills} kills.`);
