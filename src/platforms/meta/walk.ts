import { AdlakeError } from '../../errors.ts';
import type { CallContext, MetaClient } from './client.ts';
import type { Refusal } from './refusal.ts';
import { refusalError } from './refusal.ts';
import type { MetaQuery } from './requests.ts';

/** One page of an answer, as it came. */
export interface AnswerPage {
  readonly bytes: Buffer;
  readonly rows: number;
}

/** A whole answer, or the news that it is too much even with the smallest pages. */
export type Walked =
  | { readonly kind: 'whole'; readonly pages: readonly AnswerPage[] }
  | { readonly kind: 'too_large'; readonly refusal: Refusal };

/** Below this many rows a page, fewer days are asked for instead. */
export const MIN_PAGE_LIMIT = 25;

/** More pages than any chunk of an account has; a walk this long goes in circles. */
export const MAX_PAGES = 5_000;

/** How often a walk may begin anew because its cursor was refused. */
export const MAX_RESTARTS = 3;

/**
 * All pages of an answer, by cursor. `paging.next` is only looked at to see whether there is more:
 * it carries the token and is never followed. A walk that fails gives nothing.
 */
export async function walk(
  client: Pick<MetaClient, 'get'>,
  query: MetaQuery,
  context: CallContext,
): Promise<Walked> {
  let limit = query.params.limit;
  for (let restarts = 0; ; restarts++) {
    const once = await walkOnce(client, withLimit(query, limit), context);
    if (once.kind !== 'restart') return once;
    if (restarts >= MAX_RESTARTS) throw refusalError(once.refusal, context.label);
    limit = once.limit;
  }
}

type WalkedOnce =
  | Walked
  | { readonly kind: 'restart'; readonly refusal: Refusal; readonly limit: string | undefined };

async function walkOnce(
  client: Pick<MetaClient, 'get'>,
  query: MetaQuery,
  context: CallContext,
): Promise<WalkedOnce> {
  const pages: AnswerPage[] = [];
  const seen = new Set<string>();
  let limit = query.params.limit;
  let after: string | undefined;
  while (pages.length < MAX_PAGES) {
    const reply = await client.get(withCursor(withLimit(query, limit), after), context);
    if (reply.kind === 'restart_cursor') return { kind: 'restart', refusal: reply.refusal, limit };
    if (reply.kind === 'too_large') {
      if (limit === undefined || Number(limit) <= MIN_PAGE_LIMIT) {
        return { kind: 'too_large', refusal: reply.refusal };
      }
      limit = String(Math.max(MIN_PAGE_LIMIT, Math.floor(Number(limit) / 2)));
      continue;
    }
    const page = readPaging(reply.answer, context);
    pages.push({ bytes: reply.bytes, rows: page.rows });
    if (page.next === null) return { kind: 'whole', pages };
    if (seen.has(page.next)) throw endless(context, `the cursor ${page.next} came twice`);
    seen.add(page.next);
    after = page.next;
  }
  throw endless(context, `${MAX_PAGES} pages came and there were still more`);
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
