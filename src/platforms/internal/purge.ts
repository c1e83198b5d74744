import type { Dataset } from '../../dataset.ts';
import { AdlakeError } from '../../errors.ts';
import { removeFolder } from '../../file.ts';
import {
  type Batch,
  listBatches,
  type PageBody,
  readPage,
  writeBatch,
} from '../../landing/batch.ts';
import { readRecords } from '../../landing/page.ts';
import { batchDir, type Lake } from '../../zone.ts';
import { PERSONAL_DATASETS } from './datasets.ts';

/** A record of an internal dataset as it lies in landing. */
export type LandedRecord = Readonly<Record<string, unknown>>;

/** What is to be removed from landing, and why. */
export interface Purge {
  readonly lake: Lake;
  readonly why: 'person' | 'expired';
  readonly isDoomed: (dataset: Dataset, record: LandedRecord) => boolean;
  /** The day it is, for the tombstone. */
  readonly today: string;
  readonly isDryRun: boolean;
}

/** What was removed from one dataset, or would be. */
export interface Purged {
  readonly dataset: string;
  readonly records: number;
  readonly batches: number;
}

/**
 * What a rewritten batch says about what is missing from it, in its `request`: never who it was.
 */
export interface Tombstone {
  readonly on: string;
  readonly why: Purge['why'];
  readonly records: number;
}

/**
 * Removes records from landing: a batch that holds any is written again without them, in the same place
 * in the order of arrival and with the same scope, and the old one is removed. Broken off in between,
 * both are there, and purging again ends the work. The zones after landing must be brought up to date
 * by the caller. Throws `FILE_UNREADABLE` for a batch whose pages were changed, before anything is removed.
 */
export function purge(input: Purge): readonly Purged[] {
  const doomed = PERSONAL_DATASETS.map((dataset) => ({
    dataset,
    rewrites: listBatches(input.lake, dataset, 'all').flatMap((batch) => {
      const rewrite = rewriteOf(input, dataset, batch);
      return rewrite.removed === 0 ? [] : [rewrite];
    }),
  }));
  if (!input.isDryRun) {
    for (const { dataset, rewrites } of doomed) {
      for (const rewrite of rewrites) replace(input, dataset, rewrite);
    }
  }
  return doomed
    .filter(({ rewrites }) => rewrites.length > 0)
    .map(({ dataset, rewrites }) => ({
      dataset: dataset.name,
      records: rewrites.reduce((sum, { removed }) => sum + removed, 0),
      batches: rewrites.length,
    }));
}

interface Rewrite {
  readonly batch: Batch;
  readonly pages: readonly PageBody[];
  readonly removed: number;
}

function rewriteOf(input: Purge, dataset: Dataset, batch: Batch): Rewrite {
  let removed = 0;
  const pages = batch.pages.map((page) => {
    const bytes = readPage(input.lake, dataset, { batch, page });
    const records = bytes === null ? null : recordsIn(dataset, bytes);
    if (records === null) throw changed(batch);
    const kept = records.filter((record) => !input.isDoomed(dataset, record));
    removed += records.length - kept.length;
    return pageOf(kept);
  });
  return { batch, pages, removed };
}

function recordsIn(dataset: Dataset, bytes: Buffer): readonly LandedRecord[] | null {
  const content = readRecords(dataset, bytes);
  return content.ok ? content.records.map((text) => JSON.parse(text) as LandedRecord) : null;
}

/** Records as a page of landing: one per line, so that its bytes depend on nothing but the records. */
export function pageOf(records: readonly LandedRecord[]): PageBody {
  const lines = records.map((record) => JSON.stringify(record));
  return { bytes: Buffer.from(`[\n${lines.join(',\n')}\n]\n`), rows: records.length };
}

function replace(input: Purge, dataset: Dataset, rewrite: Rewrite): void {
  const { batch_id: _, pages: __, ...head } = rewrite.batch;
  const before = Array.isArray(head.request.purged) ? head.request.purged : [];
  const tombstone: Tombstone = { on: input.today, why: input.why, records: rewrite.removed };
  const request = { ...head.request, purged: [...before, tombstone] };
  writeBatch(input.lake, dataset, { head: { ...head, request }, pages: rewrite.pages });
  removeFolder(batchDir(input.lake, dataset, rewrite.batch));
}

function changed(batch: Batch): AdlakeError {
  return new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `The pages of ${batch.batch_id} in landing are not those it was written with, so nobody can say who is in them.`,
    remedy:
      'Restore the batch from a backup, or remove its folder and import the file again. Nothing was removed yet.',
  });
}
