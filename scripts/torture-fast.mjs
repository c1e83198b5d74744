#!/usr/bin/env node
// Compares the fast path with the plain one, record by record, on made-up pages: good, wrong and
// hostile. `npm run torture:fast -- 1000000 7` compares 1,000,000 records or more, beginning at seed 7.
// Ends with 1 at the first difference, and names the seed that shows it again.
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
const { hostilePage } = await import('../test/helpers/hostile-page.ts');
const { compared } = await import('../test/torture/fast-area.ts');

const wanted = Number(process.argv[2] ?? 1_000_000);
const first = Number(process.argv[3] ?? 1);
const seen = {};

let seed = first;
let difference = null;
while (difference === null && (seen.records ?? 0) < wanted) {
  const outcome = compared(hostilePage(seed));
  difference = outcome.difference;
  for (const [name, count] of Object.entries(outcome.counts)) {
    seen[name] = (seen[name] ?? 0) + count;
  }
  if (difference === null) seed++;
}
if (difference === null) {
  console.log(`No difference, seeds ${first} to ${seed - 1}: ${JSON.stringify(seen)}`);
} else {
  console.error(`The two differ: ${difference}`);
  console.error(`See it again with \`npm run torture:fast -- 1 ${seed}\`.`);
  process.exitCode = 1;
}
