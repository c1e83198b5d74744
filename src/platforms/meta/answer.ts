import { type BatchHead, landBatch } from '../../batch.ts';
import { daysOf, type Window } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import type { AccountIdentity } from './account.ts';
import type { MetaClient } from './client.ts';
import { refusalError } from './refusal.ts';
import { describeQuery, type Question, queryOf, questionLabel } from './requests.ts';
import { withoutToken } from './secret.ts';
import { type AnswerPage, walk } from './walk.ts';

/** What asking needs beside the question. */
export interface AskContext {
  readonly lake: Lake;
  readonly client: MetaClient;
  readonly token: string;
  readonly apiVersion: string;
  /** The account's own day. */
  readonly today: string;
  /** Null only while the account itself is being asked who it is. */
  readonly account: AccountIdentity | null;
  /** The current instant, UTC with milliseconds. */
  readonly now: () => string;
}

/** What an answer brought. */
export interface Answered {
  readonly batches: number;
  readonly rows: number;
  /** Pages landed. */
  readonly pages: number;
}

/**
 * Asks a question and lands the whole answer as one batch. When the answer is too large even with
 * the smallest pages, the days are halved and each half is a batch of its own. Nothing of an answer
 * lands that did not come to its end. Throws what the client throws.
 */
export async function answer(context: AskContext, question: Question): Promise<Answered> {
  const { accountId } = question;
  const label = questionLabel(question);
  const walked = await walk(context.client, queryOf(question), { accountId, label });
  if (walked.kind === 'whole') return landAnswer(context, question, walked.pages);
  const halves = question.window === null ? [] : halvesOf(question.window);
  if (halves.length === 0) throw refusalError(walked.refusal, label);
  const answered: Answered[] = [];
  for (const window of halves) answered.push(await answer(context, { ...question, window }));
  return sumOf(answered);
}

/** Adds up what several answers brought. */
export function sumOf(answered: readonly Answered[]): Answered {
  return answered.reduce(
    (sum, one) => ({
      batches: sum.batches + one.batches,
      rows: sum.rows + one.rows,
      pages: sum.pages + one.pages,
    }),
    { batches: 0, rows: 0, pages: 0 },
  );
}

/** Lands the pages of an answer, less the token, as one batch. */
export function landAnswer(
  context: AskContext,
  question: Question,
  pages: readonly AnswerPage[],
): Answered {
  const rows = pages.reduce((sum, page) => sum + page.rows, 0);
  landBatch(context.lake, question.dataset, {
    head: headOf(context, question),
    pages: pages.map((page) => ({
      bytes: withoutToken(page.bytes, context.token),
      rows: page.rows,
    })),
    now: context.now(),
  });
  return { batches: 1, rows, pages: pages.length };
}

function headOf(context: AskContext, question: Question): BatchHead {
  return {
    dataset: question.dataset.name,
    account_id: question.accountId,
    object_id: question.objectId,
    source: 'api',
    scope: {
      since: question.window?.since ?? null,
      until: question.window?.until ?? null,
      campaigns: question.campaigns,
      complete: true,
    },
    today: context.today,
    api_version: context.apiVersion,
    request: describeQuery(queryOf(question)),
    timezone: context.account?.timezone ?? null,
    currency: context.account?.currency ?? null,
  };
}

function halvesOf(window: Window): readonly Window[] {
  const days = daysOf(window);
  const middle = days[Math.floor(days.length / 2) - 1];
  const next = days[Math.floor(days.length / 2)];
  if (middle === undefined || next === undefined) return [];
  return [
    { since: window.since, until: middle },
    { since: next, until: window.until },
  ];
}
