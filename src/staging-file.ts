import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import type { Dataset } from './dataset.ts';
import { AdlakeError } from './errors.ts';
import { hashOf, listFiles, listFolders } from './file.ts';
import type { StageContext } from './stage.ts';
import type { FilesOf, InputFile } from './workspace.ts';
import { zoneDir } from './zone.ts';

/** Like `stagingFiles`, looking at the disk anew: for the beginning of a stage. */
export function listStagingAgain(context: StageContext): FilesOf {
  listed.delete(context);
  return stagingFiles(context);
}

/**
 * Lists the staging files of a dataset, sorted by path. Their hashes come from the stage that wrote
 * them, or else from the files. What was listed once for a context is not listed again: staging does
 * not change while the stage after it runs.
 */
export function stagingFiles(context: StageContext): FilesOf {
  const known = listed.get(context) ?? new Map<string, readonly InputFile[]>();
  listed.set(context, known);
  return (name) => {
    const files = known.get(name) ?? listStaging(context, datasetOf(context, name));
    known.set(name, files);
    return files;
  };
}

const listed = new WeakMap<StageContext, Map<string, readonly InputFile[]>>();

function listStaging(context: StageContext, dataset: Dataset): readonly InputFile[] {
  const folder = join(resolve(zoneDir(context.lake, 'staging')), dataset.platform, dataset.name);
  return listFolders(folder)
    .filter((account) => account.startsWith('account_id='))
    .flatMap((account) =>
      listFiles(join(folder, account))
        .filter((file) => STAGING_FILE.test(file))
        .map((file) => inputFile(context, { dataset, folder, label: join(account, file) })),
    );
}

const STAGING_FILE = /^month=.+\.csv$/;

function inputFile(
  context: StageContext,
  at: { readonly dataset: Dataset; readonly folder: string; readonly label: string },
): InputFile {
  const path = join(at.folder, at.label);
  const name = relative(resolve(context.lake.home), path);
  const taskId = `raw-to-staging/${at.dataset.name}/${at.label.replace(/\.csv$/, '')}`;
  const recorded = context.outputsOf(taskId).find((output) => output.path === name);
  return { path, name, sha256: recorded?.sha256 ?? hashOf(readFileSync(path)) };
}

function datasetOf(context: StageContext, name: string): Dataset {
  const dataset = context.datasets.find((each) => each.name === name);
  if (dataset !== undefined) return dataset;
  throw new AdlakeError({
    code: 'BUG',
    message: `A model reads staging.${name}, but the lake has no dataset of that name.`,
    remedy: 'Correct the name in src/sql, or add the dataset.',
  });
}
