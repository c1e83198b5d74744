import { AdlakeError } from '../errors.ts';
import type { Log, LogEvent } from '../log/log.ts';
import {
  addsUp,
  type RowCounts,
  type Stage,
  type StageContext,
  type Task,
  type TaskOutcome,
} from '../stage.ts';
import type { TaskRecord, TaskState } from '../state.ts';
import { partitionLabel } from '../zone.ts';
import { retold } from './message.ts';
import type { TaskThreads } from './threads.ts';

/** Tasks of one stage that are to be done, and where they are done. */
export interface TaskRun {
  readonly stage: Stage;
  readonly context: StageContext;
  readonly tasks: readonly Task[];
  readonly state: TaskState;
  /** Null: one after the other, in this thread. */
  readonly threads: TaskThreads | null;
  readonly log: Log;
  /** Runs when the process is asked to stop; gives a function that takes it back. */
  readonly onStop: (undo: () => void) => () => void;
}

/**
 * Does the tasks, checks that the rows of each add up, remembers them, and gives their outcomes: in the
 * order of the tasks, wherever each was done. A task that fails ends the run with its error, the first
 * one's when several do; those that are under way are finished. Throws `ACCOUNTING` when a row got lost.
 */
export async function runTasks(run: TaskRun): Promise<readonly TaskOutcome[]> {
  const { length } = run.tasks;
  const board: Board = { next: 0, end: length, outcomes: new Map(), failures: new Map() };
  const lanes = Array.from({ length: lanesFor(run) }, (_, lane) => work(run, board, lane));
  const forget = run.onStop(() => {
    keep(run, board);
  });
  await Promise.all(lanes);
  forget();
  const outcomes = keep(run, board);
  const [first] = [...board.failures].sort(([left], [right]) => left - right);
  if (first !== undefined) throw first[1];
  return outcomes;
}

/** Remembers what is done so far, in the order of the tasks, and gives it. */
function keep(run: TaskRun, board: Board): readonly TaskOutcome[] {
  return run.tasks.flatMap((task, index) => {
    const outcome = board.outcomes.get(index);
    if (outcome === undefined) return [];
    run.state.set(task.id, recordOf(task, outcome));
    return [outcome];
  });
}

/** Tasks under way in one thread: while one waits for the disk, another one works. */
const LANES = 4;
/** Of larger ones a thread has one alone, so that no two months are in its memory. */
const SMALL_BYTES = 500_000;

function lanesFor({ threads, tasks }: TaskRun): number {
  if (threads === null) return LANES;
  return tasks.every(({ bytes }) => bytes <= SMALL_BYTES) ? threads.size * LANES : threads.size;
}

/** Who has taken which task, and what became of it, by its place in the list. */
interface Board {
  /** Tasks from `next` up to, and without, `end` are not taken yet. */
  next: number;
  end: number;
  readonly outcomes: Map<number, TaskOutcome>;
  readonly failures: Map<number, unknown>;
}

/** Takes one task after the other, until there is none left or one has failed. */
async function work(run: TaskRun, board: Board, lane: number): Promise<void> {
  while (board.failures.size === 0) {
    if (board.next >= board.end) return;
    const index = isFromEnd(run, lane) ? --board.end : board.next++;
    const task = run.tasks[index];
    if (task === undefined) return;
    try {
      const started = performance.now();
      const outcome = await execute(run, task, lane);
      run.log.write('info', eventOf(task, outcome, performance.now() - started));
      checkAccounting(task, outcome.counts);
      board.outcomes.set(index, outcome);
      const at = { done: board.outcomes.size, total: run.tasks.length, doing: doing(task) };
      run.context.progress.step(run.stage.name, at);
    } catch (error) {
      board.failures.set(index, error);
    }
  }
}

/** What a log says of a task that was done: where, how long, and what became of its rows. */
function eventOf(task: Task, { counts, outputs }: TaskOutcome, milliseconds: number): LogEvent {
  const { stage, dataset, partition } = task;
  return {
    msg: 'task done',
    task: task.id,
    stage,
    dataset,
    account: partition?.account_id ?? null,
    month: partition?.month ?? null,
    ms: Math.round(milliseconds),
    rows: counts.out,
    rows_in: counts.in,
    quarantined: counts.quarantined,
    superseded: counts.superseded,
    withdrawn: counts.withdrawn,
    files_written: outputs.filter(({ changed }) => changed).length,
  };
}

/**
 * Two threads come towards each other, so that months that follow one another are mostly done by the
 * same one: it knows the answers that speak of both.
 */
function isFromEnd({ threads }: TaskRun, lane: number): boolean {
  return threads !== null && lane % threads.size === 1;
}

async function execute(run: TaskRun, task: Task, lane: number): Promise<TaskOutcome> {
  const { stage, context, threads } = run;
  const records = recordsFor(run, task);
  const answer = (await threads?.ask(lane, { stage: stage.name, task, records })) ?? null;
  if (answer?.kind === 'done') return answer.outcome;
  if (answer?.kind === 'failed') throw retold(answer.error);
  return stage.execute(context, task);
}

/** What a task may ask for: its own last record, and that of its partition in the stages before it. */
function recordsFor(run: TaskRun, task: Task): ReadonlyArray<readonly [string, TaskRecord]> {
  const { partition } = task;
  if (run.threads === null || partition === null) return [];
  return RECORD_STAGES.flatMap((stage) => {
    const id = `${stage}/${task.dataset}/${partitionLabel(partition)}`;
    const record = run.state.get(id);
    return record === undefined ? [] : [[id, record] as const];
  });
}

const RECORD_STAGES = ['landing-to-raw', 'raw-to-staging'] as const;

/** What is remembered of a task; one that is not final is due again. */
function recordOf(task: Task, outcome: TaskOutcome): TaskRecord {
  const { counts, outputs, memory, isFinal } = outcome;
  const fingerprint = isFinal ? task.fingerprint : '';
  return { fingerprint, outputs, counts, ...(memory ? { memory } : {}) };
}

function doing(task: Task): string {
  return task.partition === null
    ? task.dataset
    : `${task.dataset} ${partitionLabel(task.partition)}`;
}

function checkAccounting(task: Task, counts: RowCounts): void {
  if (addsUp(counts)) return;
  throw new AdlakeError({
    code: 'ACCOUNTING',
    message: `${task.id} does not add up: ${JSON.stringify(counts)}.`,
    remedy: 'This is a fault of adlake: report it with the run manifest. Landing is untouched.',
  });
}
