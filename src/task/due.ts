import type { Dataset } from '../dataset.ts';
import type { Due, StageContext, Task } from '../stage.ts';
import { type Findings, type Ground, placePrint, type Unchanged } from './unchanged.ts';

/** The tasks of one dataset and account in a stage of records. */
export interface Part {
  /** Digits, or `all`. */
  readonly account: string;
  /**
   * The folders that its tasks go by: as long as nothing in them comes, goes or is put in the place of
   * another, tasks with nothing to do stay so. Null when these alone do not tell.
   */
  readonly folders: readonly string[] | null;
  readonly plan: () => PlannedPart;
}

/** What there is to do in a part. */
export interface PlannedPart {
  readonly tasks: readonly Task[];
  /** False when something that a task goes by is not told by the folders. */
  readonly isByFolders: boolean;
}

/** How a stage of records is planned: dataset by dataset, account by account. */
export interface PartPlan {
  readonly parts: (context: StageContext, dataset: Dataset) => readonly Part[];
  /** What its tasks depend on beside the folders, for all accounts of a dataset. */
  readonly ground: (context: StageContext, dataset: Dataset) => Ground;
}

/** Every task of the stage. */
export function planParts(context: StageContext, plan: PartPlan): readonly Task[] {
  return context.datasets.flatMap((dataset) =>
    plan.parts(context, dataset).flatMap((part) => part.plan().tasks),
  );
}

/**
 * Tasks that are to be done. Where everything is as it was when there was nothing to do, no task is made:
 * of tens of thousands of partitions most are like that, and making a task takes longer than a look at its
 * folder. Chosen days choose among an account's tasks, so then all of them are made.
 */
export function planDue(context: StageContext, plan: PartPlan, unchanged: Unchanged): Due {
  const { since, until } = context.selection;
  const isByDays = since !== undefined || until !== undefined;
  const tasks: Task[] = [];
  let fresh = 0;
  for (const dataset of context.datasets) {
    const parts = plan.parts(context, dataset);
    if (parts.length === 0) continue;
    const findings = isByDays ? null : unchanged.on(plan.ground(context, dataset));
    for (const part of parts) {
      const due = duePart(part, findings);
      tasks.push(...due.tasks);
      fresh += due.fresh;
    }
  }
  return { tasks, fresh };
}

/** The print is taken first: what changes while the tasks are planned changes the next one. */
function duePart(part: Part, findings: Findings | null): Due {
  const print = part.folders === null || findings === null ? null : placePrint(part.folders);
  const known = print === null ? null : (findings?.recall(part.account, print) ?? null);
  if (typeof known === 'number') return { tasks: [], fresh: known };
  const { tasks: all, isByFolders } = part.plan();
  const tasks = all.filter((task) => task.state !== 'fresh');
  const isQuiet = tasks.length === 0 && isByFolders;
  findings?.keep(part.account, print, isQuiet ? all.length : null);
  return { tasks, fresh: all.length - tasks.length };
}
