import { ActivityStore } from '../activity/store.ts';
import { type ErrorCode, toAdlakeError } from '../errors.ts';
import { accountIdsOf } from '../platforms/meta/account-choice.ts';
import { type Gap, sumOf } from '../platforms/meta/answer.ts';
import { MetaClient } from '../platforms/meta/client.ts';
import { EVERYBODY_IN, pagesSaved } from '../platforms/meta/idle.ts';
import { type NotAsked, notAsked } from '../platforms/meta/left-out.ts';
import { type Pulled, pullAccount } from '../platforms/meta/pull.ts';
import type { ExtractInput, PullContext } from '../platforms/meta/pull-context.ts';
import { questionLabel } from '../platforms/meta/requests.ts';
import type { Waiting } from '../platforms/meta/waiting.ts';
import type { WorkListener } from '../platforms/meta/work.ts';
import { ReportLedger } from '../pull/report-ledger.ts';

export {
  type AccountPlan,
  type ExtractPlan,
  type PlannedQuestion,
  planExtract,
} from '../platforms/meta/extract-plan.ts';
/** What an extract is given. */
export type { ExtractInput } from '../platforms/meta/pull-context.ts';

/** What came of one account. */
export interface AccountSummary {
  /** Whose account it is: `meta`, `google` and so on. */
  readonly platform: string;
  /** Digits, without `act_`. */
  readonly account_id: string;
  /** Null, like the three below, when the account could not be asked at all. */
  readonly name: string | null;
  readonly currency: string | null;
  readonly timezone: string | null;
  /** The account's own day. */
  readonly today: string | null;
  /** Requests sent, repetitions included. */
  readonly calls: number;
  readonly batches: number;
  /** Records in the pages that have landed. */
  readonly rows: number;
  /**
   * Pages that the daily answers would have had more, had no campaign been left out; their rows are
   * taken to be as many for each campaign and day with delivery as the answers have. An estimate.
   */
  readonly callsSaved: number;
  /** Requests for named campaigns: the probe, sweeps, and what those that are back had missed. */
  readonly callsByName: number;
  readonly campaignsActive: number;
  readonly campaignsLeftOut: number;
  /** What was not asked for because it is asked for once a week. */
  readonly waiting: readonly Waiting[];
  /** What Meta did not give although it was asked for; it is asked for again by the next run. */
  readonly gaps: readonly Gap[];
  /** What the pull did not come to, because it failed; empty when it is complete. */
  readonly notAsked: readonly NotAsked[];
  /** Why the account is not complete; absent when it is. */
  readonly error?: {
    readonly code: ErrorCode;
    readonly message: string;
    readonly remedy: string;
  };
}

/** What came of an extract. */
export interface ExtractSummary {
  readonly accounts: readonly AccountSummary[];
  readonly calls: number;
  readonly batches: number;
  readonly rows: number;
  readonly callsSaved: number;
  readonly callsByName: number;
  /** Waited for limits, in all. */
  readonly waitsSeconds: number;
}

/**
 * Pulls what is due of every selected account into landing, one batch for each answer. An account
 * that fails says so in its summary and the others go on. Throws `USAGE` for a selection that makes
 * no sense, and errors that are not about one account (the disk, a bug).
 */
export async function extract(input: ExtractInput): Promise<ExtractSummary> {
  const accountIds = accountIdsOf(input);
  const { progress, sleep = reallySleep } = input;
  progress.start('api-to-landing', null);
  const client = new MetaClient({
    config: input.config,
    lake: input.lake,
    token: input.token,
    progress,
    now: input.now,
    sleep,
  });
  const store = ActivityStore.open(input.lake);
  try {
    const ledger = new ReportLedger(input.lake);
    const context = { input, client, ledger, sleep, store, listener: narrator(input) };
    const accounts = await Promise.all(
      accountIds.map((accountId) => summarize(context, accountId)),
    );
    const summary = totalOf(accounts, client.waitsSeconds);
    progress.finish('api-to-landing', sentence(summary));
    return summary;
  } finally {
    store.close();
    await client.close();
  }
}

async function summarize(context: PullContext, accountId: string): Promise<AccountSummary> {
  const pulled: Pulled = {
    account: null,
    today: null,
    work: null,
    scope: null,
    standing: EVERYBODY_IN,
    waiting: [],
  };
  try {
    await pullAccount(context, accountId, pulled);
    return summaryOf(context, accountId, pulled);
  } catch (thrown) {
    const error = toAdlakeError(thrown);
    if (!OF_ONE_ACCOUNT.has(error.code)) throw error;
    const { code, message, remedy } = error;
    context.input.progress.warn(`${message} ${remedy}`);
    const { scope, standing } = pulled;
    const left = scope === null ? [] : notAsked(scope, standing);
    const summary = summaryOf(context, accountId, pulled);
    return { ...summary, notAsked: left, error: { code, message, remedy } };
  }
}

/** Errors that end one account's pull and leave the others alone. */
const OF_ONE_ACCOUNT: ReadonlySet<ErrorCode> = new Set([
  'TOKEN_REFUSED',
  'PERMISSION_REFUSED',
  'SOURCE_UNAVAILABLE',
  'SOURCE_LIMITED',
  'SOURCE_REFUSED',
]);

function summaryOf(context: PullContext, accountId: string, pulled: Pulled): AccountSummary {
  const answers = pulled.work?.answers ?? [];
  const answered = sumOf(answers.map((one) => one.answered));
  const { campaigns, idle } = pulled.standing;
  const saved = answers.map((one) => pagesSaved(one.question, one.answered.rows, pulled.standing));
  return {
    platform: 'meta',
    account_id: accountId,
    name: pulled.account?.name ?? null,
    currency: pulled.account?.currency ?? null,
    timezone: pulled.account?.timezone ?? null,
    today: pulled.today,
    calls: context.client.callsOf(accountId),
    batches: answered.batches,
    rows: answered.rows,
    callsSaved: saved.reduce((sum, pages) => sum + pages, 0),
    callsByName: answers
      .filter(({ question }) => question.campaigns.kind === 'in')
      .reduce((sum, one) => sum + one.answered.pages, 0),
    campaignsActive: campaigns.filter(({ activity }) => activity.state === 'active').length,
    campaignsLeftOut: idle.length,
    waiting: pulled.waiting,
    gaps: answered.gaps,
    notAsked: [],
  };
}

/** What came of several extracts together. */
export function joinExtracts(parts: readonly ExtractSummary[]): ExtractSummary {
  const waitsSeconds = parts.reduce((sum, part) => sum + part.waitsSeconds, 0);
  return totalOf(
    parts.flatMap(({ accounts }) => accounts),
    waitsSeconds,
  );
}

/** Adds up what came of accounts. */
export function totalOf(accounts: readonly AccountSummary[], waitsSeconds: number): ExtractSummary {
  const sum = (count: (account: AccountSummary) => number): number =>
    accounts.reduce((total, account) => total + count(account), 0);
  return {
    accounts,
    calls: sum((account) => account.calls),
    batches: sum((account) => account.batches),
    rows: sum((account) => account.rows),
    callsSaved: sum((account) => account.callsSaved),
    callsByName: sum((account) => account.callsByName),
    waitsSeconds,
  };
}

function sentence(summary: ExtractSummary): string {
  if (summary.calls === 0) return 'everything is fresh, nothing was asked';
  const { calls, batches, rows } = summary;
  return `${calls} requests, ${batches} answers landed with ${rows} rows`;
}

function narrator(input: ExtractInput): WorkListener {
  let total = 0;
  let done = 0;
  return {
    planned: (count) => {
      total += count;
    },
    landed: (question) => {
      done++;
      input.progress.step('api-to-landing', { done, total, doing: questionLabel(question) });
    },
  };
}

function reallySleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * MILLISECONDS_PER_SECOND));
}

const MILLISECONDS_PER_SECOND = 1000;
