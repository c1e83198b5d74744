import { isDeepStrictEqual } from 'node:util';
import type { JudgedPage } from '../../src/fold/judge-page.ts';
import { acceptedOf, stagedBy, verdictsOf } from '../helpers/engines.ts';
import { type HostilePage, hostilePage } from '../helpers/hostile-page.ts';
import { type CaseOutcome, seeded } from './area.ts';

/** The fast reading of insights against the plain one. */
export const FAST_AREA = seeded(
  {
    name: 'fast',
    about:
      'Reads made-up pages, good, wrong and hostile, by their bytes and plainly: verdicts and rows are the same.',
    share: 1,
    lane: 'here',
  },
  async (seed) => compared(hostilePage(seed)),
);

/** Whether both say the same of the page, of its records, and of the rows made of them. */
export function compared(page: HostilePage): CaseOutcome {
  const plain = verdictsOf(page, 'plain') as JudgedPage;
  const isSame = isDeepStrictEqual(verdictsOf(page, 'fast'), plain);
  if (!isSame) return { difference: 'the verdicts differ', counts: { pages: 1 } };
  if (!plain.ok) return { difference: null, counts: { pages: 1, unreadable: 1 } };
  const refused = plain.judged.filter(({ kind }) => kind === 'refused').length;
  const seen = { pages: 1, records: plain.judged.length, refused, staged: 0 };
  for (const { line: text, lineage } of acceptedOf(page)) {
    const line = { text, lineage, dataset: page.dataset };
    const quick = stagedBy(line, 'fast');
    if (quick === null) continue;
    seen.staged++;
    if (!isDeepStrictEqual(quick, stagedBy(line, 'plain'))) {
      return { difference: `the rows of ${text} differ`, counts: seen };
    }
  }
  return { difference: null, counts: seen };
}
