import { digitsOf } from '../../staging/row.ts';

/** The custom audiences that a targeting shows ads to, and those it keeps them from. */
export interface NamedAudiences {
  readonly included: readonly string[];
  readonly excluded: readonly string[];
}

/**
 * The ids of the custom audiences in an ad set's `targeting`, each once, sorted. Audiences of
 * `flexible_spec`, which narrow the targeting, are included ones (Marketing API, targeting).
 */
export function audiencesOf(targeting: Readonly<Record<string, unknown>>): NamedAudiences {
  const { custom_audiences, excluded_custom_audiences, flexible_spec } = targeting;
  const flexible = objectsIn(flexible_spec).map((part) => part.custom_audiences);
  return {
    included: idsIn([custom_audiences, ...flexible]),
    excluded: idsIn([excluded_custom_audiences]),
  };
}

function idsIn(lists: readonly unknown[]): readonly string[] {
  const ids = lists.flatMap(objectsIn).map((audience) => digitsOf(audience, 'id') ?? '');
  return [...new Set(ids.filter((id) => /^\d+$/.test(id)))].sort();
}

function objectsIn(list: unknown): readonly Readonly<Record<string, unknown>>[] {
  const values: readonly unknown[] = Array.isArray(list) ? list : [];
  return values.filter(
    (value): value is Readonly<Record<string, unknown>> =>
      typeof value === 'object' && value !== null && !Array.isArray(value),
  );
}
