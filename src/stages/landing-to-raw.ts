import { relative } from 'node:path';
import { modeOf } from '../dataset.ts';
import { type DueAnswer, foldFast } from '../fast/fold.ts';
import { type FileMode, removeIfThere } from '../file.ts';
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
import { FOLD_PARTS, type FoldWork, fingerprintOf, workOf } from '../fold/work.ts';
import { foldVersions } from '../history/version-fold.ts';
import { REPORT_DATASETS } from '../imports/datasets.ts';
import { foldImports } from '../imports/quick/fold.ts';
import { type Arrival, sourceOf } from '../landing/landing.ts';
import { PieceFile } from '../piece-file.ts';
import { writeQuarantine } from '../quarantine.ts';
import type { OutputFile, Stage, StageContext, Task, TaskOutcome } from '../stage.ts';
import { planDue, planParts } from '../task/due.ts';
import { lineageFile, rawFile } from '../zone.ts';

/** Folds the batches of landing into raw: one valid record per line, with a lineage sidecar. */
export const landingToRaw: Stage = {
  name: 'landing-to-raw',
  kind: 'record',
  input: 'landing',
  output: 'raw',
  plan: async (context) => planParts(context, FOLD_PARTS),
  due: async (context, unchanged) => planDue(context, FOLD_PARTS, unchanged),
  needsPlan: true,
  execute: async (context, task) => execute(context, task),
};

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
function foldWork(context: StageContext, task: Task, work: FoldWork): Made {
  const { engine = 'fast' } = context;
  const source = sourceOf(work.dataset, context.datasets);
  const known = rememberedOf(context, task, work);
  const isByBytes = engine === 'fast' && source === work.dataset && !isImported(work);
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
function foldOn(context: StageContext, known: FoldWork & Remembered): Made | null {
  const start = recallFiled(context.lake, known);
  return start === null ? null : foldAnswers(known, known.arrivals.slice(start.arrivals), start);
}

function isImported({ dataset }: FoldWork): boolean {
  return REPORT_DATASETS.includes(dataset);
}

interface Made extends Tallied {
  readonly content: RawContent;
  /** True when the rows can be made again from the files. */
  readonly isRecallable: boolean;
  /** Labels of answers whose pages were changed. */
  readonly ignored: readonly string[];
}

function foldQuickly(
  work: FoldWork,
  due: readonly Arrival[],
  start: RecalledFold | null,
): Made | null {
  if (!isImported(work)) return foldAnswers(work, due, start);
  const made = foldImports(work, due, start);
  return made === null ? null : { ...made, isRecallable: true };
}

function foldAnswers(
  work: FoldWork,
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
  work: FoldWork,
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
function rememberedOf(
  context: StageContext,
  task: Task,
  work: FoldWork,
): (FoldWork & Remembered) | null {
  const memory = context.memoryOf(task.id);
  if (memory === null || memory.arrivals > work.arrivals.length) return null;
  const then = fingerprintOf(work, work.arrivals.slice(0, memory.arrivals));
  if (context.fingerprintOf(task.id) !== then) return null;
  return { ...work, memory, outputs: context.outputsOf(task.id) };
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
  work: FoldWork,
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
