import { existsSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { type Contract, contractAt } from '../contract.ts';
import { countCsvRows, formatCsvRow } from '../csv.ts';
import type { Dataset } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { hashOf, listFiles, listFolders, removeIfThere, writeIfChanged } from '../file.ts';
import { writeQuarantine } from '../quarantine.ts';
import {
  NO_ROWS,
  type OutputFile,
  type Stage,
  type StageContext,
  type Task,
  type TaskOutcome,
} from '../stage.ts';
import { type Staged, stageRecords } from '../staged.ts';
import { lineageFile, type Partition, partitionLabel, rawFile, stagingFile } from '../zone.ts';

/** Raise it when the same raw would give other bytes: every partition is then made again. */
const VERSION = 1;

/** Flattens raw into staging: typed rows of one grain, one CSV file per account and month. */
export const rawToStaging: Stage = {
  name: 'raw-to-staging',
  kind: 'record',
  input: 'raw',
  output: 'staging',
  plan: async (context) => context.datasets.flatMap((dataset) => planDataset(context, dataset)),
  execute: async (context, task) => execute(context, task),
};

interface Work {
  readonly dataset: Dataset;
  readonly partition: Partition;
  readonly contract: Contract;
}

function planDataset(context: StageContext, dataset: Dataset): readonly Task[] {
  if (!(context.selection.datasets?.includes(dataset.name) ?? true)) return [];
  const contract = contractAt(`staging/${dataset.name}.schema.json`);
  return partitionsOf(context, dataset)
    .filter((partition) => isSelected(context, partition))
    .map((partition) => taskOf(context, { dataset, partition, contract }));
}

/** Partitions that have a raw file, and those that have a staging file whose raw file is gone. */
function partitionsOf(context: StageContext, dataset: Dataset): readonly Partition[] {
  const found = new Map<string, Partition>();
  for (const path of [rawFile, stagingFile]) {
    const [root, extension] = rootOf(path(context.lake, dataset, PROBE));
    for (const account of listFolders(root)) {
      if (!account.startsWith(ACCOUNT)) continue;
      for (const file of listFiles(join(root, account))) {
        const month = MONTH.exec(file)?.groups;
        if (month?.extension !== extension) continue;
        const partition = {
          account_id: account.slice(ACCOUNT.length),
          month: month.month ?? '',
        };
        found.set(partitionLabel(partition), partition);
      }
    }
  }
  return [...found].sort(([left], [right]) => (left < right ? -1 : 1)).map(([, one]) => one);
}

const PROBE: Partition = { account_id: '0', month: 'all' };
const ACCOUNT = 'account_id=';
const MONTH = /^month=(?<month>\d{4}-\d{2}|all)\.(?<extension>ndjson|csv)$/;

/** The dataset's folder in a zone and the extension of its files, from the path of a partition. */
function rootOf(path: string): readonly [string, string] {
  return [join(path, '..', '..'), path.slice(path.lastIndexOf('.') + 1)];
}

function isSelected(context: StageContext, partition: Partition): boolean {
  const { accounts, since, until } = context.selection;
  const { account_id: account, month } = partition;
  if (account !== 'all' && !(accounts?.includes(account) ?? true)) return false;
  if (month === 'all') return true;
  return month >= (since?.slice(0, 7) ?? month) && month <= (until?.slice(0, 7) ?? month);
}

function taskOf(context: StageContext, work: Work): Task {
  const label = `${work.dataset.name}/${partitionLabel(work.partition)}`;
  const id = `raw-to-staging/${label}`;
  const inputs = [rawFile, lineageFile].map((path) =>
    inputHash(context, { path: path(context.lake, work.dataset, work.partition), label }),
  );
  const parts = [VERSION, work.dataset.stagingKey, work.contract.sha256, inputs];
  const fingerprint = hashOf(Buffer.from(JSON.stringify(parts)));
  const isThere = existsSync(stagingFile(context.lake, work.dataset, work.partition));
  const isFresh = context.fingerprintOf(id) === fingerprint && inputs[0] !== null;
  return {
    id,
    stage: 'raw-to-staging',
    dataset: work.dataset.name,
    partition: work.partition,
    fingerprint,
    state: isThere ? (isFresh ? 'fresh' : 'stale') : 'missing',
  };
}

/** Hash of an input file, as recorded when it was made where that is known; null when it is gone. */
function inputHash(
  context: StageContext,
  input: { readonly path: string; readonly label: string },
): string | null {
  if (!existsSync(input.path)) return null;
  const name = relative(context.lake.home, input.path);
  const outputs = context.outputsOf(`landing-to-raw/${input.label}`);
  const recorded = outputs.find((output) => output.path === name);
  return recorded?.sha256 ?? hashOf(readFileSync(input.path));
}

function execute(context: StageContext, task: Task): TaskOutcome {
  const work = workOf(context, task);
  const { lake } = context;
  const raw = rawFile(lake, work.dataset, work.partition);
  if (!existsSync(raw)) return removeOrphan(context, work);
  const lineage = lineageFile(lake, work.dataset, work.partition);
  const engine = context.engine ?? 'fast';
  const staged = stageRecords({ ...work, raw, lineage, engine });
  const output = write(context, work, staged);
  writeQuarantine(lake, 'staging', { ...work, records: staged.quarantined });
  return { counts: staged.counts, outputs: [output], notes: notesOf(task, staged), isFinal: true };
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

function write(context: StageContext, work: Work, staged: Staged): OutputFile {
  const path = stagingFile(context.lake, work.dataset, work.partition);
  const lines = [formatCsvRow(work.contract.columns), ...staged.lines];
  const bytes = Buffer.from(`${lines.join('\n')}\n`);
  const changed = writeIfChanged(path, bytes);
  if (changed) readBack(path, staged.lines.length);
  return {
    path: relative(context.lake.home, path),
    sha256: hashOf(bytes),
    bytes: bytes.length,
    rows: staged.lines.length,
    changed,
  };
}

function readBack(path: string, rows: number): void {
  const found = countCsvRows(readFileSync(path));
  if (found === rows) return;
  throw new AdlakeError({
    code: 'DISK',
    message: `${path} was written with ${rows} rows and reads back with ${found}.`,
    remedy: 'Check the disk, remove that file and run raw-to-staging again: it is made anew.',
  });
}

function notesOf(task: Task, staged: Staged): readonly string[] {
  if (staged.disagreeing === 0) return [];
  const rows = staged.disagreeing === 1 ? '1 row' : `${staged.disagreeing} rows`;
  const what = "the API's own cpc, cpm or ctr is not what its spend, clicks and impressions give";
  return [`${task.dataset}: in ${rows} ${what} (reported_agrees)`];
}
