import type { Dataset } from '../dataset.ts';
import { BATCHES } from '../platforms/internal/datasets.ts';
import { type Lake, landingDir } from '../zone.ts';
import { accountsLanded } from './batch.ts';
import { isListingKept } from './landed-index.ts';
import { droppedFiles, sourceOf } from './landing.ts';

/** Where the arrivals of a dataset and account come from. */
export interface Landed {
  /** Digits; `all` for dropped files. */
  readonly account: string;
  /** Datasets with a folder of answers of the account. */
  readonly sources: readonly Dataset[];
  /** True when files that a person dropped may be among the arrivals. */
  readonly hasDrops: boolean;
}

/** Accounts that have something in landing for the dataset, sorted; `all` for dropped files. */
export function landedOf(
  lake: Lake,
  dataset: Dataset,
  among: readonly Dataset[],
): readonly Landed[] {
  if (dataset.name === BATCHES.name) return loggedAccounts(lake, among);
  const source = sourceOf(dataset, among);
  const hasDrops = droppedFiles(lake, source).length > 0;
  const landed = accountsLanded(lake, source);
  const accounts = landed.length === 0 && hasDrops ? ['all'] : landed;
  return accounts.map((account) => ({ account, sources: [source], hasDrops }));
}

function loggedAccounts(lake: Lake, among: readonly Dataset[]): readonly Landed[] {
  const sources = new Map<string, Dataset[]>();
  for (const dataset of among) {
    if (dataset.platform === 'internal') continue;
    for (const account of accountsLanded(lake, dataset)) {
      const known = sources.get(account);
      if (known === undefined) sources.set(account, [dataset]);
      else known.push(dataset);
    }
  }
  return [...sources]
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([account, datasets]) => ({ account, sources: datasets, hasDrops: false }));
}

/** Folders that answers of the account come into. */
export function foldersOf(lake: Lake, { account, sources }: Landed): readonly string[] {
  return sources.map((source) => landingDir(lake, source, account));
}

/** True when the folders alone tell, by their prints, whether an arrival comes or goes after it was listed. */
export function isToldByFolders(lake: Lake, { account, sources, hasDrops }: Landed): boolean {
  return !hasDrops && sources.every((source) => isListingKept(lake, source, account));
}

/** Accounts that have something in landing for the dataset, sorted; `all` for dropped files. */
export function accountsOf(
  lake: Lake,
  dataset: Dataset,
  among: readonly Dataset[],
): readonly string[] {
  return landedOf(lake, dataset, among).map(({ account }) => account);
}
