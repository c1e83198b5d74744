import { ActivityStore } from '../../activity/store.ts';
import { accountsLanded } from '../../landing/batch.ts';
import { landedBatches } from '../../pull/landed.ts';
import { dayAt, type Window } from '../../window.ts';
import { accountDay, knownAccount } from './account.ts';
import { accountIdsOf } from './account-choice.ts';
import { wanted } from './chosen.ts';
import { EVERYBODY_IN, idleOf, probeQuestions, standingOf } from './idle.ts';
import type { IdleCampaign } from './insight-plan.ts';
import { datasetNamed } from './named.ts';
import type { ExtractInput } from './pull-context.ts';
import {
  accountQuestion,
  activityQuestions,
  arePixelsDue,
  entityQuestions,
  explicitWindow,
  historyNotes,
  insightPlan,
  isAccountFresh,
  joinPlans,
  knownPixels,
  objectPlan,
  type Planned,
  type PullScope,
  pixelQuestions,
} from './pull-plan.ts';
import { type Question, questionLabel } from './requests.ts';
import type { Waiting } from './waiting.ts';

/** A question that would be asked; its answer may take several pages, each a request. */
export interface PlannedQuestion {
  readonly dataset: string;
  /** Account days, both inclusive; null for datasets without days. */
  readonly window: Window | null;
  /** `all`, or how many campaigns are named or left out. */
  readonly campaigns: 'all' | 'in' | 'not_in';
  readonly campaignCount: number;
  /** In words. */
  readonly label: string;
}

/** What would be asked about one account. */
export interface AccountPlan {
  /** Digits, without `act_`. */
  readonly account_id: string;
  /** Null, like the two below, when the account was never asked. */
  readonly name: string | null;
  readonly currency: string | null;
  readonly timezone: string | null;
  /** The account's own day; for an account that was never asked, the day in UTC. */
  readonly today: string;
  /** Nothing of the account has landed yet. */
  readonly isFirstPull: boolean;
  readonly questions: readonly PlannedQuestion[];
  /** Ids of campaigns that would be left out of the daily requests. */
  readonly campaignsLeftOut: readonly string[];
  /** What is not asked for today because it is asked for once a week. */
  readonly waiting: readonly Waiting[];
  /** Sentences: what the plan cannot know. */
  readonly notes: readonly string[];
}

/** What an extract would ask. */
export interface ExtractPlan {
  readonly accounts: readonly AccountPlan[];
  /** Questions in all; requests may be more, when answers have several pages. */
  readonly questions: number;
}

/**
 * What an extract would ask, from landing and the settings alone: no network, and nothing is written.
 * Throws `USAGE` for a selection that makes no sense.
 */
export function planExtract(input: Omit<ExtractInput, 'token' | 'progress'>): ExtractPlan {
  const store = ActivityStore.inMemory();
  try {
    const accounts = accountIdsOf(input).map((accountId) => planAccount(input, store, accountId));
    const questions = accounts.reduce((sum, account) => sum + account.questions.length, 0);
    return { accounts, questions };
  } finally {
    store.close();
  }
}

type PlanInput = Parameters<typeof planExtract>[0];

/**
 * What waits for the week's turn now, by account that has landed, from landing and the settings alone.
 * Accounts of which nothing waits are left out.
 */
export function listWaiting(
  input: Pick<PlanInput, 'lake' | 'config' | 'selection' | 'today'> & { readonly now: string },
): readonly WaitingAccount[] {
  const { lake, config, selection } = input;
  const accountIds = selection.accounts ?? accountsLanded(lake, datasetNamed('ad_accounts'));
  return accountIds.flatMap((accountId) => {
    const known = knownAccount(lake, accountId);
    if (known === null) return [];
    const today = accountDay(known.timezone, input);
    const firstPullDays = config.firstPullDays ?? config.lookbackDays;
    const scope: PullScope = { lake, config, accountId, today, firstPullDays, selection };
    const { waiting } = joinPlans([...insightPlans(scope, []), objectPlan(scope)]);
    return waiting.length === 0 ? [] : [{ account_id: accountId, waiting }];
  });
}

/** An account, digits without `act_`, and what waits there. */
export interface WaitingAccount {
  readonly account_id: string;
  readonly waiting: readonly Waiting[];
}

function insightPlans(scope: PullScope, idle: readonly IdleCampaign[]): readonly Planned[] {
  return wanted(scope, 'insights').map((dataset) => insightPlan(scope, dataset, idle));
}

function planAccount(input: PlanInput, store: ActivityStore, accountId: string): AccountPlan {
  const { lake, config, firstPullDays, selection } = input;
  const known = knownAccount(lake, accountId);
  const at = { now: input.now(), today: input.today };
  const today =
    known === null ? (at.today ?? dayAt(at.now, 'UTC')) : accountDay(known.timezone, at);
  const scope: PullScope = { lake, config, accountId, today, firstPullDays, selection };
  const standing = known === null ? EVERYBODY_IN : standingOf(scope, store, at.now);
  const pixels = pixelPlan(scope, known?.timezone ?? 'UTC');
  const insights = joinPlans(insightPlans(scope, idleOf(standing)));
  const objects = objectPlan(scope);
  const questions = [
    ...(known !== null && isAccountFresh(scope) ? [] : [accountQuestion(accountId)]),
    ...entityQuestions(scope),
    ...probeQuestions(scope, standing),
    ...insights.questions,
    ...objects.questions,
    ...activityQuestions(scope, known?.timezone ?? 'UTC'),
    ...pixels.questions,
  ];
  return {
    account_id: accountId,
    name: known?.name ?? null,
    currency: known?.currency ?? null,
    timezone: known?.timezone ?? null,
    today,
    isFirstPull: isFirstPull(scope),
    questions: questions.map(inWords),
    campaignsLeftOut: standing.idle.map(({ facts }) => facts.campaign_id).sort(),
    waiting: [...insights.waiting, ...objects.waiting],
    notes: [...notesOf(scope, known === null), ...pixels.notes],
  };
}

function pixelPlan(
  scope: PullScope,
  timezone: string,
): { readonly questions: readonly Question[]; readonly notes: readonly string[] } {
  const due = wanted(scope, 'pixel_stats').filter((one) => arePixelsDue(scope, one));
  const questions = due.flatMap((dataset) =>
    pixelQuestions(scope, { dataset, pixelIds: knownPixels(scope, dataset), timezone }),
  );
  const isUnknown = due.length > 0 && questions.length === 0;
  const note = 'How many pixels the account has is known once it was asked; each is one question.';
  return { questions, notes: isUnknown ? [note] : [] };
}

function notesOf(scope: PullScope, isUnknown: boolean): readonly string[] {
  const notes: string[] = [];
  if (isFirstPull(scope) && explicitWindow(scope) === null) {
    notes.push(`First pull: the last ${scope.firstPullDays} days.`);
  }
  if (isUnknown) {
    notes.push('The day of the account is known once it was asked; until then days are UTC.');
  }
  return [...notes, ...historyNotes(scope)];
}

function isFirstPull(scope: PullScope): boolean {
  return wanted({ selection: {}, config: scope.config }, 'insights').every(
    ({ name }) => landedBatches(scope.lake, datasetNamed(name), scope.accountId).length === 0,
  );
}

function inWords(question: Question): PlannedQuestion {
  const { campaigns } = question;
  return {
    dataset: question.dataset.name,
    window: question.window,
    campaigns: campaigns.kind,
    campaignCount: campaigns.kind === 'all' ? 0 : campaigns.ids.length,
    label: questionLabel(question),
  };
}
