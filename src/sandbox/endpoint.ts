import { activitiesOf } from './activity-log.ts';
import type { Answer, Call } from './call.ts';
import { EDGES } from './edge.ts';
import { ACTIVITY_FIELDS } from './entity-field-names.ts';
import { isUnreadable } from './gone.ts';
import { invalid, unknownObject, unknownPath } from './graph-error.ts';
import { insights } from './insight-answer.ts';
import { objectAnswer, objectEdge, objectPage } from './object-answer.ts';
import { opaqueCursors, pageBody, readPage } from './paging.ts';
import { parseFields } from './parameter.ts';
import { pixelStats } from './pixel-stats.ts';
import { aboutRun, orderReport } from './report-answer.ts';
import { permissionsOf } from './token-answer.ts';
import { type Atlas, isParent, type World, type WorldObject } from './world.ts';

/** Answers a call. Throws a `GraphError` for everything Meta would refuse. */
export function answer(call: Call, atlas: Atlas): Answer {
  const [head = '', edge, ...rest] = call.path;
  if (rest.length > 0) throw unknownPath(`/${rest.join('/')}`);
  if (head === 'me')
    return { ...aboutMe(call, atlas, edge), accountId: undefined, isInsights: false };
  const run = call.runs.find(head);
  if (run !== undefined) return { ...aboutRun(call, atlas, { run, edge }), isInsights: true };
  const object = atlas.find(head);
  if (object === undefined || (object.world.gone.has(head) && isUnreadable(head))) {
    throw unknownObject(head);
  }
  const accountId = object.world.account.id;
  const isInsights = edge === 'insights';
  return { body: aboutObject(call, object, edge), accountId, isInsights };
}

function aboutMe(call: Call, atlas: Atlas, edge: string | undefined): { readonly body: object } {
  if (edge === undefined)
    return { body: { id: '10240000000000007', name: 'Synthetic system user' } };
  if (edge === 'permissions') return { body: permissionsOf(call.token) };
  if (edge !== 'adaccounts') throw unknownPath(`/${edge}`);
  const accounts = atlas.worlds().map((world): WorldObject => ({ kind: 'account', world }));
  return { body: objectPage(call, accounts, { list: 'me/adaccounts', kind: 'account' }) };
}

function aboutObject(call: Call, object: WorldObject, edge: string | undefined): object {
  if (edge === undefined) {
    return objectAnswer(call, object);
  }
  if (edge === 'insights') {
    return call.method === 'POST' ? orderReport(call, object) : insights(call, object);
  }
  if (edge === 'stats' && object.kind === 'pixel') return stats(call, object.world);
  const known = EDGES.find((name) => name === edge);
  if (edge === 'activities' && object.kind === 'account') return activities(call, object.world);
  if (known === undefined || !isParent(object)) throw unknownPath(`/${edge}`);
  return objectEdge(call, object, known);
}

/** The change log; only an account has one here. */
function activities(call: Call, world: World): object {
  const names = parseFields(call.params.get('fields') ?? 'event_time,event_type').map(
    ({ name }) => name,
  );
  const unknown = names.find((name) => !ACTIVITY_FIELDS.has(name));
  if (unknown !== undefined) {
    throw invalid(`Tried accessing nonexisting field (${unknown}) on node type (AdActivity)`);
  }
  const all = activitiesOf(world, call.params);
  const cursors = opaqueCursors(call.path.join('/'));
  const request = readPage(call.params, cursors);
  const rows = all
    .slice(request.start, request.stop)
    .map((row) => Object.fromEntries(Object.entries(row).filter(([name]) => names.includes(name))));
  return pageBody(rows, { request, total: all.length, cursors, address: call.address });
}

function stats(call: Call, world: World): object {
  const buckets = pixelStats(world, call.params);
  const cursors = opaqueCursors(call.path.join('/'));
  const request = readPage(call.params, cursors);
  const rows = buckets.slice(request.start, request.stop);
  return pageBody(rows, { request, total: buckets.length, cursors, address: call.address });
}
