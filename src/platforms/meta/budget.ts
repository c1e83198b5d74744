import { isDecimal, isZero, quotient } from '../../decimal.ts';

/**
 * Currencies whose budgets come in whole units (Marketing API, currencies: offset 1). All others are
 * in hundredths, also those that ISO 4217 gives three decimals (BHD, JOD) or that have none in
 * practice. The offsets are Meta's own and differ from ISO 4217.
 */
const WHOLE_UNITS: ReadonlySet<string> = new Set([
  'CLP',
  'COP',
  'CRC',
  'HUF',
  'ISK',
  'IDR',
  'JPY',
  'KRW',
  'PYG',
  'TWD',
  'VND',
]);

/** What the API sends for "no cap" on old campaigns (Marketing API, Campaign `spend_cap`). */
const NO_CAP = '922337203685478';

/**
 * Minor units of a currency in major units, exact. Null when there is no amount or the currency is
 * not known (null): then nobody can say what the amount is. Text that is no amount stays as it is,
 * for the contract to refuse.
 */
export function majorUnits(minor: string | null, currency: string | null): string | null {
  if (minor === null || currency === null) return null;
  if (!isDecimal(minor)) return minor;
  return quotient(minor, WHOLE_UNITS.has(currency) ? '1' : '100');
}

/** Like `majorUnits`, where 0 means that there is none: the unused one of two budgets, or no cap. */
export function majorUnitsOrNone(minor: string | null, currency: string | null): string | null {
  const isNone = minor !== null && isDecimal(minor) && (isZero(minor) || minor === NO_CAP);
  return isNone ? null : majorUnits(minor, currency);
}
