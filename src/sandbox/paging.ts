import { invalidCursor, tooMuchData } from './graph-error.ts';
import { parseCount } from './parameter.ts';
import { saltOf } from './random.ts';

/** Which rows of a list a request asks for. */
export interface PageRequest {
  /** Index of the first row. */
  readonly start: number;
  /** Index after the last row, before the end of the list is taken into account. */
  readonly stop: number;
}

/** How a list writes its cursors. */
export interface CursorForm {
  readonly write: (index: number) => string;
  readonly read: (cursor: string) => number | undefined;
}

const DEFAULT_LIMIT = 25;
/** Beyond this Meta answers "reduce the amount of data"; its own limit is not documented. */
const MAX_LIMIT = 1000;

/**
 * Cursors of insights: the row's index in base64, every `=` written `ZD`. Read off the samples in
 * Meta's documentation.
 */
export const INDEX_CURSORS: CursorForm = {
  write: (index) => Buffer.from(String(index)).toString('base64').replaceAll('=', 'ZD'),
  read: (cursor) => {
    const text = Buffer.from(cursor.replace(/(ZD)+$/, ''), 'base64').toString('latin1');
    const index = /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    return index !== undefined && INDEX_CURSORS.write(index) === cursor ? index : undefined;
  },
};

/** Cursors of entity lists: opaque to a client, and only good for the list that gave them out. */
export function opaqueCursors(list: string): CursorForm {
  const mark = saltOf(`cursor/${list}`).toString(36);
  return {
    write: (index) =>
      `QVFI${Buffer.from(`${mark}.${index}`).toString('base64').replaceAll('=', 'ZD')}`,
    read: (cursor) => {
      const coded = cursor.slice(4).replace(/(ZD)+$/, '');
      const [found, index = ''] = Buffer.from(coded, 'base64').toString('latin1').split('.');
      const fits = cursor.startsWith('QVFI') && found === mark && /^\d{1,9}$/.test(index);
      return fits ? Number(index) : undefined;
    },
  };
}

/**
 * Reads `limit`, `after` and `before`. Throws a `GraphError`: 1 for a limit over 1000, 100 for one
 * that is no number, 2642 for a cursor that is not of this list.
 */
export function readPage(params: URLSearchParams, cursors: CursorForm): PageRequest {
  const limit = parseCount('limit', params.get('limit') ?? String(DEFAULT_LIMIT));
  if (limit > MAX_LIMIT) throw tooMuchData();
  const after = params.get('after');
  const before = params.get('before');
  if (before !== null && after === null) {
    const stop = readCursor(before, cursors);
    return { start: Math.max(0, stop - limit), stop };
  }
  const start = after === null || after === '' ? 0 : readCursor(after, cursors) + 1;
  return { start, stop: start + limit };
}

/** What a page of a list says beside its rows. */
export interface PageContext {
  readonly request: PageRequest;
  readonly total: number;
  readonly cursors: CursorForm;
  /** The request's own address with the token in it, without cursors. */
  readonly address: URL;
}

/** The body of a page: rows, cursors, and absolute `next` and `previous` that carry the token. */
export function pageBody(rows: readonly unknown[], context: PageContext): object {
  if (rows.length === 0) return { data: [] };
  const { request, total, cursors } = context;
  const before = cursors.write(request.start);
  const after = cursors.write(request.start + rows.length - 1);
  const paging = {
    cursors: { before, after },
    ...(request.start + rows.length < total ? { next: withCursor(context, 'after', after) } : {}),
    ...(request.start > 0 ? { previous: withCursor(context, 'before', before) } : {}),
  };
  return { data: rows, paging };
}

function withCursor(context: PageContext, side: 'after' | 'before', cursor: string): string {
  const url = new URL(context.address);
  url.searchParams.delete('after');
  url.searchParams.delete('before');
  url.searchParams.set('limit', url.searchParams.get('limit') ?? String(DEFAULT_LIMIT));
  url.searchParams.set(side, cursor);
  return url.href;
}

function readCursor(cursor: string, cursors: CursorForm): number {
  const index = cursors.read(cursor);
  if (index === undefined) throw invalidCursor();
  return index;
}
