import type { CallContext, Declined, MetaClient } from '../client.ts';
import { refusalError } from '../refusal.ts';
import { type MetaQuery, PAGE_LIMIT } from '../requests.ts';
import { type PageSink, type Walked, walk } from '../walk.ts';
import type { ReportDesk } from './report-desk.ts';

/** How rows are asked for: page by page at once, or as a report that Meta makes first. */
export type Way = 'pages' | 'reports';

/** What bringing rows needs. */
export interface BringContext {
  readonly client: Pick<MetaClient, 'get' | 'post' | 'batch'>;
  readonly desk: ReportDesk;
  readonly sleep: (seconds: number) => Promise<void>;
  readonly about: CallContext;
  readonly sink: PageSink;
}

/** Whether all rows are in the sink, and which reports they came from. */
export type Brought =
  | { readonly kind: 'whole'; readonly reports: readonly string[] }
  | { readonly kind: 'declined'; readonly refusal: Declined; readonly wasReport: boolean };

/** Waits until the rows of a completed report can be read: doubling between these. */
const FIRST_READ_WAIT_SECONDS = 2;
const LONGEST_READ_WAIT_SECONDS = 60;

/** How often a completed report is tried to be read; the waits add up to six minutes. */
const MAX_READS = 10;

/**
 * Brings the rows of a query into the sink, the same records whichever way. What is too much for pages
 * is ordered as a report when `mayReport` says so. Throws what the client throws.
 */
export async function bring(
  query: MetaQuery,
  how: { readonly way: Way; readonly mayReport: boolean },
  context: BringContext,
): Promise<Brought> {
  if (how.way === 'reports') return bringReport(query, context);
  const walked = await walk(query, walkContext(context));
  if (walked.kind === 'whole') return { kind: 'whole', reports: [] };
  const { refusal } = walked;
  if (isTooMuch(refusal) && how.mayReport) return bringReport(query, context);
  return { kind: 'declined', refusal, wasReport: false };
}

/** Whether asking for less can help. */
export function isTooMuch({ kind }: Declined): boolean {
  return kind === 'too_large' || kind === 'page_too_large' || kind === 'timed_out';
}

async function bringReport(query: MetaQuery, context: BringContext): Promise<Brought> {
  const { desk, about } = context;
  const { limit: _, ...params } = query.params;
  for (let orders = 0; ; orders++) {
    const ordered = await desk.order({ path: query.path, params }, about);
    if (ordered.kind === 'declined') return { ...ordered, wasReport: true };
    const walked = await readReport(ordered.runId, context);
    if (walked.kind === 'whole') return { kind: 'whole', reports: [ordered.key] };
    const isGone = walked.refusal.kind === 'missing';
    if (!isGone) return { ...walked, wasReport: true };
    desk.forget([ordered.key]);
    if (orders > 0) throw refusalError(walked.refusal, about.label);
  }
}

/** A report can be complete and for a moment still not be readable (2601, 2637). */
async function readReport(runId: string, context: BringContext): Promise<Walked> {
  const query = { path: `${runId}/insights`, params: { limit: String(PAGE_LIMIT) } };
  let wait = FIRST_READ_WAIT_SECONDS;
  for (let reads = 1; ; reads++) {
    const walked = await walk(query, walkContext(context));
    if (walked.kind === 'whole' || walked.refusal.kind !== 'not_ready') return walked;
    if (reads >= MAX_READS) throw refusalError(walked.refusal, context.about.label);
    await context.sleep(wait);
    wait = Math.min(wait * 2, LONGEST_READ_WAIT_SECONDS);
  }
}

function walkContext({ client, about, sink }: BringContext) {
  return { ...about, client, sink };
}
