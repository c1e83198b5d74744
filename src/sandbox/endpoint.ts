import { EDGES, type Edge, edgeObjects, KIND_OF_EDGE } from './edge.ts';
import { unknownObject, unknownPath } from './graph-error.ts';
import { insightJson } from './insight-field.ts';
import { parseInsightQuery } from './insight-query.ts';
import { type InsightRow, insightRows } from './insight-rows.ts';
import { checkFields, objectJson } from './object-json.ts';
import { INDEX_CURSORS, opaqueCursors, pageBody, readPage } from './paging.ts';
import { parseFields } from './parameter.ts';
import { pixelStats } from './pixel-stats.ts';
import { REPEATED_ROWS } from './row-fault.ts';
import { type Atlas, adsOf, type World, type WorldObject } from './world.ts';

/** A request that has passed the version and the token. */
export interface Call {
  /** Path after the version, cut at the slashes. */
  readonly path: readonly string[];
  readonly params: URLSearchParams;
  /** The request's own address with the token in it: what `paging.next` is made from. */
  readonly address: URL;
  /** A fault: the page starts with the last rows of the page before it. */
  readonly repeats: boolean;
  readonly memory: RowMemory;
}

/** A body to send, and the account it is about. */
export interface Answer {
  readonly body: object;
  readonly accountId: string | undefined;
  readonly isInsights: boolean;
}

/** Lists of rows that a sandbox has drawn, by everything they depend on. Only speed hangs on it. */
export type RowMemory = Map<string, readonly InsightRow[]>;

/** Lists of rows of the last few insights queries: pages of one list need not draw it again. */
const REMEMBERED_LISTS = 6;

/** Answers a call. Throws a `GraphError` for everything Meta would refuse. */
export function answer(call: Call, atlas: Atlas): Answer {
  const [head = '', edge, ...rest] = call.path;
  if (rest.length > 0) throw unknownPath(`/${rest.join('/')}`);
  if (head === 'me')
    return { ...aboutMe(call, atlas, edge), accountId: undefined, isInsights: false };
  const object = atlas.find(head);
  if (object === undefined) throw unknownObject(head);
  const accountId = object.world.account.id;
  const isInsights = edge === 'insights';
  return { body: aboutObject(call, object, edge), accountId, isInsights };
}

function aboutMe(call: Call, atlas: Atlas, edge: string | undefined): { readonly body: object } {
  if (edge === undefined)
    return { body: { id: '10240000000000007', name: 'Synthetic system user' } };
  if (edge === 'permissions') {
    const granted = ['ads_read', 'business_management', 'public_profile'];
    return { body: { data: granted.map((permission) => ({ permission, status: 'granted' })) } };
  }
  if (edge !== 'adaccounts') throw unknownPath(`/${edge}`);
  const accounts = atlas.worlds().map((world): WorldObject => ({ kind: 'account', world }));
  return { body: objectPage(call, accounts, { list: 'me/adaccounts', kind: 'account' }) };
}

function aboutObject(call: Call, object: WorldObject, edge: string | undefined): object {
  if (edge === undefined) {
    const names = parseFields(call.params.get('fields') ?? 'id');
    checkFields(object.kind, names);
    return objectJson(object, names);
  }
  if (edge === 'insights') return insights(call, object);
  if (edge === 'stats' && object.kind === 'pixel') return stats(call, object.world);
  const known = EDGES.find((name) => name === edge);
  if (known === undefined || object.kind === 'pixel' || object.kind === 'creative') {
    throw unknownPath(`/${edge}`);
  }
  return objectEdge(call, object, known);
}

function objectEdge(call: Call, object: WorldObject, edge: Edge): object {
  const objects = edgeObjects(object, edge, call.params);
  return objectPage(call, objects, { list: call.path.join('/'), kind: KIND_OF_EDGE[edge] });
}

function objectPage(
  call: Call,
  objects: readonly WorldObject[],
  of: { readonly list: string; readonly kind: WorldObject['kind'] },
): object {
  const defaults = of.kind === 'account' ? 'id,account_id' : 'id';
  const names = parseFields(call.params.get('fields') ?? defaults);
  checkFields(of.kind, names);
  const cursors = opaqueCursors(of.list);
  const request = readPage(call.params, cursors);
  const page = objects.slice(request.start, request.stop);
  const rows = page.map((object) => objectJson(object, names));
  return pageBody(rows, { request, total: objects.length, cursors, address: call.address });
}

function stats(call: Call, world: World): object {
  const buckets = pixelStats(world, call.params);
  const cursors = opaqueCursors(call.path.join('/'));
  const request = readPage(call.params, cursors);
  const rows = buckets.slice(request.start, request.stop);
  return pageBody(rows, { request, total: buckets.length, cursors, address: call.address });
}

function insights(call: Call, object: WorldObject): object {
  if (object.kind === 'creative' || object.kind === 'pixel') throw unknownPath('/insights');
  const query = parseInsightQuery(call.params, object.kind, object.world.today);
  const request = readPage(call.params, INDEX_CURSORS);
  const rows = remembered(call, object, () => insightRows(object.world, adsOf(object), query));
  const json = (from: number, to: number) =>
    rows.slice(from, to).map((row) => insightJson(row, query));
  const context = { request, total: rows.length, cursors: INDEX_CURSORS, address: call.address };
  const body = pageBody(json(request.start, request.stop), context);
  if (!call.repeats || request.start === 0) return body;
  const again = json(Math.max(0, request.start - REPEATED_ROWS), request.start);
  return { ...body, data: [...again, ...json(request.start, request.stop)] };
}

/** The rows of a query, drawn once for all its pages: the key holds everything they depend on. */
function remembered(
  call: Call,
  object: WorldObject,
  draw: () => readonly InsightRow[],
): readonly InsightRow[] {
  const { memory } = call;
  const params = new URLSearchParams(call.params);
  for (const name of ['after', 'before', 'limit', 'access_token', 'fields']) params.delete(name);
  const key = [object.world.today, call.path.join('/'), params.toString()].join(' ');
  let rows = memory.get(key);
  if (rows === undefined) {
    rows = draw();
    if (memory.size >= REMEMBERED_LISTS) memory.delete(memory.keys().next().value ?? '');
    memory.set(key, rows);
  }
  return rows;
}
