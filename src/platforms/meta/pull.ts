import { type AccountIdentity, accountDay, knownAccount, parseAccount } from './account.ts';
import type { AskContext } from './answer.ts';
import { wanted } from './chosen.ts';
import { idleOf, probeQuestions, type Standing, standingOf } from './idle.ts';
import { pullLost } from './lost/pull-lost.ts';
import { SeenObjects } from './lost/seen-objects.ts';
import { UnsearchedInsights } from './lost/unsearched.ts';
import { type Begun, leavingOut, type PullContext, pagesOf } from './pull-context.ts';
import { pullPixels } from './pull-pixels.ts';
import {
  accountQuestion,
  activityQuestions,
  entityQuestions,
  explicitWindow,
  historyNotes,
  insightPlan,
  isAccountFresh,
  joinPlans,
  objectPlan,
  type PullScope,
} from './pull-plan.ts';
import { ReportDesk } from './report/report-desk.ts';
import { type SizeFacts, wayOf } from './report/report-rule.ts';
import { sizeFacts } from './report/size-facts.ts';
import { type Question, queryOf, questionLabel } from './requests.ts';
import { knownObjects } from './split/known-objects.ts';
import type { Waiting } from './waiting.ts';
import type { AnswerPage } from './walk.ts';
import { openLanes, Work } from './work.ts';

/** What is known of an account's pull; grows while it runs, so that a failure keeps what was done. */
export interface Pulled {
  account: AccountIdentity | null;
  today: string | null;
  work: Work | null;
  /** Null while the account's day is not known. */
  scope: PullScope | null;
  standing: Standing;
  /** What is not asked for today because it is asked for once a week. */
  readonly waiting: Waiting[];
}

/**
 * Brings one account up to date: the account, its campaigns, ad sets and ads, then insights, then the
 * other objects, the change log and pixel statistics, without those that the token may not read. Throws
 * what the client throws; what has landed until then stays, and `pulled` says what it was.
 */
export async function pullAccount(
  context: PullContext,
  accountId: string,
  pulled: Pulled,
): Promise<void> {
  const begun = await begin(context, accountId, pulled);
  const { work, scope } = begun;
  for (const text of historyNotes(scope)) context.input.progress.note(text);
  await work.ask(entityQuestions(scope));
  await pullInsights(context, begun, pulled);
  await pullLost(context, begun);
  const lists = objectPlan(scope);
  pulled.waiting.push(...lists.waiting);
  await work.ask(lists.questions, leavingOut(context, 'This list'));
  const log = activityQuestions(scope, begun.account.timezone);
  await work.ask(log, leavingOut(context, 'The change log'));
  for (const dataset of wanted(scope, 'pixel_stats')) {
    await pullPixels(context, { ...begun, dataset });
  }
}

/** Learns the account's currency and day, from landing when it was asked today, else from Meta. */
async function begin(context: PullContext, accountId: string, pulled: Pulled): Promise<Begun> {
  const { lake, config, firstPullDays, selection } = context.input;
  const scopeAt = (today: string): PullScope => ({
    lake,
    config,
    accountId,
    today,
    firstPullDays,
    selection,
  });
  const known = knownAccount(lake, accountId);
  const isFresh = known !== null && isAccountFresh(scopeAt(dayOf(context, known)));
  const asked = isFresh ? null : await askAccount(context, accountId);
  const account = asked?.account ?? known;
  if (account === null) throw new RangeError(`Nothing is known of account ${accountId}.`);
  const today = dayOf(context, account);
  const scope = scopeAt(today);
  const unsearched = new UnsearchedInsights(lake, accountId);
  const ask = askContext(context, { account, scope, pulled, unsearched });
  const work = new Work(ask, openLanes(), context.listener);
  Object.assign(pulled, { account, today, work, scope });
  if (asked !== null) work.land(asked.question, asked.pages);
  return { work, ask, scope, account, unsearched };
}

interface AskedAccount {
  readonly account: AccountIdentity;
  readonly question: Question;
  readonly pages: readonly AnswerPage[];
}

async function askAccount(context: PullContext, accountId: string): Promise<AskedAccount> {
  const question = accountQuestion(accountId);
  context.listener.planned(1);
  const about = { accountId, label: questionLabel(question) };
  const pages = await pagesOf(context, queryOf(question), about);
  const first = pages[0]?.bytes ?? Buffer.alloc(0);
  return { account: parseAccount(first, accountId), question, pages };
}

/**
 * Campaign insights first: with the probe they tell who delivers. What they say decides who is left
 * out of the other datasets, and who is back and is asked for by name for what was missed. What could
 * not be had at all is left to the next run.
 */
async function pullInsights(context: PullContext, begun: Begun, pulled: Pulled): Promise<void> {
  const { work, scope } = begun;
  const { now } = context.input;
  const datasets = wanted(scope, 'insights');
  if (datasets.length === 0) return;
  const before = standingOf(scope, context.store, now());
  pulled.standing = before;
  for (const dataset of datasets.filter(({ name }) => name === 'insights_campaign_day')) {
    await work.ask(insightPlan(scope, dataset, idleOf(before)).questions);
    await work.ask(probeQuestions(scope, before));
  }
  const after = standingOf(scope, context.store, now());
  pulled.standing = after;
  const isExplicit = explicitWindow(scope) !== null;
  const hasGap = work.answers.some(({ answered }) => answered.gaps.length > 0);
  const isDone = isExplicit || hasGap;
  const rest = datasets.filter(({ name }) => !isDone || name !== 'insights_campaign_day');
  const plan = joinPlans(rest.map((dataset) => insightPlan(scope, dataset, idleOf(after))));
  pulled.waiting.push(...plan.waiting);
  await work.ask(plan.questions);
}

function askContext(
  context: PullContext,
  at: {
    readonly account: AccountIdentity;
    readonly scope: PullScope;
    readonly pulled: Pulled;
    readonly unsearched: UnsearchedInsights;
  },
): AskContext {
  const { client, ledger, sleep } = context;
  const { lake, token, config, now } = context.input;
  const { account, scope, pulled } = at;
  const { today, accountId } = scope;
  const { apiVersion } = config;
  const sizes = sizesNow(scope, pulled);
  return {
    ...{ lake, client, token, apiVersion, accountId, today, account, now, sleep },
    seen: new SeenObjects(() => at.unsearched.note(now())),
    note: (text) => context.input.progress.note(text),
    desk: new ReportDesk({ client, ledger, accountId, today, apiVersion, now, sleep }),
    wayOf: (question) => wayOf(question, sizes(), config.reportRows),
    known: knownObjects(lake, accountId),
  };
}

/** The account's size as it is known; looked at again when it is known better who delivers. */
function sizesNow(scope: PullScope, pulled: Pulled): () => SizeFacts {
  let known: { readonly standing: Standing; readonly facts: SizeFacts } | null = null;
  return () => {
    const { standing } = pulled;
    if (known?.standing === standing) return known.facts;
    known = { standing, facts: sizeFacts(scope, whoDelivers(standing)) };
    return known.facts;
  };
}

/** Campaigns that delivered lately; before anything is known of delivery, those that Meta calls active. */
function whoDelivers({ campaigns }: Standing): { readonly active: number; readonly known: number } {
  const delivering = campaigns.filter(({ activity }) => activity.state === 'active').length;
  const isKnown = campaigns.some(({ facts }) => facts.deliveryDays.length > 0);
  const called = campaigns.filter(({ facts }) => facts.effective_status === 'ACTIVE').length;
  return { active: isKnown ? delivering : called, known: campaigns.length };
}

function dayOf(context: PullContext, account: AccountIdentity): string {
  const { now, today } = context.input;
  return accountDay(account.timezone, { now: now(), today });
}
