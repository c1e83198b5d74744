#!/usr/bin/env node
// Compares the fast path with the plain one, record by record, on made-up pages: good, wrong and
// hostile. `npm run torture -- 1000000 7` compares 1,000,000 records or more, beginning at seed 7.
// Ends with 1 at the first difference, and names the seed that shows it again.
import { isDeepStrictEqual } from 'node:util';
import { register } from 'tsx/esm/api';

register({ tsconfig: false });
const { acceptedOf, stagedBy, verdictsOf } = await import('../test/helpers/engines.ts');
const { hostilePage } = await import('../test/helpers/hostile-page.ts');

const wanted = Number(process.argv[2] ?? 1_000_000);
const first = Number(process.argv[3] ?? 1);
const seen = { records: 0, refused: 0, pages: 0, unreadable: 0, staged: 0 };

let seed = first;
while (seen.records < wanted && compare(hostilePage(seed))) seed++;
if (seen.records < wanted) {
  console.error(
    `The two differ: seed ${seed}. See it again with \`npm run torture -- 1 ${seed}\`.`,
  );
  process.exitCode = 1;
} else console.log(`No difference, seeds ${first} to ${seed - 1}: ${JSON.stringify(seen)}`);

/** True when both say the same of the page, of its records, and of the rows made of them. */
function compare(page) {
  const plain = verdictsOf(page, 'plain');
  if (!isDeepStrictEqual(verdictsOf(page, 'fast'), plain)) return false;
  seen.pages++;
  if (!Array.isArray(plain)) {
    seen.unreadable++;
    return true;
  }
  seen.records += plain.length;
  seen.refused += plain.filter(({ kind }) => kind === 'refused').length;
  return acceptedOf(page).every(({ line: text, lineage }) => {
    const line = { text, lineage, dataset: page.dataset };
    const quick = stagedBy(line, 'fast');
    if (quick === null) return true;
    seen.staged++;
    return isDeepStrictEqual(quick, stagedBy(line, 'plain'));
  });
}
