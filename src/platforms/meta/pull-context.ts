import type { ActivityStore } from '../../activity/store.ts';
import type { MetaConfig } from '../../config.ts';
import { AdlakeError } from '../../errors.ts';
import type { Progress } from '../../progress.ts';
import type { ReportLedger } from '../../pull/report-ledger.ts';
import type { Selection } from '../../stage.ts';
import type { Lake } from '../../zone.ts';
import type { AccountIdentity } from './account.ts';
import type { AskContext } from './answer.ts';
import type { CallContext, MetaClient } from './client.ts';
import type { UnsearchedInsights } from './lost/unsearched.ts';
import type { PullScope } from './pull-plan.ts';
import { refusalError } from './refusal.ts';
import type { MetaQuery } from './requests.ts';
import { type AnswerPage, HeldPages, walk } from './walk.ts';
import type { Work, WorkListener } from './work.ts';

/** What an extract is given. */
export interface ExtractInput {
  readonly lake: Lake;
  readonly config: MetaConfig;
  readonly progress: Progress;
  /** The current instant, UTC with milliseconds. */
  readonly now: () => string;
  /** The current day in every account (a replay); null: each account's own day at `now()`. */
  readonly today: string | null;
  readonly firstPullDays: number;
  readonly selection: Selection;
  readonly token: string;
  /** Waits; absent: really. */
  readonly sleep?: (seconds: number) => Promise<void>;
}

/** What pulling one account needs beside the input. */
export interface PullContext {
  readonly input: ExtractInput;
  readonly client: MetaClient;
  readonly ledger: ReportLedger;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly listener: WorkListener;
  readonly store: ActivityStore;
}

/** An account whose day is known, so that it can be asked about. */
export interface Begun {
  readonly work: Work;
  readonly ask: AskContext;
  readonly scope: PullScope;
  readonly account: AccountIdentity;
  readonly unsearched: UnsearchedInsights;
}

/**
 * What an account's other data do not depend on is left out with a warning when the token may not read
 * it; `what` begins the sentence that says so. For `Work.ask`.
 */
export function leavingOut(context: PullContext, what: string): (error: unknown) => boolean {
  return (error) => {
    const isRefused =
      error instanceof AdlakeError &&
      (error.code === 'PERMISSION_REFUSED' || error.code === 'SOURCE_REFUSED');
    if (isRefused) context.input.progress.warn(`${error.message} ${what} is left out.`);
    return isRefused;
  };
}

/**
 * All pages of an answer that has no days to split. Throws `SOURCE_REFUSED` when it is too large, and
 * what the client throws.
 */
export async function pagesOf(
  context: PullContext,
  query: MetaQuery,
  about: CallContext,
): Promise<readonly AnswerPage[]> {
  const sink = new HeldPages();
  const walked = await walk(query, { ...about, client: context.client, sink });
  if (walked.kind === 'declined') throw refusalError(walked.refusal, about.label);
  return sink.pages;
}
