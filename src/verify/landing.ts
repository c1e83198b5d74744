import { readdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { isTemporary } from '../activity/sweep.ts';
import type { Dataset } from '../dataset.ts';
import { toAdlakeError } from '../errors.ts';
import { hashOf, listFolders, readIfThere } from '../file.ts';
import { accountsLanded, type Batch, listBatches, type PageEntry } from '../landing/batch.ts';
import { batchDir, type Lake, landingDir } from '../zone.ts';
import { addVerdicts, type Damage, NOTHING, type Verdict } from './damage.ts';

/** Reads every page of every answer in landing, and compares it with the hash it arrived with. */
export function verifyLanding(lake: Lake, datasets: readonly Dataset[]): Verdict {
  return datasets
    .flatMap((dataset) =>
      accountsLanded(lake, dataset).map((account) => verifyAccount(lake, dataset, account)),
    )
    .reduce(addVerdicts, NOTHING);
}

function verifyAccount(lake: Lake, dataset: Dataset, account: string): Verdict {
  const batches = batchesOf(lake, dataset, account);
  if (!Array.isArray(batches)) return { ...NOTHING, damages: [batches as Damage] };
  const known = new Set<string>(batches.map(({ batch_id }: Batch) => batch_id));
  const folder = landingDir(lake, dataset, account);
  const strangers = listFolders(folder)
    .filter((name) => !known.has(name) && !isTemporary(name))
    .map((name) => `${relative(lake.home, join(folder, name))} (no finished answer)`);
  return batches
    .map((batch: Batch) => verifyBatch(lake, dataset, batch))
    .reduce(addVerdicts, { ...NOTHING, strangers });
}

/** An answer whose description cannot be read hides all others of its account from a run. */
function batchesOf(lake: Lake, dataset: Dataset, account: string): readonly Batch[] | Damage {
  try {
    return listBatches(lake, dataset, account);
  } catch (error) {
    const path = relative(lake.home, landingDir(lake, dataset, account));
    return { kind: 'page', path, found: toAdlakeError(error).message };
  }
}

function verifyBatch(lake: Lake, dataset: Dataset, batch: Batch): Verdict {
  const folder = batchDir(lake, dataset, batch);
  const expected = new Set(['_batch.json', ...batch.pages.map(({ file }) => file)]);
  const strangers = readdirSync(folder)
    .filter((name) => !expected.has(name) && !isTemporary(name))
    .map((name) => relative(lake.home, join(folder, name)));
  const pages = batch.pages.map((page) => verifyPage(lake, join(folder, page.file), page));
  return pages.reduce(addVerdicts, { ...NOTHING, strangers });
}

function verifyPage(lake: Lake, path: string, page: PageEntry): Verdict {
  const bytes = readIfThere(path);
  const counted = { ...NOTHING, files: 1, bytes: bytes?.length ?? 0 };
  if (bytes !== null && hashOf(bytes) === page.sha256) return counted;
  const found = bytes === null ? 'is missing' : 'has other bytes than it arrived with';
  return { ...counted, damages: [{ kind: 'page', path: relative(lake.home, path), found }] };
}
