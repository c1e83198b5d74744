import { AdlakeError } from '../../errors.ts';
import { listBatches, readPage } from '../../landing/batch.ts';
import { readRecords } from '../../landing/page.ts';
import { dayAt } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import { datasetNamed } from './named.ts';

/** What the lake must know of an account before it can ask for days. */
export interface AccountIdentity {
  /** Digits, without `act_`. */
  readonly account_id: string;
  readonly name: string;
  /** ISO 4217. */
  readonly currency: string;
  /** IANA name. */
  readonly timezone: string;
}

/** The account as landing last saw it, or null when it was never asked. */
export function knownAccount(lake: Lake, accountId: string): AccountIdentity | null {
  const dataset = datasetNamed('ad_accounts');
  for (const batch of listBatches(lake, dataset, accountId).toReversed()) {
    const page = batch.pages[0];
    const bytes = page === undefined ? null : readPage(lake, dataset, { batch, page });
    const identity = bytes === null ? null : identityIn(bytes, accountId);
    if (identity !== null) return identity;
  }
  return null;
}

/**
 * The account's own day: `today` when it is given (a replay), else the day it is at `now` in its
 * time zone. Never the machine's day.
 */
export function accountDay(
  timezone: string,
  at: { readonly now: string; readonly today: string | null },
): string {
  return at.today ?? dayAt(at.now, timezone);
}

/** The identity in an answer to `GET /act_<id>`. Throws `SOURCE_REFUSED` when it has none. */
export function parseAccount(bytes: Buffer, accountId: string): AccountIdentity {
  const identity = identityIn(bytes, accountId);
  if (identity !== null) return identity;
  throw new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: `Meta's answer about account ${accountId} names no currency and time zone, which every account has.`,
    remedy: 'Check that META_AD_ACCOUNT_ID is the id of an ad account.',
  });
}

function identityIn(bytes: Buffer, accountId: string): AccountIdentity | null {
  const content = readRecords(datasetNamed('ad_accounts'), bytes);
  const text = content.ok ? content.records[0] : undefined;
  const record = text === undefined ? {} : (JSON.parse(text) as Readonly<Record<string, unknown>>);
  const { name, currency, timezone_name: timezone } = record;
  if (typeof currency !== 'string' || typeof timezone !== 'string') return null;
  return { account_id: accountId, name: typeof name === 'string' ? name : '', currency, timezone };
}
