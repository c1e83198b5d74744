import { contractAt } from '../../src/contract.ts';
import { formatCsvRow } from '../../src/csv.ts';
import type { Dataset } from '../../src/dataset.ts';
import type { Engine } from '../../src/engine.ts';
import { type Flattener, flattenerFor } from '../../src/fast/flatten.ts';
import { fold } from '../../src/fold.ts';
import type { RawRow } from '../../src/judge.ts';
import { judgePage } from '../../src/judge-page.ts';
import { formatLineage, type Lineage } from '../../src/lineage.ts';
import { encodeLines } from '../../src/raw-lines.ts';
import { TRANSFORMS } from '../../src/transforms.ts';
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

/** What an engine makes of one record's line on the way to staging, where the fast one is sure. */
export function stagedBy(
  line: { readonly text: string; readonly lineage: Lineage; readonly dataset: Dataset },
  engine: Engine,
): unknown {
  const { dataset, lineage } = line;
  const staging = contractAt(`staging/${dataset.name}.schema.json`);
  if (engine === 'fast') {
    const bytes = Buffer.from(line.text);
    const raw = { bytes, from: 0, to: bytes.length, lineage, accountId: '1' };
    return flattenerOf(dataset)?.flatten(raw) ?? null;
  }
  const record = JSON.parse(line.text) as Readonly<Record<string, unknown>>;
  const transform = TRANSFORMS[dataset.name];
  const rows = transform?.({ record, text: line.text, lineage, accountId: '1' }) ?? [];
  const [row] = rows;
  if (row === undefined || rows.length > 1 || staging.check(row).length > 0) return 'refused';
  return {
    key: dataset.stagingKey.map((column) => row[column] ?? null),
    line: formatCsvRow(staging.columns.map((column) => row[column])),
    isDisagreeing: row.reported_agrees === false,
  };
}

/** The records of a page that the contract of raw takes, with where they came from. */
export function acceptedOf(page: HostilePage): readonly RawRow[] {
  const contract = contractAt(`raw/${page.dataset.name}.schema.json`);
  const input = { dataset: page.dataset, contract, engine: 'plain' } as const;
  const said = judgePage(input, page.batch, page);
  if (!said.ok) return [];
  return said.judged.flatMap((one) => (one.kind === 'accepted' ? [one.row] : []));
}

const flatteners = new Map<string, Flattener | null>();

function flattenerOf(dataset: Dataset): Flattener | null {
  const known = flatteners.get(dataset.name);
  if (known !== undefined) return known;
  const raw = contractAt(`raw/${dataset.name}.schema.json`);
  const staging = contractAt(`staging/${dataset.name}.schema.json`);
  const flattener = flattenerFor({ raw, staging }, dataset.stagingKey);
  flatteners.set(dataset.name, flattener);
  return flattener;
}
