import { type Headers, headerOf } from '../../pull/http.ts';
import { asList, asObject, parsedOr } from '../../pull/loose-json.ts';

/**
 * The highest usage in percent that an answer names, per account: every header and every entry
 * counts, not only the first. What is keyed by another account of `accountIds` is that account's;
 * all else (the app, a business, the account itself) counts for `accountId`, which was asked.
 */
export function usageIn(
  headers: Headers,
  asked: { readonly accountId: string; readonly accountIds: readonly string[] },
): ReadonlyMap<string, number> {
  const usage = new Map<string, number>();
  const raise = (account: string, percents: readonly unknown[]): void => {
    const numbers = percents.filter((one): one is number => Number.isFinite(one));
    if (numbers.length > 0) usage.set(account, Math.max(usage.get(account) ?? 0, ...numbers));
  };
  for (const [name, fields] of PLAIN_HEADERS) {
    const header = objectIn(headers, name);
    raise(
      asked.accountId,
      fields.map((field) => header[field]),
    );
  }
  for (const [key, entries] of Object.entries(objectIn(headers, 'x-business-use-case-usage'))) {
    const isOther = key !== asked.accountId && asked.accountIds.includes(key);
    for (const entry of listOf(entries)) {
      raise(
        isOther ? key : asked.accountId,
        CALL_FIELDS.map((field) => entry[field]),
      );
    }
  }
  return usage;
}

const CALL_FIELDS: readonly string[] = ['call_count', 'total_cputime', 'total_time'];

const PLAIN_HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['x-app-usage', CALL_FIELDS],
  ['x-ad-account-usage', ['acc_id_util_pct']],
  ['x-fb-ads-insights-throttle', ['app_id_util_pct', 'acc_id_util_pct']],
];

function objectIn(headers: Headers, name: string): Readonly<Record<string, unknown>> {
  return asObject(parsedOr(headerOf(headers, name)));
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return asList(value).map(asObject);
}
