#!/usr/bin/env node
// Checks the estimates of days that are not settled against the worlds of many seeds of the sandbox:
// `npm run torture:maturity -- 10` takes the seeds 1 to 10. Ends with 1 when fewer than 75 % or more
// than 85 % of the 80 % intervals hold what the days came to.
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
const { backTest } = await import('../test/helpers/back-test.ts');

/** Each world is asked on as many days one after the other. */
const DAYS = 100;
const seeds = Array.from({ length: Number(process.argv[2] ?? 10) }, (_, index) => index + 1);
const { intervals, held, knownShare, estimatedShare } = await backTest(seeds, DAYS);
const percent = (share) => `${(share * 100).toFixed(1)} %`;
console.log(`Seeds 1 to ${seeds.length}, 3 accounts each, ${intervals} intervals with a width.`);
console.log(`They hold what the days came to in ${percent(held / intervals)} (80 % is meant).`);
console.log(
  `Of days at most 3 days old ${percent(knownShare)} of the value was known, ${percent(estimatedShare)} estimated.`,
);
if (held / intervals < 0.75 || held / intervals > 0.85) process.exitCode = 1;
