import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Dataset } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, listFolders, namesIn } from '../file.ts';
import type { StageContext } from '../stage.ts';
import { zoneDir } from '../zone.ts';

/** A file that tables are loaded from. */
export interface InputFile {
  /** Absolute path. */
  readonly path: string;
  /** Path relative to the lake's home: the same wherever the lake lies. */
  readonly name: string;
  readonly sha256: string;
  readonly bytes: number;
  /** Of its partition: the account, digits or `all`, and the month, `YYYY-MM` or `all`. */
  readonly account: string;
  readonly month: string;
}

/** Lists the staging files of a dataset, sorted by path. */
export type FilesOf = (dataset: string) => readonly InputFile[];

/** One hash for all of them, made once for each list: several models read the same files. */
export function printOf(files: readonly InputFile[]): string {
  const print =
    prints.get(files) ??
    hashOf(Buffer.from(JSON.stringify(files.map((file) => [file.name, file.sha256]))));
  prints.set(files, print);
  return print;
}

const prints = new WeakMap<readonly InputFile[], string>();

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
  const known = listed.get(context);
  if (known !== undefined) return known;
  const byName = new Map<string, readonly InputFile[]>();
  const filesOf: FilesOf = (name) => {
    const files = byName.get(name) ?? listStaging(context, datasetOf(context, name));
    byName.set(name, files);
    return files;
  };
  listed.set(context, filesOf);
  return filesOf;
}

const listed = new WeakMap<StageContext, FilesOf>();

function listStaging(context: StageContext, dataset: Dataset): readonly InputFile[] {
  const folder = join(resolve(zoneDir(context.lake, 'staging')), dataset.platform, dataset.name);
  const name = relative(resolve(context.lake.home), folder);
  return listFolders(folder)
    .filter((account) => account.startsWith('account_id='))
    .flatMap((account) =>
      [...namesIn(join(folder, account))]
        .filter((file) => STAGING_FILE.test(file))
        .sort()
        .map((file) => inputFile(context, { dataset, folder, name, account, file })),
    );
}

const STAGING_FILE = /^month=.+\.csv$/;

function inputFile(
  context: StageContext,
  at: {
    readonly dataset: Dataset;
    readonly folder: string;
    readonly name: string;
    readonly account: string;
    readonly file: string;
  },
): InputFile {
  const tail = `${sep}${at.account}${sep}${at.file}`;
  const path = at.folder + tail;
  const name = at.name + tail;
  const taskId = `raw-to-staging/${at.dataset.name}/${at.account}/${at.file.slice(0, -'.csv'.length)}`;
  const recorded = context.outputsOf(taskId).find((output) => output.path === name);
  const [account, month] = [at.account.slice('account_id='.length), at.file.slice(6, -4)];
  const found = recorded ?? contentAt(path);
  return { path, name, account, month, sha256: found.sha256, bytes: found.bytes };
}

function contentAt(path: string): Pick<InputFile, 'sha256' | 'bytes'> {
  const content = readFileSync(path);
  return { sha256: hashOf(content), bytes: content.length };
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
