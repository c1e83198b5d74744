import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Contract, contractAt } from '../contract.ts';
import { type Dataset, isChosen } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, listFolders, namesIn } from '../file.ts';
import { isAccountSelected, isMonthSelected, type StageContext, type Task } from '../stage.ts';
import type { Part, PartPlan, PlannedPart } from '../task/due.ts';
import type { Ground } from '../task/unchanged.ts';
import {
  type Partition,
  partitionFileName,
  partitionLabel,
  rawFile,
  stagingFile,
} from '../zone.ts';

/** Raise it when the same raw would give other bytes: every partition is then made again. */
const VERSION = 1;

/** A partition that goes from raw to staging. */
export interface StagingWork {
  readonly dataset: Dataset;
  readonly partition: Partition;
  /** What its rows must keep. */
  readonly contract: Contract;
}

/** What the partitions of a dataset have in common. */
interface Kind extends Omit<StagingWork, 'partition'> {
  /** What a fingerprint is made of beside the hashes of raw files, as JSON. */
  readonly basis: string;
}

/** How what there is to flatten is found: by the files of raw and staging, account by account. */
export const STAGING_PARTS: PartPlan = { parts: partsOf, ground: groundOf };

function partsOf(context: StageContext, dataset: Dataset): readonly Part[] {
  const { selection } = context;
  if (!isChosen(dataset, selection.datasets)) return [];
  const kind = kindOf(dataset);
  return accountsOf(context, dataset)
    .filter((account) => isAccountSelected(selection, account))
    .map((account) => ({
      account,
      folders: Object.values(foldersOf(context, dataset, account)),
      plan: () => planAccount(context, kind, account),
    }));
}

/** Hashes of raw files come from the stage before. */
function groundOf(_: StageContext, dataset: Dataset): Ground {
  const shelves = STAGES.map((stage) => `${stage}.${dataset.name}`);
  return { name: `raw-to-staging.${dataset.name}`, basis: kindOf(dataset).basis, shelves };
}

const STAGES = ['landing-to-raw', 'raw-to-staging'] as const;

function contractOf(dataset: Dataset): Contract {
  return contractAt(`staging/${dataset.name}.schema.json`);
}

function kindOf(dataset: Dataset): Kind {
  const contract = contractOf(dataset);
  const basis = JSON.stringify([VERSION, dataset.stagingKey, contract.sha256]).slice(1, -1);
  return { dataset, contract, basis };
}

function planAccount(context: StageContext, kind: Kind, account: string): PlannedPart {
  const present = presentIn(foldersOf(context, kind.dataset, account));
  const months = monthsOf(present).filter((month) => isMonthSelected(context.selection, month));
  const inputs = months.map((month) => {
    const partition = { account_id: account, month };
    return inputOf(context, { ...kind, partition }, present);
  });
  return {
    tasks: inputs.map((input) => taskOf(context, input, present)),
    isByFolders: inputs.every(({ isRecorded }) => isRecorded),
  };
}

/** Accounts that have a folder in raw or in staging, sorted. */
function accountsOf(context: StageContext, dataset: Dataset): readonly string[] {
  const folders = [rawFile, stagingFile].flatMap((path) =>
    listFolders(join(path(context.lake, dataset, PROBE), '..', '..')),
  );
  return [...new Set(folders)]
    .filter((name) => name.startsWith(ACCOUNT))
    .sort()
    .map((name) => name.slice(ACCOUNT.length));
}

/** Names of the files that an account has in raw and in staging. */
interface Present {
  readonly raw: ReadonlySet<string>;
  readonly staging: ReadonlySet<string>;
}

function presentIn(folders: Readonly<Record<'raw' | 'staging', string>>): Present {
  return { raw: namesIn(folders.raw), staging: namesIn(folders.staging) };
}

/** Folders of the account's files. */
function foldersOf(
  context: StageContext,
  dataset: Dataset,
  account: string,
): Readonly<Record<'raw' | 'staging', string>> {
  const probe = { ...PROBE, account_id: account };
  return {
    raw: dirname(rawFile(context.lake, dataset, probe)),
    staging: dirname(stagingFile(context.lake, dataset, probe)),
  };
}

/** Months that have a raw file, and those that have a staging file whose raw file is gone; sorted. */
function monthsOf(present: Present): readonly string[] {
  const months = new Set<string>();
  for (const name of present.raw) months.add(RAW_FILE.exec(name)?.[1] ?? '');
  for (const name of present.staging) months.add(STAGING_FILE.exec(name)?.[1] ?? '');
  months.delete('');
  return [...months].sort();
}

const PROBE: Partition = { account_id: '0', month: 'all' };
const ACCOUNT = 'account_id=';
const RAW_FILE = /^month=(\d{4}-\d{2}|all)\.ndjson$/;
const STAGING_FILE = /^month=(\d{4}-\d{2}|all)\.csv$/;

/** What a partition's file is made of. */
interface Input {
  readonly dataset: Dataset;
  readonly partition: Partition;
  readonly label: string;
  readonly fingerprint: string;
  /** False when there is no raw file. */
  readonly isThere: boolean;
  /** True when the hashes are those of the stage before, and no file was read for them. */
  readonly isRecorded: boolean;
}

function inputOf(context: StageContext, work: StagingWork & Kind, present: Present): Input {
  const { dataset, partition } = work;
  const label = `${dataset.name}/${partitionLabel(partition)}`;
  const outputs = context.outputsOf(`landing-to-raw/${label}`);
  const files = (['ndjson', 'lineage.csv'] as const)
    .map((extension) => partitionFileName(partition, extension))
    .map((name) => ({
      name,
      recorded: outputs.find(({ path }) => path.endsWith(name)),
      isThere: present.raw.has(name),
    }));
  const hashes = files.map(({ name, recorded, isThere }) =>
    isThere ? (recorded?.sha256 ?? hashInRaw(context, { ...work, name })) : null,
  );
  return {
    dataset,
    partition,
    label,
    fingerprint: hashOf(Buffer.from(`[${work.basis},${JSON.stringify(hashes)}]`)),
    isThere: hashes[0] !== null,
    isRecorded: files.every(({ recorded, isThere }) => !isThere || recorded !== undefined),
  };
}

/** Nobody has recorded it. */
function hashInRaw(
  context: StageContext,
  { dataset, partition, name }: StagingWork & { readonly name: string },
): string {
  const folder = dirname(rawFile(context.lake, dataset, partition));
  return hashOf(readFileSync(join(folder, name)));
}

function taskOf(context: StageContext, input: Input, present: Present): Task {
  const { dataset, partition, fingerprint } = input;
  const id = `raw-to-staging/${input.label}`;
  const isThere = present.staging.has(partitionFileName(partition, 'csv'));
  const isFresh = context.fingerprintOf(id) === fingerprint && input.isThere;
  return {
    id,
    stage: 'raw-to-staging',
    dataset: dataset.name,
    partition,
    fingerprint,
    state: isThere ? (isFresh ? 'fresh' : 'stale') : 'missing',
    bytes: isThere && isFresh ? 0 : sizeOf(rawFile(context.lake, dataset, partition)),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** What a task is about. Throws `BUG` when the lake has no such dataset. */
export function workOf(context: StageContext, task: Task): StagingWork {
  const dataset = context.datasets.find((one) => one.name === task.dataset);
  if (dataset !== undefined && task.partition !== null) {
    return { dataset, partition: task.partition, contract: contractOf(dataset) };
  }
  throw new AdlakeError({
    code: 'BUG',
    message: `Task ${task.id} names no dataset and partition of this lake.`,
    remedy: 'Plan the stage before its tasks are executed.',
  });
}
