import type { Day } from './calendar.ts';
import { textOf } from './calendar.ts';
import { noon } from './entity-part.ts';
import type { FaultPlan } from './fault.ts';
import { GraphError, unknownObject } from './graph-error.ts';
import type { InsightQuery } from './insight-query.ts';
import { digits, mix, saltOf, uniform } from './random.ts';
import type { WorldObject } from './world.ts';

/** How a report ends; a stuck one stays at 0 % for ever. */
export type Outcome = 'completed' | 'failed' | 'too-large' | 'skipped' | 'stuck';

/** What is ordered: rows about an object, with the parameters of an insights request. */
export interface ReportOrder {
  readonly object: WorldObject;
  /** The path that was posted to, after the version. */
  readonly path: readonly string[];
  readonly params: URLSearchParams;
  readonly query: InsightQuery;
  /** The request without its token: what faults are drawn from. */
  readonly key: string;
  /** The rows are more than one call may have. */
  readonly isTooLarge: boolean;
}

/** A report that was ordered, and how far it has been asked after. */
export interface ReportRun extends ReportOrder {
  readonly id: string;
  readonly outcome: Outcome;
  /** How often it has been polled with an answer. */
  polls: number;
  /** How often the first poll and the first reading still fail. */
  hiddenPolls: number;
  hiddenReads: number;
}

/** The reports of one sandbox: the only thing it remembers. */
export interface RunStore {
  /** Takes an order and gives its run. */
  readonly order: (order: ReportOrder) => ReportRun;
  /** A run of an id, also one that has expired. */
  readonly find: (id: string) => ReportRun | undefined;
}

/** Meta forgets a report after 30 days. */
const KEPT_DAYS = 30;
const NOT_COMPLETED = 2601;

/** Makes the store; a run is complete after `polls` polls. */
export function createRunStore(options: {
  readonly seed: number;
  readonly faults: FaultPlan;
}): RunStore {
  const runs = new Map<string, ReportRun>();
  // An id is of one order for ever: another sandbox must not know it as that of another report.
  const orders = new Map<string, number>();
  return {
    find: (id) => runs.get(id),
    order: (order) => {
      const again = (orders.get(order.key) ?? 0) + 1;
      orders.set(order.key, again);
      const about = `${options.seed}/report/${textOf(order.object.world.today)}/${order.key}`;
      const late = options.faults.strikes('job-not-ready', order.key);
      const run: ReportRun = {
        ...order,
        id: `61${digits(mix(saltOf(about), again), 15)}`,
        outcome: order.isTooLarge ? 'too-large' : outcomeOf(options.faults, order.key),
        polls: 0,
        hiddenPolls: late ? 1 : 0,
        hiddenReads: late ? 2 : 0,
      };
      runs.set(run.id, run);
      return run;
    },
  };
}

/**
 * Polls a run: one more step towards its end. Gives every field that the API would; the failure
 * fields are those of v25.0 and later. Throws a `GraphError` (100, subcode 33) for a run that has
 * expired on `today`, and, by the fault `job-not-ready`, for the first poll.
 */
export function pollRun(
  run: ReportRun,
  at: { readonly today: Day; readonly polls: number },
): Readonly<Record<string, unknown>> {
  checkKept(run, at.today);
  if (run.hiddenPolls > 0) {
    run.hiddenPolls -= 1;
    throw unknownObject(run.id);
  }
  run.polls += 1;
  const step = stepOf(run, at.polls);
  const { world } = run.object;
  const begun = noon(world.today, world.account);
  const isOver = step.status === 'Job Completed';
  return {
    id: run.id,
    account_id: world.account.id,
    time_ref: begun,
    ...(isOver ? { time_completed: begun + 60 * at.polls } : {}),
    async_status: step.status,
    async_percent_completion: step.percent,
    date_start: textOf(run.query.since),
    date_stop: textOf(run.query.until),
    is_running: !isOver && failureOf(step.status, run.outcome) === undefined,
    ...failureOf(step.status, run.outcome),
  };
}

/**
 * Checks that the rows of a run can be read. Throws a `GraphError`: 100 with subcode 33 for one that
 * has expired on `today`, 2601 with subcode 1815107 while it is not completed, and by the fault
 * `job-not-ready` once that and once 2637 although it is.
 */
export function checkReadable(
  run: ReportRun,
  at: { readonly today: Day; readonly polls: number },
): void {
  checkKept(run, at.today);
  if (run.outcome !== 'completed' || run.polls <= at.polls) throw notReadable(NOT_COMPLETED);
  if (run.hiddenReads === 0) return;
  run.hiddenReads -= 1;
  throw notReadable(run.hiddenReads === 0 ? 2637 : NOT_COMPLETED);
}

function outcomeOf(faults: FaultPlan, key: string): Outcome {
  if (faults.strikes('job-stuck', key)) return 'stuck';
  if (!faults.strikes('job-failed', key)) return 'completed';
  const draw = uniform(saltOf(`${faults.seed}/outcome/${key}`), 1);
  if (draw < 0.4) return 'failed';
  return draw < 0.7 ? 'too-large' : 'skipped';
}

/** Not started, started, running by equal shares, and after `polls` polls the end. */
function stepOf(
  run: ReportRun,
  polls: number,
): { readonly status: string; readonly percent: number } {
  const { outcome } = run;
  if (run.polls > polls && outcome !== 'stuck') {
    if (outcome === 'completed') return { status: 'Job Completed', percent: 100 };
    if (outcome === 'skipped') return { status: 'Job Skipped', percent: 0 };
    return { status: 'Job Failed', percent: 37 };
  }
  if (run.polls === 1) return { status: 'Job Not Started', percent: 0 };
  if (run.polls === 2 || outcome === 'stuck') return { status: 'Job Started', percent: 0 };
  return { status: 'Job Running', percent: Math.floor((100 * (run.polls - 2)) / (polls - 2)) };
}

/** Failure fields of a run; Meta's reference names the codes, the words are the sandbox's. */
function failureOf(status: string, outcome: Outcome): object | undefined {
  if (status === 'Job Skipped') return {};
  if (status !== 'Job Failed') return undefined;
  const large = outcome === 'too-large';
  return {
    error_code: large ? -3 : -2,
    error_message: large ? 'The report is too large.' : 'The report failed.',
    error_subcode: large ? 1504045 : 2490547,
    error_user_title: large ? 'Report too large' : 'Report failed',
    error_user_msg: large ? 'Ask for less in one report.' : 'Order the report again.',
  };
}

function checkKept(run: ReportRun, today: Day): void {
  if (today - run.object.world.today > KEPT_DAYS) throw unknownObject(run.id);
}

function notReadable(code: number): GraphError {
  return code === NOT_COMPLETED
    ? new GraphError({
        status: 400,
        code,
        subcode: 1815107,
        message: '(#2601) Error accessing adreport job.',
      })
    : new GraphError({ status: 400, code, message: `(#${code}) The report cannot be read yet.` });
}
