import { AdlakeError, type ErrorCode, toAdlakeError } from '../errors.ts';
import type { StageName } from '../progress.ts';
import type { Task, TaskOutcome } from '../stage.ts';
import type { TaskRecord } from '../state.ts';

/** What a thread is asked: a task, and what is remembered of its partition. No data goes with it. */
export interface TaskQuestion {
  readonly stage: StageName;
  readonly task: Task;
  readonly records: ReadonlyArray<readonly [taskId: string, record: TaskRecord]>;
}

/** What a thread answers. */
export type TaskAnswer =
  | { readonly kind: 'done'; readonly outcome: TaskOutcome }
  /** The thread's own plan is not the one the task came from: it did nothing. */
  | { readonly kind: 'planned-otherwise' }
  | { readonly kind: 'failed'; readonly error: ToldError };

/** Several tasks may be under way in one thread: an answer bears the number of its question. */
export interface NumberedQuestion {
  readonly number: number;
  readonly question: TaskQuestion;
}

/** See `NumberedQuestion`. */
export interface NumberedAnswer {
  readonly number: number;
  readonly answer: TaskAnswer;
}

/** An `AdlakeError` as a message: errors lose their own fields on the way between threads. */
export interface ToldError {
  readonly code: ErrorCode;
  readonly message: string;
  readonly remedy: string;
  readonly stack: string | undefined;
  readonly cause: unknown;
}

/** What was thrown in a thread, as a message. */
export function tell(thrown: unknown): ToldError {
  const { code, message, remedy, stack, cause } = toAdlakeError(thrown);
  return { code, message, remedy, stack, cause: plain(cause) };
}

/** The error that a thread told of. */
export function retold(told: ToldError): AdlakeError {
  const { code, message, remedy, cause, stack } = told;
  const error = new AdlakeError({ code, message, remedy, cause });
  if (stack !== undefined) error.stack = stack;
  return error;
}

/** A cause may hold anything; of what cannot be sent, the text is. */
function plain(cause: unknown): unknown {
  if (cause === undefined) return undefined;
  if (!(cause instanceof Error)) return String(cause);
  const copy = new Error(cause.message, { cause: plain(cause.cause) });
  if (cause.stack !== undefined) copy.stack = cause.stack;
  return copy;
}
