#!/usr/bin/env node
// Plants faults in the worlds of many seeds of the sandbox and looks for them in `anomalies`:
// `npm run torture:anomalies -- 6` takes the seeds 1 to 6. Ends with 1 when fewer than 85 % are found, or
// more than 3 % of the other days are told.
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
const { findPlanted } = await import('../test/helpers/planted-days.ts');

const seeds = Array.from({ length: Number(process.argv[2] ?? 6) }, (_, index) => index + 1);
const found = await findPlanted(seeds);
const percent = (part, whole) => `${((part / whole) * 100).toFixed(1)} %`;
const sum = (name) => found.reduce((total, one) => total + one[name], 0);
console.log(
  `Seeds 1 to ${seeds.length}; spend doubled, CTR or impressions cut to 60 %, purchases gone:`,
);
for (const { metric, ...one } of found) {
  console.log(
    `${metric}: ${one.found} of ${one.planted} found, ${one.wrong} of ${one.others} other days told (${percent(one.wrong, one.others)}).`,
  );
}
const [recall, precision] = [
  sum('found') / sum('planted'),
  sum('found') / (sum('found') + sum('wrong')),
];
console.log(`Recall ${percent(recall, 1)}, precision ${percent(precision, 1)}.`);
if (recall < 0.85 || sum('wrong') / sum('others') > 0.03) process.exitCode = 1;
