import type { Call } from './call.ts';
import { EDGES, type Edge, edgeObjects, KIND_OF_EDGE } from './edge.ts';
import { insights } from './insight-answer.ts';
import { checkFields, type Expand, objectJson } from './object-json.ts';
import { opaqueCursors, pageBody, readPage } from './paging.ts';
import { type FieldName, parseFields } from './parameter.ts';
import type { WorldObject } from './world.ts';

/** An object with the fields that a call asks for. Throws a `GraphError` for an unknown field. */
export function objectAnswer(call: Call, object: WorldObject): object {
  const names = parseFields(call.params.get('fields') ?? 'id');
  checkFields(object.kind, names);
  return objectJson(object, names, expander(call));
}

/** A page of a list that hangs on an object. */
export function objectEdge(call: Call, object: WorldObject, edge: Edge): object {
  const objects = edgeObjects(object, edge, call.params);
  return objectPage(call, objects, { list: call.path.join('/'), kind: KIND_OF_EDGE[edge] });
}

/** A page of objects of one kind. */
export function objectPage(
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
  const rows = page.map((object) => objectJson(object, names, expander(call)));
  return pageBody(rows, { request, total: objects.length, cursors, address: call.address });
}

/** Answers a list among the fields as its own address would, with its own cursors. */
function expander(call: Call): Expand {
  return (object, field) => {
    const inner = innerCall(call, object, field);
    const edge = EDGES.find((name) => name === field.name);
    const body = edge === undefined ? insights(inner, object) : objectEdge(inner, object, edge);
    return (body as { readonly data: readonly unknown[] }).data.length === 0 ? undefined : body;
  };
}

function innerCall(call: Call, object: WorldObject, field: FieldName): Call {
  const own = objectJson(object, [], () => undefined) as { readonly id: string };
  const params = new URLSearchParams(Object.fromEntries(field.args));
  if (field.inner !== '') params.set('fields', field.inner);
  const path = [own.id, field.name];
  const [version = ''] = call.address.pathname.split('/').filter((part) => part !== '');
  const address = new URL(`/${[version, ...path].join('/')}?${params}`, call.address);
  address.searchParams.set('access_token', call.token.token);
  return { ...call, path, params, address, repeats: false };
}
