import { contractAt } from '../../src/contract.ts';
import type { Engine } from '../../src/engine.ts';
import { fold } from '../../src/fold.ts';
import { judgePage } from '../../src/judge-page.ts';
import { formatLineage } from '../../src/lineage.ts';
import { encodeLines } from '../../src/raw-lines.ts';
import type { HostilePage } from './hostile-page.ts';

/** What an engine says of a page: every verdict, written out so that two can be compared. */
export function verdictsOf(page: HostilePage, engine: Engine): unknown {
  const contract = contractAt(`raw/${page.dataset.name}.schema.json`);
  const said = judgePage({ dataset: page.dataset, contract, engine }, page.batch, page);
  if (!said.ok) return said;
  return said.judged.map((one) => {
    if (one.kind === 'refused') return one;
    const { key, line, day, campaign, lineage } = one.row;
    return { ...one, row: { key, line, day, campaign, lineage } };
  });
}

/** What an engine makes of pages as one partition of raw: bytes, quarantine, counts and drift. */
export function rawOf(pages: readonly HostilePage[], engine: Engine): unknown {
  const [first] = pages;
  if (first === undefined) return null;
  const folded = fold(
    {
      dataset: first.dataset,
      contract: contractAt(`raw/${first.dataset.name}.schema.json`),
      partition: { account_id: '1', month: '2026-10' },
      engine,
    },
    pages.map((page) => ({ batch: page.batch, pages: [page] })),
  );
  const lineage = folded.rows.map((row) => formatLineage(row.lineage));
  const { counts, quarantined } = folded;
  const drift = [...folded.drift];
  return { raw: encodeLines(folded.rows).toString('latin1'), lineage, counts, quarantined, drift };
}
