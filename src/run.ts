import { keepJudged } from './alerts/judged.ts';
import { isChosen } from './dataset.ts';
import type { DriftPolicies } from './drift/policy.ts';
import { loadEngine } from './duckdb/duckdb.ts';
import { writeAtomically } from './file.ts';
import { saveLandingIndex } from './landing/landed-index.ts';
import { type Log, silentLog } from './log/log.ts';
import { DATASETS, PIPELINE } from './pipeline.ts';
import type { Progress, StageName } from './progress.ts';
import {
  addCounts,
  type Due,
  NO_ROWS,
  type RowCounts,
  type Selection,
  type Stage,
  type StageContext,
  type Task,
  type TaskOutcome,
} from './stage.ts';
import { openState, type TaskState } from './state.ts';
import { runTasks } from './task/run.ts';
import { startThreads, type TaskThreads, threadsWorthwhile } from './task/threads.ts';
import { openUnchanged, type Unchanged } from './task/unchanged.ts';
import type { DoneTask } from './verify/done-tasks.ts';
import { cacheFile, type Lake } from './zone.ts';

/** What to run. */
export interface RunOptions {
  readonly lake: Lake;
  readonly selection: Selection;
  readonly progress: Progress;
  /** Stages after landing to run, in pipeline order; all of them when absent. */
  readonly stages?: readonly StageName[];
  /** Checks that hold a table back when they fail; none when absent. */
  readonly config?: { readonly blockingChecks: readonly string[] };
  /** What is done when answers change their shape; every dataset is warned of when absent. */
  readonly drift?: DriftPolicies;
  /** Where every task is written down, for machines. */
  readonly log?: Log;
  /** Runs when the process is asked to stop; gives a function that takes it back. */
  readonly world?: { readonly onStop: (undo: () => void) => () => void };
  /** Threads for tasks of records, whatever they are worth; 0: none. */
  readonly threads?: number;
  /** What each thread may fill with JavaScript objects; absent: plenty. */
  readonly heapMegabytes?: number;
  /** Tables are made with little memory, one thing at a time. */
  readonly isSparing?: boolean;
}

/** What a stage did. */
export interface StageReport {
  readonly stage: StageName;
  readonly tasks: number;
  /** Tasks with nothing to do. */
  readonly fresh: number;
  readonly done: number;
  /** Rows of the tasks that were done. */
  readonly counts: RowCounts;
  readonly filesWritten: number;
  readonly bytesWritten: number;
  readonly notes: readonly string[];
  /** Datasets whose answers were judged, with the fields that their contract does not know. */
  readonly drift?: ReadonlyArray<NonNullable<TaskOutcome['drift']>>;
  readonly seconds: number;
  /** Every task that was done, as `adlake verify --run` compares it; in a file of its own on record. */
  readonly did?: readonly DoneTask[];
}

/** A record of a whole run: what was asked, what each stage did, how it ended. */
export interface RunManifest {
  /** Instant in UTC with `:` and `.` left out; names the file. */
  readonly run_id: string;
  readonly started_at: string;
  readonly ended_at: string;
  readonly exit_code: number;
  readonly [detail: string]: unknown;
}

/**
 * Lists every task of the chosen stages with its state, without doing anything. A task whose input
 * will be rewritten is stale too.
 */
export async function planStages(options: RunOptions): Promise<readonly Task[]> {
  const context = contextOf(options, openState(options.lake));
  const planned: Task[] = [];
  for (const stage of stagesOf(options)) {
    const tasks = await stage.plan(context);
    const due = planned.filter((task) => task.state !== 'fresh');
    for (const task of tasks) planned.push(afterInputs(task, due));
  }
  return planned;
}

/**
 * Runs the chosen stages: plans each when its inputs are there, does what is not fresh, checks that
 * its rows add up, and remembers it. Throws `ACCOUNTING` when a row got lost, and `DRIFT`, before it does
 * anything, when answers have changed and their policy is to stop.
 */
export async function runStages(options: RunOptions): Promise<readonly StageReport[]> {
  await stopWhenDrifted(options);
  const state = openState(options.lake);
  const unchanged = openUnchanged(options.lake);
  const threads = threadsWhenDue(options);
  const reports: StageReport[] = [];
  const save = (): void => {
    state.save();
    saveLandingIndex(options.lake);
    unchanged.save();
  };
  const forget = options.world?.onStop(save);
  try {
    for (const stage of stagesOf(options)) {
      if (stage.kind === 'sql') await threads.end();
      reports.push(await runStage(options, { stage, state, unchanged, threads }));
    }
  } finally {
    forget?.();
    keepJudged(
      options.lake,
      reports.flatMap(({ drift }) => drift ?? []),
    );
    save();
    await threads.end();
  }
  return reports;
}

/** What looks for drift is loaded for those who want to stop for it. */
async function stopWhenDrifted({ lake, drift, stages, selection }: RunOptions): Promise<void> {
  if (drift === undefined || drift.stopping.length === 0) return;
  if (stages?.includes('landing-to-raw') === false) return;
  const { stopOnDrift } = await import('./drift/drift.ts');
  const chosen = DATASETS.filter((dataset) => isChosen(dataset, selection.datasets));
  stopOnDrift(lake, chosen, drift);
}

/** Writes a run's manifest to `cache/runs/<run_id>.json` and gives its path. */
export function writeManifest(lake: Lake, manifest: RunManifest): string {
  const path = cacheFile(lake, 'runs', `${manifest.run_id}.json`);
  writeAtomically(path, Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`));
  return path;
}

async function runStage(
  options: RunOptions,
  at: {
    readonly stage: Stage;
    readonly state: TaskState;
    readonly unchanged: Unchanged;
    readonly threads: ThreadsWhenDue;
  },
): Promise<StageReport> {
  const { stage, state } = at;
  const started = performance.now();
  const context = contextOf(options, state);
  const due = await stage.due(context, at.unchanged);
  options.progress.start(stage.name, due.tasks.length);
  const threads = at.threads.forTasks(stage, due.tasks);
  const outcomes = await runTasks({
    stage,
    context,
    state,
    threads,
    tasks: due.tasks,
    log: options.log ?? silentLog,
    onStop: options.world?.onStop ?? (() => () => {}),
  });
  const seconds = (performance.now() - started) / 1000;
  const report = reportOf(stage, { due, outcomes, seconds, drift: options.drift });
  options.progress.finish(stage.name, summaryOf(report));
  return report;
}

/** Threads that are started for the first stage that is worth them, and kept for the next. */
interface ThreadsWhenDue {
  /** Null: not worth it. */
  readonly forTasks: (stage: Stage, tasks: readonly Task[]) => TaskThreads | null;
  readonly end: () => Promise<void>;
}

function threadsWhenDue(options: RunOptions): ThreadsWhenDue {
  let started: TaskThreads | null = null;
  return {
    forTasks: (stage, tasks) => {
      const isForced = options.threads !== undefined && stage.kind === 'record';
      const size = isForced ? options.threads : threadsWorthwhile(stage, tasks);
      if (size === 0) return null;
      if (started === null && stagesOf(options).some(({ kind }) => kind === 'sql')) warm();
      started ??= startThreads(options.lake, size, options.heapMegabytes);
      return started;
    },
    end: async () => started?.end(),
  };
}

/** While the threads work, this one has time to load the engine. It is opened, and may fail, later. */
function warm(): void {
  loadEngine().catch(() => {});
}

function reportOf(
  stage: Stage,
  did: {
    readonly due: Due;
    readonly outcomes: readonly TaskOutcome[];
    readonly seconds: number;
    readonly drift: DriftPolicies | undefined;
  },
): StageReport {
  const { tasks, fresh } = did.due;
  const written = did.outcomes.flatMap((outcome) => outcome.outputs).filter((file) => file.changed);
  return {
    stage: stage.name,
    tasks: tasks.length + fresh,
    fresh: tasks.length + fresh - did.outcomes.length,
    done: did.outcomes.length,
    counts: did.outcomes.map((outcome) => outcome.counts).reduce(addCounts, NO_ROWS),
    filesWritten: written.length,
    bytesWritten: written.reduce((sum, file) => sum + file.bytes, 0),
    notes: [...new Set(did.outcomes.flatMap((outcome) => notesOf(outcome, did.drift)))],
    ...(stage.name === 'landing-to-raw' ? { drift: driftOf(did.outcomes, did.drift) } : {}),
    seconds: did.seconds,
    did: did.outcomes.map((outcome, at) => doneTask(tasks[at]?.id ?? '', outcome)),
  };
}

function doneTask(id: string, { counts, outputs }: TaskOutcome): DoneTask {
  const files = outputs.map(({ path, sha256, rows }) => ({ path, sha256, rows }));
  return { id, counts, outputs: files };
}

function driftOf(
  outcomes: readonly TaskOutcome[],
  policies: DriftPolicies | undefined,
): NonNullable<StageReport['drift']> {
  const found = new Map<string, Set<string>>();
  for (const { drift } of outcomes) {
    if (drift === undefined || policies?.of(drift.dataset) === 'keep') continue;
    const fields = found.get(drift.dataset) ?? new Set();
    for (const field of drift.fields) fields.add(field);
    found.set(drift.dataset, fields);
  }
  return [...found].map(([dataset, fields]) => ({ dataset, fields: [...fields].sort() }));
}

function notesOf(
  { notes, drift }: TaskOutcome,
  policies: DriftPolicies | undefined,
): readonly string[] {
  if (drift === undefined || policies?.of(drift.dataset) === 'keep') return notes;
  const told = drift.fields.map(
    (field) =>
      `${drift.dataset}: came with ${JSON.stringify(field)}, a field the contract does not know (kept in raw)`,
  );
  return [...notes, ...told];
}

function summaryOf(report: StageReport): string {
  if (report.done === 0) return `nothing to do, ${report.fresh} up to date`;
  return `${report.done} done, ${report.fresh} up to date, ${report.filesWritten} files written`;
}

/** What a stage is told, by what is remembered of the lake now: for those who only look at its tables. */
export function stageContext(options: RunOptions): StageContext {
  return contextOf(options, openState(options.lake));
}

function contextOf(options: RunOptions, state: TaskState): StageContext {
  return {
    lake: options.lake,
    datasets: DATASETS,
    selection: options.selection,
    progress: options.progress,
    blockingChecks: options.config?.blockingChecks ?? [],
    outputsOf: (taskId) => state.head(taskId)?.outputs ?? [],
    fingerprintOf: state.fingerprint,
    memoryOf: (taskId) => state.get(taskId)?.memory ?? null,
    ...(options.isSparing === true ? { isSparing: true } : {}),
  };
}

function stagesOf(options: RunOptions): readonly Stage[] {
  return PIPELINE.filter((stage) => options.stages?.includes(stage.name) ?? true);
}

function afterInputs(task: Task, dueBefore: readonly Task[]): Task {
  if (task.state !== 'fresh' || !dueBefore.some((before) => feeds(before, task))) return task;
  return { ...task, state: 'stale' };
}

function feeds(before: Task, task: Task): boolean {
  if (task.partition === null || before.partition === null) return true;
  return (
    before.dataset === task.dataset &&
    before.partition.month === task.partition.month &&
    before.partition.account_id === task.partition.account_id
  );
}
