import type PQueue from 'p-queue';
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

/** The questions of one account, asked through a queue that all accounts share. */
export class Work {
  private readonly context: AskContext;
  private readonly queue: PQueue;
  private readonly listener: WorkListener;
  private readonly landed: LandedAnswer[] = [];
  private isStopped = false;

  constructor(context: AskContext, queue: PQueue, listener: WorkListener) {
    this.context = context;
    this.queue = queue;
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
    const asked = questions.map((question) => this.queue.add(() => this.one(question, forgives)));
    const failed = (await Promise.allSettled(asked)).find((one) => one.status === 'rejected');
    if (failed !== undefined) throw failed.reason;
  }

  /** Runs something else of this account in its turn, for example a list that is not landed. */
  async turn<T>(act: () => Promise<T>): Promise<T> {
    return this.queue.add(act);
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

  private count(question: Question, answered: Answered): void {
    this.landed.push({ question, answered });
    this.listener.landed(question, answered);
  }
}
