#!/usr/bin/env node
// Pulls from a sandbox under seeded mixes of all its faults and compares what lands with the truth; then
// pulls again without faults and compares again. `npm run torture:extract -- 200 7` tries 200 mixes,
// beginning at seed 7. Ends with 1 at the first silent gap, wrong row or row twice, and names the seed.
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
const { manner, mixedRates, runTrial } = await import('../test/matrix/trial.ts');

const wanted = Number(process.argv[2] ?? 200);
const first = Number(process.argv[3] ?? 1);
const seen = { trials: 0, calls: 0, incomplete: 0, explained: 0 };

for (let seed = first; seed < first + wanted; seed++) {
  const outcome = await runTrial({ rates: mixedRates(seed), seed, ...manner(seed) });
  const { lost, wrong, twice, unhealed } = outcome;
  const bad = Object.entries({ lost, wrong, twice, unhealed }).filter(
    ([, list]) => list.length > 0,
  );
  if (bad.length > 0) {
    for (const [name, list] of bad) console.error(`${name}: ${list.length}, first ${list[0]}`);
    console.error(`Faults: ${JSON.stringify(mixedRates(seed))}`);
    console.error(`See it again with \`npm run torture:extract -- 1 ${seed}\`.`);
    process.exitCode = 1;
    break;
  }
  seen.trials++;
  seen.calls += outcome.calls;
  seen.explained += outcome.explained;
  if (outcome.errors.length > 0) seen.incomplete++;
  if (seen.trials % 10 === 0) console.error(`${seen.trials} of ${wanted}`);
}
if (process.exitCode !== 1) {
  console.log(`No silent gap, seeds ${first} to ${first + wanted - 1}: ${JSON.stringify(seen)}`);
}
