import { statSync } from 'node:fs';
import { join } from 'node:path';
import type { Dataset } from '../dataset.ts';
import { type Batch, listBatches } from '../landing/batch.ts';
import { batchDir, type Lake } from '../zone.ts';

/**
 * Batches of a dataset and account whose pages are all there with their size, oldest first: what
 * counts as asked. A batch that has lost a page is asked for again. Hashes are checked where pages
 * are read, because that costs reading them.
 */
export function landedBatches(lake: Lake, dataset: Dataset, accountId: string): readonly Batch[] {
  return listBatches(lake, dataset, accountId).filter((batch) => {
    const folder = batchDir(lake, dataset, batch);
    return batch.pages.every((page) => sizeOf(join(folder, page.file)) === page.bytes);
  });
}

function sizeOf(path: string): number | undefined {
  return statSync(path, { throwIfNoEntry: false })?.size;
}
