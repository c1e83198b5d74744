import { type AccountIdentity, accountDay, knownAccount, parseAccount } from './account.ts';
import type { AskContext } from './answer.ts';
import { wanted } from './chosen.ts';
import { idleOf, probeQuestions, type Standing, standingOf } from './idle.ts';
import { type Begun, leavingOut, type PullContext, pagesOf } from './pull-context.ts';
import { pullPixels } from './pull-pixels.ts';
import {
  accountQuestion,
  activityQuestions,
  entityQuestions,
  explicitWindow,
  insightQuestionsOf,
  isAccountFresh,
  objectQuestions,
  type PullScope,
} from './pull-plan.ts';
import { type Question, queryOf, questionLabel } from './requests.ts';
import type { AnswerPage } from './walk.ts';
import { Work } from './work.ts';

/** What is known of an account's pull; grows while it runs, so that a failure keeps what was done. */
export interface Pulled {
  account: AccountIdentity | null;
  today: string | null;
  work: Work | null;
  standing: Standing;
}

/**
 * Brings one account up to date: the account, its campaigns, ad sets and ads, then insights, then the
 * other objects, the change log and pixel statistics, without those that the token may not read. Throws what the client throws; what has landed until then stays, and `pulled`
 * says what it was.
 */
export async function pullAccount(
  context: PullContext,
  accountId: string,
  pulled: Pulled,
): Promise<void> {
  const begun = await begin(context, accountId, pulled);
  const { work, scope } = begun;
  await work.ask(entityQuestions(scope));
  await pullInsights(context, begun, pulled);
  await work.ask(objectQuestions(scope), leavingOut(context, 'This list'));
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
  const ask = askContext(context, { account, today });
  const work = new Work(ask, context.queue, context.listener);
  Object.assign(pulled, { account, today, work });
  if (asked !== null) work.land(asked.question, asked.pages);
  return { work, scope: scopeAt(today), account };
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
  const pages = await context.queue.add(() => pagesOf(context, queryOf(question), about));
  const first = pages[0]?.bytes ?? Buffer.alloc(0);
  return { account: parseAccount(first, accountId), question, pages };
}

/**
 * Campaign insights first: with the probe they tell who delivers. What they say decides who is left
 * out of the other datasets, and who is back and is asked for by name for what was missed.
 */
async function pullInsights(context: PullContext, begun: Begun, pulled: Pulled): Promise<void> {
  const { work, scope } = begun;
  const { now } = context.input;
  const datasets = wanted(scope, 'insights');
  if (datasets.length === 0) return;
  const before = standingOf(scope, context.store, now());
  pulled.standing = before;
  for (const dataset of datasets.filter(({ name }) => name === 'insights_campaign_day')) {
    await work.ask(insightQuestionsOf(scope, dataset, idleOf(before)));
    await work.ask(probeQuestions(scope, before));
  }
  const after = standingOf(scope, context.store, now());
  pulled.standing = after;
  const isExplicit = explicitWindow(scope) !== null;
  const rest = datasets.filter(({ name }) => !isExplicit || name !== 'insights_campaign_day');
  await work.ask(rest.flatMap((dataset) => insightQuestionsOf(scope, dataset, idleOf(after))));
}

function askContext(
  context: PullContext,
  at: { readonly account: AccountIdentity; readonly today: string },
): AskContext {
  const { lake, token, config, now } = context.input;
  return { lake, client: context.client, token, apiVersion: config.apiVersion, now, ...at };
}

function dayOf(context: PullContext, account: AccountIdentity): string {
  const { now, today } = context.input;
  return accountDay(account.timezone, { now: now(), today });
}
