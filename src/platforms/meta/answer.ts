import { BatchDraft, type BatchHead, type MissingPart } from '../../batch.ts';
import { daysOf, type Window } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import type { AccountIdentity } from './account.ts';
import type { Declined, MetaClient } from './client.ts';
import { refusalError } from './refusal.ts';
import { type BringContext, bring, isTooMuch, type Way } from './report/bring.ts';
import type { ReportDesk } from './report/report-desk.ts';
import { describeQuery, type Question, queryOf, questionLabel } from './requests.ts';
import { withoutToken } from './secret.ts';
import { bringDay } from './split/day-parts.ts';
import { halvesOf, type KnownObjects } from './split/part.ts';
import type { AnswerPage, PageSink } from './walk.ts';

/** What asking needs beside the question. */
export interface AskContext {
  readonly lake: Lake;
  readonly client: MetaClient;
  readonly desk: ReportDesk;
  readonly token: string;
  readonly apiVersion: string;
  /** The account's own day. */
  readonly today: string;
  /** Null only while the account itself is being asked who it is. */
  readonly account: AccountIdentity | null;
  /** The current instant, UTC with milliseconds. */
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Whether a question is too large to be asked page by page. */
  readonly wayOf: (question: Question) => Way;
  /** Where to halve what is too much on a single day. */
  readonly known: KnownObjects;
}

/** What an answer brought. */
export interface Answered {
  readonly batches: number;
  readonly rows: number;
  /** Pages landed. */
  readonly pages: number;
  /** What of it could not be had. */
  readonly gaps: readonly Gap[];
}

/** Days and objects that could not be had, however little was asked for at once. */
export interface Gap {
  readonly dataset: string;
  /** Account days, both inclusive; null for datasets without days. */
  readonly window: Window | null;
  readonly part: MissingPart;
}

/**
 * Asks a question and lands the whole answer as one batch; its pages go to the disk as they come. When
 * it is too large, the days are halved and each half is a batch of its own; a single day is asked for
 * in parts, which are one batch that says what of it could not be had. Nothing of an answer lands that
 * did not come to its end. Throws what the client throws.
 */
export function answer(context: AskContext, question: Question): Promise<Answered> {
  return answerPart(context, question, true);
}

async function answerPart(
  context: AskContext,
  question: Question,
  mayReport: boolean,
): Promise<Answered> {
  const draft = new BatchDraft(context.lake, question.dataset, question.accountId);
  try {
    const isInsights = question.dataset.request.kind === 'insights';
    const how = { way: context.wayOf(question), mayReport: mayReport && isInsights };
    const sink = sinkInto(draft, context.token);
    const about = bringContext(context, question);
    const brought = await bring(queryOf(question), how, { ...about, sink });
    if (brought.kind === 'whole') {
      const answered = land(context, { question, draft, missing: [] });
      context.desk.forget(brought.reports);
      return answered;
    }
    const days = question.window === null ? [] : daysOf(question.window);
    const canSplit = isTooMuch(brought.refusal) && (isInsights || days.length > 1);
    if (!canSplit) throw refusalError(brought.refusal, about.about.label);
    if (days.length > 1) {
      draft.discard();
      return await answerHalves(context, { question, days }, mayReport && !brought.wasReport);
    }
    draft.cut(0);
    return await answerDay(context, { question, draft, refusal: brought.refusal });
  } finally {
    draft.discard();
  }
}

async function answerHalves(
  context: AskContext,
  of: { readonly question: Question; readonly days: readonly string[] },
  mayReport: boolean,
): Promise<Answered> {
  const answered: Answered[] = [];
  for (const half of halvesOf(of.days)) {
    const [since, until] = [half[0], half.at(-1)];
    if (since === undefined || until === undefined) continue;
    answered.push(
      await answerPart(context, { ...of.question, window: { since, until } }, mayReport),
    );
  }
  return sumOf(answered);
}

async function answerDay(
  context: AskContext,
  of: {
    readonly question: Question;
    readonly draft: BatchDraft;
    readonly refusal: Declined;
  },
): Promise<Answered> {
  const { question, draft } = of;
  const { request } = question.dataset;
  const level = request.kind === 'insights' ? request.level : 'account';
  const { missing } = await bringDay(
    {
      question,
      level,
      known: context.known,
      bring: bringContext(context, question),
      place: () => sinkInto(draft, context.token),
    },
    of.refusal,
  );
  return land(context, { question, draft, missing });
}

function bringContext(context: AskContext, question: Question): Omit<BringContext, 'sink'> {
  const { client, desk, sleep } = context;
  const about = { accountId: question.accountId, label: questionLabel(question) };
  return { client, desk, sleep, about };
}

/** A place in a draft: what it puts stands after what is there now. */
function sinkInto(draft: BatchDraft, token: string): PageSink {
  const keep = draft.pages;
  return {
    put: ({ bytes, rows }) => draft.put({ bytes: withoutToken(bytes, token), rows }),
    clear: () => draft.cut(keep),
  };
}

/** Adds up what several answers brought. */
export function sumOf(answered: readonly Answered[]): Answered {
  return answered.reduce(
    (sum, one) => ({
      batches: sum.batches + one.batches,
      rows: sum.rows + one.rows,
      pages: sum.pages + one.pages,
      gaps: [...sum.gaps, ...one.gaps],
    }),
    { batches: 0, rows: 0, pages: 0, gaps: [] },
  );
}

/** Lands pages that were got otherwise, less the token, as one batch. */
export function landAnswer(
  context: AskContext,
  question: Question,
  pages: readonly AnswerPage[],
): Answered {
  const draft = new BatchDraft(context.lake, question.dataset, question.accountId);
  const sink = sinkInto(draft, context.token);
  for (const page of pages) sink.put(page);
  return land(context, { question, draft, missing: [] });
}

function land(
  context: AskContext,
  of: {
    readonly question: Question;
    readonly draft: BatchDraft;
    readonly missing: readonly MissingPart[];
  },
): Answered {
  const { question, draft, missing } = of;
  const { rows, pages } = draft;
  draft.land(headOf(context, question, missing), context.now());
  const { dataset, window } = question;
  const gaps = missing.map((part) => ({ dataset: dataset.name, window, part }));
  return { batches: 1, rows, pages, gaps };
}

function headOf(
  context: AskContext,
  question: Question,
  missing: readonly MissingPart[],
): BatchHead {
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
      ...(missing.length === 0 ? {} : { missing }),
    },
    today: context.today,
    api_version: context.apiVersion,
    request: describeQuery(queryOf(question)),
    timezone: context.account?.timezone ?? null,
    currency: context.account?.currency ?? null,
  };
}
