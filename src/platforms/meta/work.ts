import PQueue from 'p-queue';
import { type Answered, type AskContext, answer, landAnswer } from './answer.ts';
import type { Question } from './requests.ts';
import type { AnswerPage } from './walk.ts';

/** Who is told how the work goes. */
export interface WorkListener {
  /** So many questions have been added. */
  readonly planned: (count: number) => void;
  /** An answer has landed. */
  readonly landed: (question: Question, answered: Answered) => void;
}

/** A question and what its answer brought. */
export interface LandedAnswer {
  readonly question: Question;
  readonly answered: Answered;
}

/** Questions that an account has under way at once: those that are answered page by page. */
export const WORKERS = 4;

/** Reports that an account has open at once: as many as are asked after in one request. */
export const OPEN_REPORTS = 50;

/**
 * Where the questions of one account wait for their turn. Each account has its own, so that one that
 * waits for its limit keeps no other waiting; a report that is being made keeps no page waiting.
 */
export interface Lanes {
  readonly pages: PQueue;
  readonly reports: PQueue;
}

/** New lanes for an account. */
export function openLanes(): Lanes {
  return {
    pages: new PQueue({ concurrency: WORKERS }),
    reports: new PQueue({ concurrency: OPEN_REPORTS }),
  };
}

/** The questions of one account. */
export class Work {
  private readonly context: AskContext;
  private readonly lanes: Lanes;
  private readonly listener: WorkListener;
  private readonly landed: LandedAnswer[] = [];
  private isStopped = false;

  constructor(context: AskContext, lanes: Lanes, listener: WorkListener) {
    this.context = context;
    this.lanes = lanes;
    this.listener = listener;
  }

  /** Every question whose answer has landed so far. */
  get answers(): readonly LandedAnswer[] {
    return this.landed;
  }

  /**
   * Asks all questions, several at once, and ends when the last answer has landed. After the first
   * that fails no further one of this account is begun, and its error is thrown; unless `forgives`
   * says that the rest does not depend on it.
   */
  async ask(
    questions: readonly Question[],
    forgives: (error: unknown) => boolean = () => false,
  ): Promise<void> {
    this.listener.planned(questions.length);
    const asked = questions.map((question) =>
      this.lanes[this.context.wayOf(question)].add(() => this.one(question, forgives)),
    );
    const failed = (await Promise.allSettled(asked)).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Runs something else of this account in its turn, for example a list that is not landed. */
  async turn<T>(act: () => Promise<T>): Promise<T> {
    return this.lanes.pages.add(act);
  }

  /** Lands pages that were got in a turn as the answer to a question. */
  land(question: Question, pages: readonly AnswerPage[]): void {
    this.count(question, landAnswer(this.context, question, pages));
  }

  private async one(question: Question, forgives: (error: unknown) => boolean): Promise<void> {
    if (this.isStopped) return;
    try {
      this.count(question, await answer(this.context, question));
    } catch (error) {
      if (forgives(error)) return;
      this.isStopped = true;
      throw error;
    }
  }

  /** Takes in what an answer brought that was got and landed otherwise. */
  count(question: Question, answered: Answered): void {
    this.landed.push({ question, answered });
    this.listener.landed(question, answered);
  }
}
