import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { type Contract, contractAt } from '../contract.ts';
import { type Dataset, isChosen, modeOf } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { stageFast } from '../fast/staged.ts';
import { hashOf, listFolders, namesIn, removeIfThere } from '../file.ts';
import { REPORT_DATASETS } from '../imports/datasets.ts';
import { stageReports } from '../imports/quick/stage.ts';
import { countLinesIn, PieceFile, type Written } from '../piece-file.ts';
import { writeQuarantine } from '../quarantine.ts';
import {
  NO_ROWS,
  type OutputFile,
  type Stage,
  type StageContext,
  type Task,
  type TaskOutcome,
} from '../stage.ts';
import type { StageInput } from '../staging/record.ts';
import { piecesOf, type Staged, stageRecords } from '../staging/staged.ts';
import {
  lineageFile,
  type Partition,
  partitionFileName,
  partitionLabel,
  rawFile,
  stagingFile,
} from '../zone.ts';

/** Raise it when the same raw would give other bytes: every partition is then made again. */
const VERSION = 1;

/** Flattens raw into staging: typed rows of one grain, one CSV file per account and month. */
export const rawToStaging: Stage = {
  name: 'raw-to-staging',
  kind: 'record',
  input: 'raw',
  output: 'staging',
  plan: async (context) => context.datasets.flatMap((dataset) => planDataset(context, dataset)),
  needsPlan: false,
  execute: async (context, task) => execute(context, task),
};

interface Work {
  readonly dataset: Dataset;
  readonly partition: Partition;
  readonly contract: Contract;
}

function planDataset(context: StageContext, dataset: Dataset): readonly Task[] {
  if (!isChosen(dataset, context.selection.datasets)) return [];
  const contract = contractAt(`staging/${dataset.name}.schema.json`);
  return accountsOf(context, dataset).flatMap((account) => {
    const present = presentOf(context, dataset, account);
    return monthsOf(present)
      .map((month) => ({ account_id: account, month }))
      .filter((partition) => isSelected(context, partition))
      .map((partition) => taskOf(context, { dataset, partition, contract }, present));
  });
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

function presentOf(context: StageContext, dataset: Dataset, account: string): Present {
  const probe = { ...PROBE, account_id: account };
  return {
    raw: namesIn(dirname(rawFile(context.lake, dataset, probe))),
    staging: namesIn(dirname(stagingFile(context.lake, dataset, probe))),
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

function isSelected(context: StageContext, partition: Partition): boolean {
  const { accounts, since, until } = context.selection;
  const { account_id: account, month } = partition;
  if (account !== 'all' && !(accounts?.includes(account) ?? true)) return false;
  if (month === 'all') return true;
  return month >= (since?.slice(0, 7) ?? month) && month <= (until?.slice(0, 7) ?? month);
}

function taskOf(context: StageContext, work: Work, present: Present): Task {
  const label = `${work.dataset.name}/${partitionLabel(work.partition)}`;
  const id = `raw-to-staging/${label}`;
  const outputs = context.outputsOf(`landing-to-raw/${label}`);
  const inputs = (['ndjson', 'lineage.csv'] as const).map((extension) => {
    const name = partitionFileName(work.partition, extension);
    return present.raw.has(name) ? inputHash(context, { ...work, name, outputs }) : null;
  });
  const parts = [VERSION, work.dataset.stagingKey, work.contract.sha256, inputs];
  const fingerprint = hashOf(Buffer.from(JSON.stringify(parts)));
  const isThere = present.staging.has(partitionFileName(work.partition, 'csv'));
  const isFresh = context.fingerprintOf(id) === fingerprint && inputs[0] !== null;
  return {
    id,
    stage: 'raw-to-staging',
    dataset: work.dataset.name,
    partition: work.partition,
    fingerprint,
    state: isThere ? (isFresh ? 'fresh' : 'stale') : 'missing',
    bytes: isThere && isFresh ? 0 : sizeOf(rawFile(context.lake, work.dataset, work.partition)),
  };
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}

/** Hash of an input file, as recorded when it was made where that is known. */
function inputHash(
  context: StageContext,
  input: Work & { readonly name: string; readonly outputs: readonly OutputFile[] },
): string {
  const recorded = input.outputs.find(({ path }) => path.endsWith(input.name));
  if (recorded !== undefined) return recorded.sha256;
  const folder = dirname(rawFile(context.lake, input.dataset, input.partition));
  return hashOf(readFileSync(join(folder, input.name)));
}

async function execute(context: StageContext, task: Task): Promise<TaskOutcome> {
  const work = workOf(context, task);
  const { lake } = context;
  const raw = rawFile(lake, work.dataset, work.partition);
  if (!existsSync(raw)) return removeOrphan(context, work);
  const lineage = lineageFile(lake, work.dataset, work.partition);
  const { staged, written } = await stage(context, { ...work, raw, lineage });
  const path = relative(lake.home, stagingFile(lake, work.dataset, work.partition));
  const output = { path, rows: staged.counts.out, ...written };
  writeQuarantine(lake, 'staging', { ...work, records: staged.quarantined });
  return { counts: staged.counts, outputs: [output], notes: notesOf(task, staged), isFinal: true };
}

/** By the bytes of the raw file where that can be done, else plainly: both give the same. */
async function stage(
  context: StageContext,
  input: StageInput,
): Promise<{ readonly staged: Staged; readonly written: Written }> {
  const path = stagingFile(context.lake, input.dataset, input.partition);
  const mode = modeOf(input.dataset);
  const quick = context.engine === 'plain' ? null : new PieceFile(path, mode);
  if (quick !== null) {
    const staged = quick.fill((write) =>
      REPORT_DATASETS.includes(input.dataset)
        ? stageReports(input, write)
        : stageFast(input, write),
    );
    if (staged !== null) return { staged, written: await finish(quick) };
    quick.abandon();
  }
  const file = new PieceFile(path, mode);
  const staged = file.fill((write) => {
    const plain = stageRecords(input, context.engine ?? 'fast');
    for (const piece of piecesOf(input.contract.columns, plain.lines)) write(piece);
    return plain;
  });
  return { staged, written: await finish(file) };
}

/** Puts the file in its place when as many lines are read back as were written. */
function finish(file: PieceFile): Promise<Written> {
  return file.finish((path) => readBack(path, file.lines));
}

function workOf(context: StageContext, task: Task): Work {
  const dataset = context.datasets.find((one) => one.name === task.dataset);
  if (dataset !== undefined && task.partition !== null) {
    const contract = contractAt(`staging/${dataset.name}.schema.json`);
    return { dataset, partition: task.partition, contract };
  }
  throw new AdlakeError({
    code: 'BUG',
    message: `Task ${task.id} names no dataset and partition of this lake.`,
    remedy: 'Plan the stage before its tasks are executed.',
  });
}

/** All records of the partition were withdrawn: what was made of them goes too. */
function removeOrphan(context: StageContext, work: Work): TaskOutcome {
  removeIfThere(stagingFile(context.lake, work.dataset, work.partition));
  writeQuarantine(context.lake, 'staging', { ...work, records: [] });
  return { counts: NO_ROWS, outputs: [], notes: [], isFinal: true };
}

function readBack(path: string, lines: number): void {
  const found = countLinesIn(path);
  if (found === lines) return;
  throw new AdlakeError({
    code: 'DISK',
    message: `${path} was written with ${lines} lines and reads back with ${found}.`,
    remedy: 'Check the disk, remove that file and run raw-to-staging again: it is made anew.',
  });
}

function notesOf(task: Task, staged: Staged): readonly string[] {
  if (staged.disagreeing === 0) return [];
  const rows = staged.disagreeing === 1 ? '1 row' : `${staged.disagreeing} rows`;
  const what = "the API's own cpc, cpm or ctr is not what its spend, clicks and impressions give";
  return [`${task.dataset}: in ${rows} ${what} (reported_agrees)`];
}
