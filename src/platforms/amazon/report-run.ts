import { gunzipSync } from 'node:zlib';
import { AdlakeError } from '../../errors.ts';
import type { ApiClient, ApiReply } from '../../pull/api-client.ts';
import { type ReportQuestion, reportLabel } from '../../pull/connector.ts';
import { MAX_BODY_BYTES, type Pool, send } from '../../pull/http.ts';
import { asObject, asText, parsedOr } from '../../pull/loose-json.ts';
import type { ReportLedger } from '../../pull/report-ledger.ts';
import { RETRIES, TIMEOUT_SECONDS } from '../../pull/source-world.ts';
import { orderOf } from './order.ts';

/** What bringing a report needs. */
export interface ReportDesk {
  readonly client: ApiClient;
  readonly pool: Pool;
  readonly ledger: ReportLedger;
  readonly apiBaseUrl: string;
  readonly clientId: string;
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** First wait before a report is asked after; it grows by half each time, up to the longest. */
const FIRST_POLL_SECONDS = 5;
const POLL_GROWTH = 1.5;
const LONGEST_POLL_SECONDS = 120;

/** Amazon makes reports in minutes mostly, in up to three hours at times (its own support). */
const LONGEST_REPORT_SECONDS = 3 * 3_600;

/** How often a report is ordered again that failed, was forgotten, or came broken. */
const MAX_ORDERS = 3;

/** Name of a report in the ledger. */
export function ledgerKey({ accountId, kind, window }: ReportQuestion): string {
  return `amazon/${accountId}/${kind.name}/${window.since}/${window.until}`;
}

/**
 * Brings a whole report, packed as Amazon gives it: orders it, unless it was ordered on the same account
 * day, asks after it until it is complete, and downloads it. Throws what the client throws, and
 * `SOURCE_UNAVAILABLE` for one that does not get ready; then it is remembered and not ordered again.
 */
export async function bringReport(desk: ReportDesk, question: ReportQuestion): Promise<Buffer> {
  const key = ledgerKey(question);
  for (let orders = 0; orders < MAX_ORDERS; orders++) {
    const known = desk.ledger.find(key, question.today);
    const reportId = known?.run_id ?? (await order(desk, question));
    const bytes = await fetchReport(desk, question, reportId);
    if (bytes !== null) return bytes;
    desk.ledger.drop([key]);
  }
  throw new AdlakeError({
    code: 'SOURCE_UNAVAILABLE',
    message: `Amazon Ads could not make the report for ${reportLabel(question)} in ${MAX_ORDERS} attempts.`,
    remedy: 'Run the same command again later: what has landed is kept and is not asked for again.',
  });
}

/** The id of a new report, written down before it is asked after. One that is being made is taken over. */
async function order(desk: ReportDesk, question: ReportQuestion): Promise<string> {
  const text = JSON.stringify(orderOf(question));
  const type = 'application/vnd.createasyncreportrequest.v3+json';
  const reply = await ask(desk, question, { path: 'reporting/reports', body: { type, text } });
  const reportId =
    reply.kind === 'answer'
      ? asText(asObject(reply.answer).reportId)
      : idIn(reply.refusal.complaint.message);
  if (reportId === null) throw withoutId(question);
  desk.ledger.keep(ledgerKey(question), {
    run_id: reportId,
    account_id: question.accountId,
    today: question.today,
    ordered_at: desk.now(),
    is_too_large: false,
  });
  return reportId;
}

/** A duplicate is answered with the id of the first: `The Request is a duplicate of : <id>`. */
function idIn(message: string): string | null {
  return /duplicate of\s*:?\s*([0-9a-zA-Z-]{8,})/i.exec(message)?.[1] ?? null;
}

/** The report's bytes; null when it failed, is not known any more or cannot be read. */
async function fetchReport(
  desk: ReportDesk,
  question: ReportQuestion,
  reportId: string,
): Promise<Buffer | null> {
  let wait = FIRST_POLL_SECONDS;
  let downloads = 0;
  for (let waited = 0; waited < LONGEST_REPORT_SECONDS; waited += wait) {
    const reply = await ask(desk, question, { path: `reporting/reports/${reportId}` });
    if (reply.kind === 'declined') return null;
    const report = asObject(reply.answer);
    const status = asText(report.status);
    if (status === 'FAILED' || status === 'CANCELLED') return null;
    if (status === 'COMPLETED') {
      const bytes = await download(desk, asText(report.url) ?? '');
      if (bytes !== null) return bytes;
      downloads++;
      if (downloads > RETRIES) return null;
    }
    await desk.sleep(wait);
    wait = Math.min(wait * POLL_GROWTH, LONGEST_POLL_SECONDS);
  }
  throw new AdlakeError({
    code: 'SOURCE_UNAVAILABLE',
    message: `Amazon Ads is still making the report for ${reportLabel(question)} after ${LONGEST_REPORT_SECONDS / 3_600} hours.`,
    remedy: 'Run the same command again later: the report is remembered and is not ordered again.',
  });
}

/**
 * What lies at a signed address. It needs no token and is given none; the address opens the report for
 * everybody, so it is in no message. Null when it did not come whole, or the address has ended.
 */
async function download({ pool }: ReportDesk, address: string): Promise<Buffer | null> {
  if (!URL.canParse(address)) return null;
  const url = new URL(address);
  const came = await send(pool, { url, headers: {}, timeoutSeconds: TIMEOUT_SECONDS });
  if (came.kind === 'failed' || came.status !== 200) return null;
  return isReport(came.bytes) ? came.bytes : null;
}

function isReport(bytes: Buffer): boolean {
  try {
    const text = gunzipSync(bytes, { maxOutputLength: 8 * MAX_BODY_BYTES }).toString('utf8');
    return Array.isArray(parsedOr(text));
  } catch {
    return false;
  }
}

function ask(
  { client, apiBaseUrl, clientId }: ReportDesk,
  { accountId, ...question }: ReportQuestion,
  of: { readonly path: string; readonly body?: { readonly type: string; readonly text: string } },
): Promise<ApiReply> {
  const url = new URL(`${apiBaseUrl}/${of.path}`);
  const { body } = of;
  const label = reportLabel({ accountId, ...question });
  return client.ask(
    (token) => ({
      url,
      headers: {
        authorization: `Bearer ${token}`,
        'amazon-advertising-api-clientid': clientId,
        'amazon-advertising-api-scope': accountId,
      },
      ...(body === undefined ? {} : { body }),
    }),
    { accountId, label },
  );
}

function withoutId(question: ReportQuestion): AdlakeError {
  return new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `Amazon Ads took the order for ${reportLabel(question)} and gave no id of a report.`,
    remedy: 'Run the same command again; if it stays so, report this message.',
  });
}
