import { parentPort, workerData } from 'node:worker_threads';
import { DATASETS, PIPELINE } from './pipeline.ts';
import { silent } from './progress.ts';
import type { Selection, Stage, StageContext } from './stage.ts';
import type { TaskRecord } from './state.ts';
import {
  type NumberedAnswer,
  type NumberedQuestion,
  type TaskAnswer,
  type TaskQuestion,
  tell,
} from './task/message.ts';
import type { Lake } from './zone.ts';

/** A context of one dataset and account, with what the thread was told of its tasks. */
interface Planned {
  readonly context: StageContext;
  /** Fingerprint by task id; null for a stage whose tasks can be done without a plan. */
  readonly fingerprints: ReadonlyMap<string, string> | null;
}

const { lake } = workerData as { readonly lake: Lake };
const records = new Map<string, TaskRecord>();
const plans = new Map<string, Promise<Planned>>();

/** The thread's life: questions, each answered with what became of the task. */
parentPort?.on('message', ({ number, question }: NumberedQuestion) => {
  answer(question)
    .catch((thrown): TaskAnswer => ({ kind: 'failed', error: tell(thrown) }))
    .then((said) => parentPort?.postMessage({ number, answer: said } satisfies NumberedAnswer));
});

async function answer({ stage: name, task, records: told }: TaskQuestion): Promise<TaskAnswer> {
  for (const [id, record] of told) records.set(id, record);
  const stage = PIPELINE.find((each) => each.name === name);
  if (stage === undefined) return { kind: 'planned-otherwise' };
  const { context, fingerprints } = await plannedFor(stage, {
    datasets: [task.dataset],
    accounts: [task.partition?.account_id ?? 'all'],
  });
  const isSame = fingerprints === null || fingerprints.get(task.id) === task.fingerprint;
  if (!isSame) return { kind: 'planned-otherwise' };
  return { kind: 'done', outcome: await stage.execute(context, task) };
}

/** Plans once for each dataset and account: tasks of the other months are found with it. */
function plannedFor(stage: Stage, selection: Selection): Promise<Planned> {
  const name = JSON.stringify([stage.name, selection]);
  const made = plans.get(name) ?? plan(stage, selection);
  plans.set(name, made);
  return made;
}

async function plan(stage: Stage, selection: Selection): Promise<Planned> {
  const context: StageContext = {
    lake,
    datasets: DATASETS,
    selection,
    progress: silent,
    outputsOf: (taskId) => records.get(taskId)?.outputs ?? [],
    fingerprintOf: (taskId) => records.get(taskId)?.fingerprint ?? null,
    memoryOf: (taskId) => records.get(taskId)?.memory ?? null,
  };
  if (!stage.needsPlan) return { context, fingerprints: null };
  const tasks = await stage.plan(context);
  return { context, fingerprints: new Map(tasks.map((task) => [task.id, task.fingerprint])) };
}
