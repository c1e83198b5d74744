import { contractAt } from '../../src/contract.ts';
import type { Dataset } from '../../src/dataset.ts';
import { fold } from '../../src/fold/fold.ts';
import { judgePage } from '../../src/fold/judge-page.ts';
import { contentOf } from '../../src/fold/raw-content.ts';
import type { Batch } from '../../src/landing/batch.ts';
import { readRecords } from '../../src/landing/page.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { addsUp } from '../../src/stage.ts';
import { TRANSFORMS } from '../../src/staging/transforms.ts';
import { LANDING } from '../golden/two-accounts/landing.ts';
import { type Draw, pick } from '../helpers/hostile-page.ts';
import { mutatedBytes, mutatedJson } from './mutation.ts';
import type { Target } from './target.ts';

/**
 * A page of any dataset, damaged: it is judged and folded, every record that can be read is in raw, in
 * quarantine or superseded, and what raw took goes through to staging.
 */
export const PAGES: Target = { name: 'page', batch: 50, feed: feedPage };

interface Sample {
  readonly dataset: Dataset;
  readonly batch: Batch;
  readonly page: { readonly data: readonly unknown[] };
}

const SAMPLES: readonly Sample[] = LANDING.flatMap((one) => {
  const dataset = DATASETS.find(({ name }) => name === one.head.dataset);
  if (dataset === undefined) return [];
  const { since = null, until = null, complete = true, object_id = null, ...head } = one.head;
  const scope = { since, until, campaigns: { kind: 'all' as const }, complete };
  const rest = { source: 'api' as const, api_version: 'v26.0', request: {}, pages: [] };
  const batch = { ...head, ...rest, object_id, scope, batch_id: 'b', landed_at: one.now };
  return one.pages.map((data) => ({ dataset, batch, page: { data } }));
});

function feedPage(draw: Draw): string | null {
  const { dataset, batch, page } = pick(draw, SAMPLES);
  const isWhole = draw(3) > 0;
  const made = isWhole ? mutatedJson(draw, page) : page;
  const text = Buffer.from(JSON.stringify(made));
  const bytes = isWhole ? text : mutatedBytes(draw, text);
  const file = 'page-00001.json';
  const contract = contractAt(`raw/${dataset.name}.schema.json`);
  const content = judgePage({ dataset, contract }, batch, { file, bytes });
  const records = readRecords(dataset, bytes);
  const judged = content.ok ? content.judged.length : 0;
  if (content.ok !== records.ok || (records.ok && records.records.length !== judged)) {
    return 'not every record was judged';
  }
  const sent = isWhole ? listOf(made) : null;
  if (content.ok && sent !== null && sent !== judged) return `${sent} were sent, ${judged} judged`;
  const months = content.ok ? new Set(content.judged.map(({ month }) => month)) : new Set(['all']);
  for (const month of months) {
    const wrong = folded({ dataset, batch, contract, month }, { file, bytes });
    if (wrong !== null) return wrong;
  }
  return null;
}

/** Records that a page says it has; null where it is not that simple: objects may have insights in them. */
function listOf(page: unknown): number | null {
  const isPage = typeof page === 'object' && page !== null && Object.keys(page).join() === 'data';
  const { data } = (isPage ? page : {}) as { readonly data?: unknown };
  if (!Array.isArray(data)) return null;
  return /"(insights|id)"/.test(JSON.stringify(data)) ? null : data.length;
}

function folded(
  of: {
    readonly dataset: Dataset;
    readonly batch: Batch;
    readonly contract: ReturnType<typeof contractAt>;
    readonly month: string;
  },
  page: { readonly file: string; readonly bytes: Buffer },
): string | null {
  const { dataset, batch, contract, month } = of;
  const partition = { account_id: batch.account_id, month };
  const { rows, counts } = fold({ dataset, contract, partition }, [{ batch, pages: [page] }]);
  if (!addsUp(counts)) return `rows do not add up: ${JSON.stringify(counts)}`;
  if (counts.out !== rows.length)
    return `${counts.out} rows were counted, ${rows.length} are there`;
  if (contentOf(rows).rows !== rows.length) return 'raw has other rows';
  const staging = contractAt(`staging/${dataset.name}.schema.json`);
  const transform = TRANSFORMS[dataset.name];
  for (const { line, lineage } of rows) {
    const record = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const flat = transform?.({ record, text: line, lineage, accountId: batch.account_id }) ?? [];
    for (const row of flat) staging.check(row);
  }
  return null;
}
