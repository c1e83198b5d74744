import type { Call } from './call.ts';
import { DATA_LIMIT } from './fault-error.ts';
import { GraphError, unknownPath } from './graph-error.ts';
import { insightJson } from './insight-field.ts';
import { type InsightQuery, parseInsightQuery } from './insight-query.ts';
import { type InsightRow, insightRows, summaryRow } from './insight-rows.ts';
import { INDEX_CURSORS, pageBody, readPage } from './paging.ts';
import { REPEATED_ROWS } from './row-fault.ts';
import { adsOf, isParent, type WorldObject } from './world.ts';

/**
 * Lists of rows of the last insights queries: pages of one list need not draw it again. As many as are
 * walked at once when ten accounts have four questions each under way.
 */
const REMEMBERED_LISTS = 40;

/** The page of insights rows that a call asks for. Throws a `GraphError` for a bad query. */
export function insights(call: Call, object: WorldObject): object {
  if (!isParent(object)) throw unknownPath('/insights');
  const { hidesMixed } = call;
  const asked = parseInsightQuery(call.params, object.kind, object.world.today);
  const query = { ...asked, hidesMixed };
  const request = readPage(call.params, INDEX_CURSORS);
  const rows = remembered(call, object, () => insightRows(object.world, adsOf(object), query));
  if (rows.length * query.fields.length > call.dataLimit) throw new GraphError(DATA_LIMIT);
  const json = (from: number, to: number) =>
    rows.slice(from, to).map((row) => insightJson(row, query));
  const context = { request, total: rows.length, cursors: INDEX_CURSORS, address: call.address };
  const page = pageBody(json(request.start, request.stop), context);
  const body = { ...page, ...summary(rows, query) };
  if (!call.repeats || request.start === 0) return body;
  const again = json(Math.max(0, request.start - REPEATED_ROWS), request.start);
  return { ...body, data: [...again, ...json(request.start, request.stop)] };
}

/** What all rows of a query add up to, when it asks for that. */
function summary(rows: readonly InsightRow[], query: InsightQuery): object {
  const row = query.summary === undefined ? undefined : summaryRow(rows, query);
  if (row === undefined || query.summary === undefined) return {};
  return { summary: insightJson(row, { ...query, level: 'account', fields: query.summary }) };
}

/** The rows of a query, drawn once for all its pages: the key holds everything they depend on. */
function remembered(
  call: Call,
  object: WorldObject,
  draw: () => readonly InsightRow[],
): readonly InsightRow[] {
  const { memory } = call;
  const params = new URLSearchParams(call.params);
  for (const name of ['after', 'before', 'limit', 'access_token', 'appsecret_proof', 'fields'])
    params.delete(name);
  const key = [object.world.today, call.path.join('/'), params.toString()].join(' ');
  const rows = memory.get(key) ?? draw();
  memory.delete(key);
  if (memory.size >= REMEMBERED_LISTS) memory.delete(memory.keys().next().value ?? '');
  memory.set(key, rows);
  return rows;
}
