import { AdlakeError } from '../../errors.ts';
import type { CallContext, Declined, MetaClient } from './client.ts';
import { refusalError } from './refusal.ts';
import type { MetaQuery } from './requests.ts';

/** One page of an answer, as it came. */
export interface AnswerPage {
  readonly bytes: Buffer;
  readonly rows: number;
  /** The page parsed, where it has just come: its paging, and of each row the ids of its objects. */
  readonly answer?: unknown;
}

/** Where pages go as they come, so that no answer is held in memory. */
export interface PageSink {
  readonly put: (page: AnswerPage) => void;
  /** The walk begins anew: what was put so far is no part of the answer. */
  readonly clear: () => void;
}

/** A whole answer, or why it cannot be had like this. */
export type Walked =
  | { readonly kind: 'whole' }
  | { readonly kind: 'declined'; readonly refusal: Declined };

/** Below this many rows a page, less is asked for instead. */
export const MIN_PAGE_LIMIT = 25;

/** More pages than any chunk of an account has; a walk this long goes in circles. */
export const MAX_PAGES = 5_000;

/** How often a walk may begin anew because its cursor was refused. */
export const MAX_RESTARTS = 3;

/** What a walk needs beside the question. */
export interface WalkContext extends CallContext {
  readonly client: Pick<MetaClient, 'get'>;
  readonly sink: PageSink;
}

/**
 * All pages of an answer, by cursor, put into a sink as they come. `paging.next` is only looked at to
 * see whether there is more: it carries the token and is never followed. When a page is too much,
 * fewer rows are asked for at once; a refused cursor begins the walk anew. Throws what the client
 * throws; what is in the sink then, or after `declined`, is no answer.
 */
export async function walk(query: MetaQuery, context: WalkContext): Promise<Walked> {
  let limit = query.params.limit;
  for (let restarts = 0; ; restarts++) {
    context.sink.clear();
    const once = await walkOnce(withLimit(query, limit), context);
    if (once.kind !== 'declined' || once.refusal.kind !== 'restart_cursor') return once;
    if (restarts >= MAX_RESTARTS) throw refusalError(once.refusal, context.label);
    limit = once.limit;
  }
}

type WalkedOnce =
  | { readonly kind: 'whole' }
  | {
      readonly kind: 'declined';
      readonly refusal: Declined;
      readonly limit: string | undefined;
    };

async function walkOnce(query: MetaQuery, context: WalkContext): Promise<WalkedOnce> {
  const seen = new Set<string>();
  let limit = query.params.limit;
  let after: string | undefined;
  for (let pages = 0; pages < MAX_PAGES; ) {
    const reply = await context.client.get(withCursor(withLimit(query, limit), after), context);
    if (reply.kind === 'declined') {
      const smaller = reply.refusal.kind === 'page_too_large' ? smallerLimit(limit) : null;
      if (smaller === null) return { kind: 'declined', refusal: reply.refusal, limit };
      limit = smaller;
      continue;
    }
    const page = readPaging(reply.answer, context);
    context.sink.put({ bytes: reply.bytes, rows: page.rows, answer: reply.answer });
    pages++;
    if (page.next === null) return { kind: 'whole' };
    if (seen.has(page.next)) throw endless(context, `the cursor ${page.next} came twice`);
    seen.add(page.next);
    after = page.next;
  }
  throw endless(context, `${MAX_PAGES} pages came and there were still more`);
}

/** Half as many rows a page; null when there is no limit to halve or it is the smallest. */
function smallerLimit(limit: string | undefined): string | null {
  if (limit === undefined || Number(limit) <= MIN_PAGE_LIMIT) return null;
  return String(Math.max(MIN_PAGE_LIMIT, Math.floor(Number(limit) / 2)));
}

/** A sink that holds the pages, for short answers that are read before they land. */
export class HeldPages implements PageSink {
  readonly pages: AnswerPage[] = [];

  put(page: AnswerPage): void {
    this.pages.push(page);
  }

  clear(): void {
    this.pages.length = 0;
  }
}

interface Paging {
  readonly rows: number;
  /** The cursor of the next page; null on the last one. */
  readonly next: string | null;
}

/** The last page still has `cursors.after`: that there is no `next` is what tells the end. */
function readPaging(parsed: unknown, context: CallContext): Paging {
  const answer = parsed as {
    readonly data?: unknown;
    readonly paging?: { readonly next?: unknown; readonly cursors?: { readonly after?: unknown } };
  };
  const rows = Array.isArray(answer.data) ? answer.data.length : 1;
  if (typeof answer.paging?.next !== 'string') return { rows, next: null };
  const after = answer.paging.cursors?.after ?? cursorIn(answer.paging.next);
  if (typeof after !== 'string') throw endless(context, 'there is a next page but no cursor to it');
  return { rows, next: after };
}

function cursorIn(next: string): string | null {
  return URL.canParse(next) ? new URL(next).searchParams.get('after') : null;
}

function withLimit(query: MetaQuery, limit: string | undefined): MetaQuery {
  return limit === undefined ? query : { ...query, params: { ...query.params, limit } };
}

function withCursor(query: MetaQuery, after: string | undefined): MetaQuery {
  return after === undefined ? query : { ...query, params: { ...query.params, after } };
}

function endless(context: CallContext, found: string): AdlakeError {
  return new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `The pages of ${context.label} do not end: ${found}. Nothing of it was landed.`,
    remedy: 'Run the same command again; if it stays so, report this message.',
  });
}
