import { readFileSync } from 'node:fs';
import { join, relative, resolve, sep } from 'node:path';
import type { Dataset } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, listFolders, namesIn } from '../file.ts';
import type { StageContext } from '../stage.ts';
import { placePrint, type Unchanged } from '../task/unchanged.ts';
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
export interface FilesOf {
  (dataset: string): readonly InputFile[];
  /** One hash for all of them. Where no file came or went, it is known without listing them. */
  readonly print: (dataset: string) => string;
}

/**
 * Like `stagingFiles`, looking at the disk anew: for the beginning of a stage. `unchanged`: what was found
 * before.
 */
export function listStagingAgain(context: StageContext, unchanged: Unchanged | null): FilesOf {
  const filesOf = listing(context, unchanged);
  listed.set(context, filesOf);
  return filesOf;
}

/**
 * Lists the staging files of a dataset, sorted by path. Their hashes come from the stage that wrote
 * them, or else from the files. What was listed once for a context is not listed again: staging does
 * not change while the stage after it runs.
 */
export function stagingFiles(context: StageContext): FilesOf {
  return listed.get(context) ?? listStagingAgain(context, null);
}

const listed = new WeakMap<StageContext, FilesOf>();

function listing(context: StageContext, unchanged: Unchanged | null): FilesOf {
  const byName = new Map<string, Listed>();
  const prints = new Map<string, string>();
  const filesOf = (name: string): Listed => {
    const files = byName.get(name) ?? listStaging(context, datasetOf(context, name));
    byName.set(name, files);
    return files;
  };
  const print = (name: string): string => {
    const known = prints.get(name) ?? printOf(context, { name, unchanged, filesOf });
    prints.set(name, known);
    return known;
  };
  return Object.assign((name: string) => filesOf(name).files, { print });
}

interface Listed {
  readonly files: readonly InputFile[];
  /** True when all hashes are those that were recorded, and no file was read for them. */
  readonly isRecorded: boolean;
}

/** The folders are looked at before they are listed: what changes meanwhile changes the next print. */
function printOf(
  context: StageContext,
  of: {
    readonly name: string;
    readonly unchanged: Unchanged | null;
    readonly filesOf: (name: string) => Listed;
  },
): string {
  const { name, unchanged } = of;
  const ground = { name: `staging.${name}`, basis: '', shelves: [`raw-to-staging.${name}`] };
  const findings = unchanged?.on(ground) ?? null;
  const place = findings === null ? null : placeOf(context, datasetOf(context, name));
  const known = place === null ? null : findings?.recall('files', place);
  if (typeof known === 'string') return known;
  const { files, isRecorded } = of.filesOf(name);
  const parts = files.map((file) => [file.name, file.sha256]);
  const print = hashOf(Buffer.from(JSON.stringify(parts)));
  findings?.keep('files', place, isRecorded && files.length > 0 ? print : null);
  return print;
}

/** The accounts of a dataset, and the print of their folders; null when nothing can be told by them. */
function placeOf(context: StageContext, dataset: Dataset): string | null {
  const folder = folderOf(context, dataset);
  const accounts = accountsIn(folder);
  const print = placePrint(accounts.map((account) => join(folder, account)));
  return print === null ? null : hashOf(Buffer.from(JSON.stringify([accounts, print])));
}

function folderOf(context: StageContext, dataset: Dataset): string {
  return join(resolve(zoneDir(context.lake, 'staging')), dataset.platform, dataset.name);
}

function accountsIn(folder: string): readonly string[] {
  return listFolders(folder).filter((account) => account.startsWith('account_id='));
}

function listStaging(context: StageContext, dataset: Dataset): Listed {
  const folder = folderOf(context, dataset);
  const name = relative(resolve(context.lake.home), folder);
  const inputs = accountsIn(folder).flatMap((account) =>
    [...namesIn(join(folder, account))]
      .filter((file) => STAGING_FILE.test(file))
      .sort()
      .map((file) => inputFile(context, { dataset, folder, name, account, file })),
  );
  return {
    files: inputs.map(({ input }) => input),
    isRecorded: inputs.every(({ isRecorded }) => isRecorded),
  };
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
): { readonly input: InputFile; readonly isRecorded: boolean } {
  const tail = `${sep}${at.account}${sep}${at.file}`;
  const path = at.folder + tail;
  const name = at.name + tail;
  const taskId = `raw-to-staging/${at.dataset.name}/${at.account}/${at.file.slice(0, -'.csv'.length)}`;
  const recorded = context.outputsOf(taskId).find((output) => output.path === name);
  const [account, month] = [at.account.slice('account_id='.length), at.file.slice(6, -4)];
  const found = recorded ?? contentAt(path);
  const input = { path, name, account, month, sha256: found.sha256, bytes: found.bytes };
  return { input, isRecorded: recorded !== undefined };
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
