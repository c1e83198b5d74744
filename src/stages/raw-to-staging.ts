import { existsSync } from 'node:fs';
import { relative } from 'node:path';
import { modeOf } from '../dataset.ts';
import { AdlakeError } from '../errors.ts';
import { stageFast } from '../fast/staged.ts';
import { removeIfThere } from '../file.ts';
import { REPORT_DATASETS } from '../imports/datasets.ts';
import { stageReports } from '../imports/quick/stage.ts';
import { countLinesIn, PieceFile, type Written } from '../piece-file.ts';
import { writeQuarantine } from '../quarantine.ts';
import { NO_ROWS, type Stage, type StageContext, type Task, type TaskOutcome } from '../stage.ts';
import type { StageInput } from '../staging/record.ts';
import { piecesOf, type Staged, stageRecords } from '../staging/staged.ts';
import { STAGING_PARTS, type StagingWork, workOf } from '../staging/work.ts';
import { planDue, planParts } from '../task/due.ts';
import { lineageFile, rawFile, stagingFile } from '../zone.ts';

/** Flattens raw into staging: typed rows of one grain, one CSV file per account and month. */
export const rawToStaging: Stage = {
  name: 'raw-to-staging',
  kind: 'record',
  input: 'raw',
  output: 'staging',
  plan: async (context) => planParts(context, STAGING_PARTS),
  due: async (context, unchanged) => planDue(context, STAGING_PARTS, unchanged),
  needsPlan: false,
  execute: async (context, task) => execute(context, task),
};

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

/** All records of the partition were withdrawn: what was made of them goes too. */
function removeOrphan(context: StageContext, work: StagingWork): TaskOutcome {
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
