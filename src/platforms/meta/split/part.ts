import type { CampaignScope } from '../../../landing/batch.ts';
import type { InsightLevel } from '../datasets.ts';

/** Which objects of a level are asked for, by id. */
export type IdScope = CampaignScope;

/** A part of what a question asks for on a day. */
export interface Part {
  readonly campaigns: IdScope;
  readonly adSets: IdScope;
  readonly ads: IdScope;
  /** Fields asked for; null: all that the dataset has. */
  readonly fields: readonly string[] | null;
}

/** Objects that are known of an account: where there is something to halve. */
export interface KnownObjects {
  readonly campaigns: readonly string[];
  /** Ad sets of the campaigns that a scope names. */
  readonly adSetsOf: (campaigns: IdScope) => readonly string[];
  /** Ads of the ad sets that the scopes name. */
  readonly adsOf: (campaigns: IdScope, adSets: IdScope) => readonly string[];
}

/**
 * Two parts that together are exactly the given one: campaigns are halved first, then ad sets, then
 * ads. One half names objects, the other is all but these, so that an object nobody knows of is in one
 * of them too. Null when there is nothing to halve by, since rows of a level cannot be told apart by
 * what lies below it. Pure.
 */
export function halve(
  part: Part,
  level: InsightLevel,
  known: KnownObjects,
): readonly [Part, Part] | null {
  if (level === 'account') return null;
  const campaigns = halveScope(part.campaigns, known.campaigns);
  if (campaigns !== null) return both(campaigns, (one) => ({ ...part, campaigns: one }));
  if (level === 'campaign') return null;
  const adSets = halveScope(part.adSets, known.adSetsOf(part.campaigns));
  if (adSets !== null) return both(adSets, (one) => ({ ...part, adSets: one }));
  if (level === 'adset') return null;
  const ads = halveScope(part.ads, known.adsOf(part.campaigns, part.adSets));
  return ads === null ? null : both(ads, (one) => ({ ...part, ads: one }));
}

/** The scope in two; null when it names a single object or none that is known is left in it. */
export function halveScope(
  scope: IdScope,
  known: readonly string[],
): readonly [IdScope, IdScope] | null {
  if (scope.kind === 'in') {
    const [first, second] = halvesOf(scope.ids);
    if (first.length === 0 || second.length === 0) return null;
    return [
      { kind: 'in', ids: first },
      { kind: 'in', ids: second },
    ];
  }
  const without = new Set(scope.kind === 'not_in' ? scope.ids : []);
  const left = known.filter((id) => !without.has(id)).toSorted();
  if (left.length === 0) return null;
  const ids = left.slice(0, Math.ceil(left.length / 2));
  return [
    { kind: 'in', ids },
    { kind: 'not_in', ids: [...without, ...ids].sort() },
  ];
}

/** A list in two halves, the first the longer one. */
export function halvesOf<T>(list: readonly T[]): readonly [readonly T[], readonly T[]] {
  const middle = Math.ceil(list.length / 2);
  return [list.slice(0, middle), list.slice(middle)];
}

function both(
  halves: readonly [IdScope, IdScope],
  make: (scope: IdScope) => Part,
): readonly [Part, Part] {
  return [make(halves[0]), make(halves[1])];
}
