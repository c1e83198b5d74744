import { fieldsOf } from './entity.ts';
import {
  ACCOUNT_FIELDS,
  AD_FIELDS,
  AD_SET_FIELDS,
  AUDIENCE_FIELDS,
  CAMPAIGN_FIELDS,
  CREATIVE_FIELDS,
  CUSTOM_CONVERSION_FIELDS,
  PIXEL_FIELDS,
} from './entity-field-names.ts';
import type { Fields } from './entity-part.ts';
import { invalid } from './graph-error.ts';
import { type FieldName, parseFields } from './parameter.ts';
import type { WorldObject } from './world.ts';

/** How the Graph API names the type of an object, and which fields it knows on it. */
const NODES: Readonly<Record<WorldObject['kind'], readonly [string, ReadonlySet<string>]>> = {
  account: ['AdAccount', ACCOUNT_FIELDS],
  campaign: ['Campaign', CAMPAIGN_FIELDS],
  adset: ['AdSet', AD_SET_FIELDS],
  ad: ['Ad', AD_FIELDS],
  creative: ['AdCreative', CREATIVE_FIELDS],
  pixel: ['AdsPixel', PIXEL_FIELDS],
  audience: ['CustomAudience', AUDIENCE_FIELDS],
  'custom-conversion': ['CustomConversion', CUSTOM_CONVERSION_FIELDS],
};

const LISTS: Readonly<Partial<Record<WorldObject['kind'], readonly string[]>>> = {
  account: [
    ...['campaigns', 'adsets', 'ads', 'adcreatives', 'adspixels', 'insights'],
    ...['customaudiences', 'customconversions'],
  ],
  campaign: ['adsets', 'ads', 'insights'],
  adset: ['ads', 'adcreatives', 'insights'],
  ad: ['adcreatives', 'insights'],
};

/** Gives the page of a list that is asked for among the fields; undefined for an empty one. */
export type Expand = (object: WorldObject, field: FieldName) => unknown;

/**
 * An object as JSON with the fields that were asked for; its id is always there. A field that the
 * API knows and the sandbox does not have is left out. Throws a `GraphError` (100) for a field that
 * does not exist.
 */
export function objectJson(
  object: WorldObject,
  names: readonly FieldName[],
  expand: Expand,
): object {
  const fields = fieldsOf(object);
  const json: Record<string, unknown> = {};
  for (const field of names) {
    const value = fieldValue(object, { field, fields, expand });
    if (value !== undefined) json[field.name] = value;
  }
  return { ...json, id: fields.id?.() };
}

function fieldValue(
  object: WorldObject,
  by: { readonly field: FieldName; readonly fields: Fields; readonly expand: Expand },
): unknown {
  const { name, inner } = by.field;
  if (listsOf(object.kind).includes(name)) return by.expand(object, by.field);
  return inner === '' ? by.fields[name]?.() : nested(object, by.field, by.expand);
}

/** The lists that can be asked for among the fields of a kind of object. */
function listsOf(kind: WorldObject['kind']): readonly string[] {
  return LISTS[kind] ?? [];
}

/** Checks the names for a kind of object. Throws a `GraphError` (100) for one that does not exist. */
export function checkFields(kind: WorldObject['kind'], names: readonly FieldName[]): void {
  const [type, known] = NODES[kind];
  const unknown = names.find(
    ({ name }) => !known.has(name) && name !== 'id' && !listsOf(kind).includes(name),
  );
  if (unknown === undefined) return;
  throw invalid(`Tried accessing nonexisting field (${unknown.name}) on node type (${type})`);
}

/** The value of one field as text, for filters; empty when the object has none. */
export function fieldText(fields: Fields, name: string): string {
  return String(fields[name]?.() ?? '');
}

/** Fields of an object behind a field, as in `creative{id,name}`. */
function nested(object: WorldObject, field: FieldName, expand: Expand): object {
  const behind = behindOf(object, field.name);
  if (behind === undefined) throw invalid(`${field.name}{…} is not served by the sandbox.`);
  const names = parseFields(field.inner);
  checkFields(behind.kind, names);
  return objectJson(behind, names, expand);
}

function behindOf(object: WorldObject, name: string): WorldObject | undefined {
  const { world } = object;
  if (object.kind === 'ad') {
    if (name === 'creative') return { kind: 'creative', world, ad: object.ad };
    if (name === 'adset') return { kind: 'adset', world, adSet: object.ad.adSet };
    if (name === 'campaign') return { kind: 'campaign', world, campaign: object.ad.campaign };
  }
  if (object.kind === 'adset' && name === 'campaign') {
    return { kind: 'campaign', world, campaign: object.adSet.campaign };
  }
  return undefined;
}
