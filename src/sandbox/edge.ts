import { Temporal } from 'temporal-polyfill';
import { AUDIENCES } from './audience.ts';
import { fieldsOf } from './entity.ts';
import type { Fields } from './entity-part.ts';
import { type Condition, meets, parseFiltering } from './filter.ts';
import { invalid } from './graph-error.ts';
import { fieldText } from './object-json.ts';
import { parseList } from './parameter.ts';
import { adsOf, type WorldObject } from './world.ts';

/** The lists that hang on an object. */
export const EDGES = [
  'campaigns',
  'adsets',
  'ads',
  'adcreatives',
  'adspixels',
  'customaudiences',
  'customconversions',
] as const;

/** The name of such a list. */
export type Edge = (typeof EDGES)[number];

/** The kind of object that a list holds. */
export const KIND_OF_EDGE = {
  campaigns: 'campaign',
  adsets: 'adset',
  ads: 'ad',
  adcreatives: 'creative',
  adspixels: 'pixel',
  customaudiences: 'audience',
  customconversions: 'custom-conversion',
} as const;

const STATUSES = [
  'ACTIVE',
  'PAUSED',
  'DELETED',
  'ARCHIVED',
  'IN_PROCESS',
  'WITH_ISSUES',
  'CAMPAIGN_PAUSED',
  'ADSET_PAUSED',
  'PENDING_REVIEW',
  'DISAPPROVED',
  'PREAPPROVED',
  'PENDING_BILLING_INFO',
];
const HIDDEN = ['ARCHIVED', 'DELETED'];
const FILTER_FIELDS = new Set(
  ['', 'campaign.', 'adset.', 'ad.'].flatMap((level) =>
    ['id', 'effective_status', 'updated_time', 'name'].map((field) => `${level}${field}`),
  ),
);

/**
 * The objects of a list, in listing order. Archived and deleted ones are there only when
 * `effective_status` (or a filter on it) asks for them. Throws a `GraphError` for a bad filter.
 */
export function edgeObjects(
  parent: WorldObject,
  edge: Edge,
  params: URLSearchParams,
): readonly WorldObject[] {
  const filtering = params.get('filtering');
  const conditions = filtering === null ? [] : parseFiltering(filtering, FILTER_FIELDS);
  const asked = params.get('effective_status');
  const statuses = asked === null ? undefined : statusesOf(asked);
  const onStatus = conditions.some(({ field }) => field.endsWith('effective_status'));
  const since = Number(params.get('updated_since') ?? '0');
  return childrenOf(parent, edge).filter((object) => {
    if (isGone(object)) return false;
    const fields = fieldsOf(object);
    if (!hasStatus(fields, statuses, onStatus) || updatedAt(fields) < since) return false;
    return conditions.every((condition) => meets(condition, comparedOf(object, fields, condition)));
  });
}

function statusesOf(text: string): readonly string[] {
  const statuses = parseList('effective_status', text);
  statuses.forEach((status, index) => {
    if (STATUSES.includes(status)) return;
    throw invalid(
      `effective_status[${index}] must be one of the following values: ${STATUSES.join(', ')}`,
    );
  });
  return statuses;
}

function hasStatus(
  fields: Fields,
  statuses: readonly string[] | undefined,
  onStatus: boolean,
): boolean {
  const status = fieldText(fields, 'effective_status');
  if (statuses !== undefined && statuses.length > 0)
    return status === '' || statuses.includes(status);
  return onStatus || !HIDDEN.includes(status);
}

function childrenOf(parent: WorldObject, edge: Edge): readonly WorldObject[] {
  const { world } = parent;
  const ads = adsOf(parent);
  const ofAccount = parent.kind === 'account';
  if (edge === 'adspixels') return ofAccount ? [{ kind: 'pixel', world }] : [];
  if (edge === 'customconversions') return ofAccount ? [{ kind: 'custom-conversion', world }] : [];
  if (edge === 'customaudiences') {
    const places = ofAccount ? Array.from({ length: AUDIENCES }, (_, place) => place) : [];
    return places.map((place) => ({ kind: 'audience', world, place }));
  }
  if (edge === 'ads') return ads.map((ad) => ({ kind: 'ad', world, ad }));
  if (edge === 'adcreatives') return ads.map((ad) => ({ kind: 'creative', world, ad }));
  if (edge === 'adsets') {
    return [...new Set(ads.map((ad) => ad.adSet))].map((adSet) => ({
      kind: 'adset',
      world,
      adSet,
    }));
  }
  const campaigns = [...new Set(ads.map((ad) => ad.campaign))];
  return campaigns.map((campaign) => ({ kind: 'campaign', world, campaign }));
}

/** A creative outlives its ad. */
function isGone(object: WorldObject): boolean {
  const { gone } = object.world;
  if (object.kind === 'campaign') return gone.has(object.campaign.id);
  if (object.kind === 'adset') return gone.has(object.adSet.id);
  return object.kind === 'ad' && gone.has(object.ad.id);
}

/** `campaign.id` and the like look at the object above; a bare name looks at the object itself. */
function comparedOf(object: WorldObject, fields: Fields, condition: Condition): string | number {
  const [level = '', name = ''] = condition.field.includes('.')
    ? condition.field.split('.')
    : ['', condition.field];
  const own = level === '' || level === object.kind;
  if (own && name === 'updated_time') return updatedAt(fields);
  return fieldText(fields, own ? name : `${level}_${name}`);
}

/** Unix seconds of an object's last change; Infinity for an object without one. */
function updatedAt(fields: Fields): number {
  const text = fieldText(fields, 'updated_time');
  if (text === '') return Infinity;
  return Math.floor(Temporal.Instant.from(text).epochMilliseconds / 1000);
}
