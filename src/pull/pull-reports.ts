import PQueue from 'p-queue';
import { BatchDraft, type BatchHead } from '../landing/batch.ts';
import type { Progress } from '../progress.ts';
import type { Selection } from '../stage.ts';
import { addDays, dayAt, type Window } from '../window.ts';
import type { Lake } from '../zone.ts';
import { apiReading, sightOf } from './api-reading.ts';
import { askedOf } from './asked.ts';
import {
  type AccountIdentity,
  type Connector,
  type ReportQuestion,
  reportLabel,
} from './connector.ts';
import { dueWindows } from './due-days.ts';
import { knownIdentity } from './known-identity.ts';
import { landedBatches } from './landed.ts';

/** What pulling reports needs beside the connector. */
export interface ReportPullInput {
  readonly lake: Lake;
  readonly progress: Progress;
  /** The current instant, UTC with milliseconds. */
  readonly now: () => string;
  /** The current day in every account (a replay); null: each account's own day at `now()`. */
  readonly today: string | null;
  readonly selection: Selection;
  readonly lookbackDays: number;
  readonly firstPullDays: number;
}

/** How far the pull of one account has come: filled in as it goes, also when it fails. */
export interface PulledReports {
  account: AccountIdentity | null;
  today: string | null;
  batches: number;
  rows: number;
}

/**
 * Pulls what is due of one account into landing, one batch for each question. Asks nobody when
 * nothing is due. Throws what the connector throws; what has landed by then is kept.
 */
export async function pullReports(
  connector: Connector,
  input: ReportPullInput,
  of: { readonly accountId: string; readonly pulled: PulledReports },
): Promise<void> {
  const { accountId, pulled } = of;
  const known = knownIdentity(input.lake, connector.dataset, accountId);
  if (known !== null) {
    const { today, questions } = questionsOf(connector, input, { accountId, account: known });
    if (questions.length === 0) {
      Object.assign(pulled, { account: known, today });
      return;
    }
  }
  const account = await connector.identify(accountId);
  const { today, questions } = questionsOf(connector, input, { accountId, account });
  Object.assign(pulled, { account, today });
  await askAll(connector, questions, async (question) => {
    const rows = await answer(connector, input, { question, account });
    pulled.batches++;
    pulled.rows += rows;
    input.progress.note(`${connector.label}: ${reportLabel(question)}, ${rows} rows.`);
  });
}

/** The account's day, and what is due of it in the order in which it is asked; from landing alone. */
export function questionsOf(
  connector: Pick<Connector, 'dataset' | 'kinds'>,
  input: Omit<ReportPullInput, 'progress'>,
  of: { readonly accountId: string; readonly account: AccountIdentity | null },
): { readonly today: string; readonly questions: readonly ReportQuestion[] } {
  const today = dayOf(input, of.account);
  const batches = landedBatches(input.lake, connector.dataset, of.accountId);
  const questions = connector.kinds.flatMap((kind) => {
    const asked = askedOf(batches.filter(({ object_id }) => object_id === kind.name));
    const { lookbackDays, firstPullDays } = input;
    const { mostDays, historyDays } = kind;
    const reach = { asked, today, lookbackDays, firstPullDays, historyDays };
    const windows = dueWindows(reach, { explicit: explicitWindow(input, today), mostDays });
    return windows.map((window) => ({ accountId: of.accountId, kind, window, today }));
  });
  return { today, questions };
}

function explicitWindow(
  { selection, firstPullDays }: Pick<ReportPullInput, 'selection' | 'firstPullDays'>,
  today: string,
): Window | null {
  const { since, until } = selection;
  if (since === undefined && until === undefined) return null;
  return {
    since: since ?? addDays(today, -firstPullDays),
    until: until ?? addDays(today, -1),
  };
}

function dayOf(
  { today, now }: Pick<ReportPullInput, 'today' | 'now'>,
  account: AccountIdentity | null,
): string {
  return today ?? dayAt(now(), account?.timezone ?? 'UTC');
}

/** Several at once; after the first that fails none is begun, and its error is thrown at the end. */
async function askAll(
  connector: Connector,
  questions: readonly ReportQuestion[],
  ask: (question: ReportQuestion) => Promise<void>,
): Promise<void> {
  const lane = new PQueue({ concurrency: connector.workers });
  let isStopped = false;
  const asked = questions.map((question) =>
    lane.add(async () => {
      if (isStopped) return;
      await ask(question).catch((error: unknown) => {
        isStopped = true;
        throw error;
      });
    }),
  );
  const failed = (await Promise.allSettled(asked)).find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

/** Lands the whole answer as one batch; nothing of one lands that did not come to its end. */
async function answer(
  connector: Connector,
  input: ReportPullInput,
  of: { readonly question: ReportQuestion; readonly account: AccountIdentity },
): Promise<number> {
  const { question } = of;
  const draft = new BatchDraft(input.lake, connector.dataset, question.accountId);
  const headers = new Set<string>();
  try {
    await connector.bring(question, (page) => {
      const sight = sightOf(page, connector);
      for (const header of sight.headers) headers.add(header);
      const extension = connector.pages.isGzip ? 'json.gz' : 'json';
      draft.put({ bytes: page, rows: sight.rows, extension });
    });
    const { rows } = draft;
    draft.land(headOf(connector, { ...of, headers: [...headers] }), input.now());
    connector.landed(question);
    return rows;
  } finally {
    draft.discard();
  }
}

function headOf(
  connector: Connector,
  of: {
    readonly question: ReportQuestion;
    readonly account: AccountIdentity;
    readonly headers: readonly string[];
  },
): BatchHead {
  const { question, account, headers } = of;
  const { kind, window, accountId, today } = question;
  return {
    dataset: connector.dataset.name,
    account_id: accountId,
    object_id: kind.name,
    source: 'api',
    scope: { ...window, campaigns: { kind: 'all' }, complete: true },
    today,
    api_version: connector.apiVersion,
    request: connector.describe(question),
    timezone: account.timezone,
    currency: account.currency,
    reading: apiReading(connector, { headers, name: kind.name, account }),
  };
}
