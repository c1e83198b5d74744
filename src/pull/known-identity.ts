import type { Dataset } from '../dataset.ts';
import type { Lake } from '../zone.ts';
import type { AccountIdentity } from './connector.ts';
import { landedBatches } from './landed.ts';

/** Who an account is, as its newest answer in landing says; null when nothing of it has landed. */
export function knownIdentity(
  lake: Lake,
  dataset: Dataset,
  accountId: string,
): AccountIdentity | null {
  const newest = landedBatches(lake, dataset, accountId).findLast(({ source }) => source === 'api');
  if (newest?.timezone === undefined || newest.timezone === null) return null;
  const name = newest.reading?.stated?.account_name ?? null;
  return { name, currency: newest.currency, timezone: newest.timezone };
}
