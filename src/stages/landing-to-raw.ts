import { basename, dirname, relative } from 'node:path';
import { type Contract, contractAt } from '../contract.ts';
import { type Dataset, isChosen, modeOf } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { type DueAnswer, foldFast } from '../fast/fold.ts';
import { type FileMode, hashOf, namesIn, removeIfThere } from '../file.ts';
import { type Folded, fold, type LoadedBatch } from '../fold/fold.ts';
import {
  type FiledFold,
  isOfAccount,
  type RecalledFold,
  type Remembered,
  recallFiled,
  recallFold,
  rememberFold,
} from '../fold/memory.ts';
import { contentOf, type RawContent } from '../fold/raw-content.ts';
import type { Tallied } from '../fold/tally.ts';
import { foldVersions } from '../history/version-fold.ts';
import { REPORT_DATASETS } from '../imports/datasets.ts';
import { foldImports } from '../imports/quick/fold.ts';
import {
  type Arrival,
  accountsOf,
  arrivalsOf,
  sourceOf,
  wholePartition,
} from '../landing/landing.ts';
import { PieceFile } from '../piece-file.ts';
import { writeQuarantine } from '../quarantine.ts';
import type { OutputFile, Stage, StageContext, Task, TaskOutcome } from '../stage.ts';
import { monthsOf } from '../window.ts';
import { lineageFile, type Partition, partitionLabel, rawFile } from '../zone.ts';

/** Raise it when the same landing would give other bytes: every partition is then folded again. */
const VERSION = 1;

/** Folds the batches of landing into raw: one valid record per line, with a lineage sidecar. */
export const landingToRaw: Stage = {
  name: 'landing-to-raw',
  kind: 'record',
  input: 'landing',
  output: 'raw',
  plan: async (context) => context.datasets.flatMap((dataset) => planDataset(context, dataset)),
  needsPlan: true,
  execute: async (context, task) => execute(context, task),
};

function planDataset(context: StageContext, dataset: Dataset): readonly Task[] {
  const { accounts, datasets } = context.selection;
  if (!isChosen(dataset, datasets)) return [];
  return accountsOf(context.lake, dataset, context.datasets)
    .filter((account) => account === 'all' || (accounts?.includes(account) ?? true))
    .flatMap((account) => planAccount(context, dataset, account));
}

function planAccount(context: StageContext, dataset: Dataset, account: string): readonly Task[] {
  const among = context.datasets;
  const contract = contractAt(`raw/${sourceOf(dataset, among).name}.schema.json`);
  const arrivals = arrivalsOf(context.lake, dataset, { accountId: account, among });
  const present = namesIn(dirname(rawFile(context.lake, dataset, wholePartition(account))));
  return [...byMonth(dataset, arrivals)]
    .filter(([month]) => isSelected(context, month))
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([month, ofMonth]) => {
      const partition = { account_id: account, month };
      return taskOf(context, { dataset, partition, contract, arrivals: ofMonth }, present);
    });
}

interface Work {
  readonly dataset: Dataset;
  readonly partition: Partition;
  /** What the records of its answers must keep. */
  readonly contract: Contract;
  readonly arrivals: readonly Arrival[];
}

/** What plan() found for each task, so that execute() need not list landing again. */
const planned = new WeakMap<StageContext, Map<string, Work>>();

/** `present`: the names of the files that the account has in raw. */
function taskOf(context: StageContext, work: Work, present: ReadonlySet<string>): Task {
  const id = `landing-to-raw/${work.dataset.name}/${partitionLabel(work.partition)}`;
  const fingerprint = fingerprintOf(work, work.arrivals);
  const known = context.fingerprintOf(id);
  const isThere = context.outputsOf(id).every((output) => present.has(basename(output.path)));
  const due = work.arrivals.slice(context.memoryOf(id)?.arrivals ?? 0);
  if (!planned.has(context)) planned.set(context, new Map());
  planned.get(context)?.set(id, work);
  const state = known === null || !isThere ? 'missing' : known === fingerprint ? 'fresh' : 'stale';
  return {
    id,
    stage: 'landing-to-raw',
    dataset: work.dataset.name,
    partition: work.partition,
    fingerprint,
    state,
    bytes: due.reduce((sum, arrival) => sum + arrival.bytes, 0),
  };
}

function fingerprintOf(work: Work, arrivals: readonly Arrival[]): string {
  const prints = arrivals.map((arrival) => arrival.fingerprint);
  const parts = [VERSION, work.dataset, work.contract.sha256, prints];
  return hashOf(Buffer.from(JSON.stringify(parts)));
}

async function execute(context: StageContext, task: Task): Promise<TaskOutcome> {
  const work = workOf(context, task);
  const made = foldWork(context, task, work);
  const { content, ignored, counts } = made;
  const outputs = await write(context, work, content);
  writeQuarantine(context.lake, 'raw', { ...work, records: made.quarantined });
  const memory = rememberFold(context.lake, work, made);
  const notes = ignored.map(
    (label) => `${task.dataset}: answer ${label} is ignored, its pages were changed`,
  );
  const drift = { dataset: task.dataset, fields: [...made.drift.keys()] };
  return { counts, outputs, notes, drift, isFinal: ignored.length === 0, memory };
}

/** By the bytes of the pages where that can be done, else plainly: both give the same. */
function foldWork(context: StageContext, task: Task, work: Work): Made {
  const { engine = 'fast' } = context;
  const source = sourceOf(work.dataset, context.datasets);
  const known = rememberedOf(context, task, work);
  const isByBytes = engine === 'fast' && source === work.dataset && !isImported(work.dataset);
  const filed = known === null || !isByBytes ? null : foldOn(context, known);
  if (filed !== null) return filed;
  const start = known === null ? null : recallFold(context.lake, known);
  const due = work.arrivals.slice(start?.arrivals ?? 0);
  if (source !== work.dataset) {
    return plainly(work, due, (batches) =>
      foldVersions({ ...work, source, engine }, batches, start),
    );
  }
  const quick = engine === 'plain' ? null : foldQuickly(work, due, start);
  return quick ?? plainly(work, due, (batches) => fold(work, batches, start));
}

/** Goes on from the files that were left, by their bytes; null where that cannot be done. */
function foldOn(context: StageContext, known: Work & Remembered): Made | null {
  const start = recallFiled(context.lake, known);
  return start === null ? null : foldAnswers(known, known.arrivals.slice(start.arrivals), start);
}

function isImported(dataset: Dataset): boolean {
  return REPORT_DATASETS.includes(dataset);
}

interface Made extends Tallied {
  readonly content: RawContent;
  /** True when the rows can be made again from the files. */
  readonly isRecallable: boolean;
  /** Labels of answers whose pages were changed. */
  readonly ignored: readonly string[];
}

function foldQuickly(work: Work, due: readonly Arrival[], start: RecalledFold | null): Made | null {
  if (!isImported(work.dataset)) return foldAnswers(work, due, start);
  const made = foldImports(work, due, start);
  return made === null ? null : { ...made, isRecallable: true };
}

function foldAnswers(
  work: Work,
  due: readonly Arrival[],
  start: RecalledFold | FiledFold | null,
): Made | null {
  const answers: DueAnswer[] = [];
  for (const { label, answer } of due) {
    if (answer === null) return null;
    answers.push({ label, open: answer });
  }
  const made = foldFast(work, answers, start);
  return made === null ? null : { ...made, isRecallable: true };
}

function plainly(
  work: Work,
  due: readonly Arrival[],
  foldAll: (batches: Iterable<LoadedBatch>) => Folded,
): Made {
  const ignored: string[] = [];
  const folded = foldAll(loaded(due, ignored));
  const isRecallable = isOfAccount(work, folded.rows);
  return { ...folded, content: contentOf(folded.rows), isRecallable, ignored };
}

/**
 * What folding the oldest arrivals gave, by this contract and this code, where that is known; null when
 * everything has to be folded.
 */
function rememberedOf(context: StageContext, task: Task, work: Work): (Work & Remembered) | null {
  const memory = context.memoryOf(task.id);
  if (memory === null || memory.arrivals > work.arrivals.length) return null;
  const then = fingerprintOf(work, work.arrivals.slice(0, memory.arrivals));
  if (context.fingerprintOf(task.id) !== then) return null;
  return { ...work, memory, outputs: context.outputsOf(task.id) };
}

function workOf(context: StageContext, task: Task): Work {
  const work = planned.get(context)?.get(task.id);
  if (work !== undefined) return work;
  throw new AdlakeError({
    code: 'BUG',
    message: `Task ${task.id} was not planned in this run.`,
    remedy: 'Plan the stage before its tasks are executed.',
  });
}

function* loaded(arrivals: readonly Arrival[], ignored: string[]): Iterable<LoadedBatch> {
  for (const arrival of arrivals) {
    const batch = arrival.load();
    if (batch === null) ignored.push(arrival.label);
    else yield batch;
  }
}

async function write(
  context: StageContext,
  work: Work,
  content: RawContent,
): Promise<readonly OutputFile[]> {
  const { rows } = content;
  const raw = rawFile(context.lake, work.dataset, work.partition);
  const sidecar = lineageFile(context.lake, work.dataset, work.partition);
  if (rows === 0) {
    removeIfThere(raw);
    removeIfThere(sidecar);
    return [];
  }
  const mode = modeOf(work.dataset);
  return Promise.all([
    output(context, raw, { rows, mode, give: (write) => content.lines(write) }),
    output(context, sidecar, { rows: rows + 1, mode, give: (write) => content.origins(write) }),
  ]);
}

async function output(
  context: StageContext,
  path: string,
  of: { readonly rows: number; readonly mode: FileMode; readonly give: RawContent['lines'] },
): Promise<OutputFile> {
  const file = new PieceFile(path, of.mode);
  file.fill((write) => of.give(write));
  const written = await file.finish();
  return { path: relative(context.lake.home, path), rows: of.rows, ...written };
}

function byMonth(
  dataset: Dataset,
  arrivals: readonly Arrival[],
): ReadonlyMap<string, readonly Arrival[]> {
  const months = new Map<string, Arrival[]>();
  for (const arrival of arrivals) {
    const { since, until } = arrival;
    const touched =
      dataset.fold === 'entity' || since === null || until === null
        ? ['all']
        : monthsOf({ since, until });
    for (const month of touched) {
      const ofMonth = months.get(month);
      if (ofMonth === undefined) months.set(month, [arrival]);
      else ofMonth.push(arrival);
    }
  }
  return months;
}

function isSelected(context: StageContext, month: string): boolean {
  const { since, until } = context.selection;
  if (month === 'all') return true;
  return month >= (since?.slice(0, 7) ?? month) && month <= (until?.slice(0, 7) ?? month);
}
