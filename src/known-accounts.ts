import { accountsLanded } from './landing/batch.ts';
import { DATASETS } from './pipeline.ts';
import type { Lake } from './zone.ts';

/** Every account (digits) of which something has landed, sorted. */
export function knownAccounts(lake: Lake): readonly string[] {
  const sources = DATASETS.filter((dataset) => dataset.platform !== 'internal');
  return [...new Set(sources.flatMap((dataset) => accountsLanded(lake, dataset)))].sort();
}
