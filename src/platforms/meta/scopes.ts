import { META_DATASETS } from './datasets.ts';

/** What a dataset needs of a token, and whether it has it. */
export interface ScopeNeed {
  readonly dataset: string;
  /** One of these is enough. */
  readonly anyOf: readonly string[];
  /** The scope of the token that gives it; null when none does. */
  readonly given: string | null;
}

/**
 * Insights and reading ad objects, pixel statistics among them, need `ads_read`; `ads_management`
 * includes it (Meta, Marketing API, authorization).
 */
const READING: readonly string[] = ['ads_read', 'ads_management'];

/** What every dataset needs, in the order they are pulled, against the scopes of a token. */
export function scopeNeeds(scopes: readonly string[]): readonly ScopeNeed[] {
  const given = READING.find((scope) => scopes.includes(scope)) ?? null;
  return META_DATASETS.map(({ name }) => ({ dataset: name, anyOf: READING, given }));
}
