import { BatchDraft, type BatchHead, type MissingPart } from '../../landing/batch.ts';
import { addDays, daysOf, intersect, type Window } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import type { AccountIdentity } from './account.ts';
import type { Declined, MetaClient } from './client.ts';
import { BY_ID } from './lost/lost-objects.ts';
import type { SeenObjects } from './lost/seen-objects.ts';
import { refusalError } from './refusal.ts';
import { type BringContext, bring, isTooMuch, type Way } from './report/bring.ts';
import type { ReportDesk } from './report/report-desk.ts';
import { describeQuery, type Question, queryOf, questionLabel } from './requests.ts';
import { refuseHistory } from './retention.ts';
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
  /** Digits, without `act_`. */
  readonly accountId: string;
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
  /** Tells a person something worth knowing. */
  readonly note: (text: string) => void;
  /** Takes note of the objects that insights are about. */
  readonly seen: SeenObjects;
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
    const sink = sinkInto(draft, context, question);
    const about = bringContext(context, question);
    const brought = await bring(queryOf(question), how, { ...about, sink });
    if (brought.kind === 'whole') {
      const answered = land(context, { question, draft, missing: [] });
      context.desk.forget(brought.reports);
      return answered;
    }
    if (brought.refusal.kind === 'too_old') {
      draft.discard();
      return await answerYounger(context, question, brought.refusal);
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

/**
 * The days of a question that Meta still keeps, after it has refused its first one. That is remembered,
 * so that no question begins so early again. Throws when not even the younger days can be had.
 */
async function answerYounger(
  context: AskContext,
  question: Question,
  refusal: Declined,
): Promise<Answered> {
  const { lake, today } = context;
  const label = questionLabel(question);
  if (question.window === null) throw refusalError(refusal, label);
  const { since, until } = question.window;
  const oldest = addDays(today, -refuseHistory(lake, { day: since, today }));
  context.note(`${label}: Meta keeps no days before ${oldest}, so they are not asked for.`);
  const window = intersect(question.window, { since: oldest, until });
  if (window === null) return NOTHING;
  if (window.since === since) throw refusalError(refusal, label);
  return answerPart(context, { ...question, window }, true);
}

const NOTHING: Answered = { batches: 0, rows: 0, pages: 0, gaps: [] };

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
      place: () => sinkInto(draft, context, question),
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
function sinkInto(draft: BatchDraft, context: AskContext, { dataset }: Question): PageSink {
  const keep = draft.pages;
  const isInsights = dataset.request.kind === 'insights';
  return {
    put: ({ bytes, rows, answer: parsed }) => {
      if (isInsights) context.seen.take(parsed);
      draft.put({ bytes: withoutToken(bytes, context.token), rows });
    },
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
    NOTHING,
  );
}

/** Lands pages that were got otherwise, less the token, as one batch. */
export function landAnswer(
  context: AskContext,
  question: Question,
  pages: readonly AnswerPage[],
): Answered {
  const draft = new BatchDraft(context.lake, question.dataset, question.accountId);
  const sink = sinkInto(draft, context, question);
  for (const page of pages) sink.put(page);
  return land(context, { question, draft, missing: [] });
}

/** Lands objects that were asked for by their ids, with the ids that could not be read. */
export function landFound(
  context: AskContext,
  question: Question,
  found: {
    readonly objects: readonly Buffer[];
    readonly fields: readonly string[];
    readonly missing: readonly MissingPart[];
  },
): Answered {
  const draft = new BatchDraft(context.lake, question.dataset, question.accountId);
  const texts = found.objects.map((bytes) => bytes.toString('utf8'));
  const bytes = Buffer.from(`{"data":[${texts.join()}]}`);
  sinkInto(draft, context, question).put({ bytes, rows: texts.length });
  const head = headOf(context, question, found.missing);
  const request = { path: '', [BY_ID]: true, fields: found.fields };
  draft.land({ ...head, scope: { ...head.scope, complete: false }, request }, context.now());
  const gaps = found.missing.map((part) => ({ dataset: head.dataset, window: null, part }));
  return { batches: 1, rows: texts.length, pages: 1, gaps };
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
