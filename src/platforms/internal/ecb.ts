import { dividedTo } from '../../decimal.ts';
import { isDay } from '../../window.ts';
import { onlyEntry } from './zip-entry.ts';

/** The `reading` of a batch whose pages are reference rates as they were published. */
export const ECB_READING = 'ecb';

/** What one euro was worth on one day: units by ISO 4217 code, decimal text as it was published. */
export interface EuroDay {
  readonly day: string;
  readonly unitsPerEuro: ReadonlyMap<string, string>;
}

/**
 * Places of a rate made through the euro: what the contract of raw allows. Staging rounds to 10.
 */
const RATE_PLACES = 24;

/**
 * The euro foreign exchange reference rates in any form in which the European Central Bank publishes
 * them: `eurofxref-hist.zip` or `eurofxref.zip` (a CSV in a ZIP), the CSV itself, or
 * `eurofxref-daily.xml`, `eurofxref-hist-90d.xml`, `eurofxref-hist.xml`. Days ascend. Throws an `Error`
 * that says what is wrong when it is none of these.
 */
export function readEcb(bytes: Buffer): readonly EuroDay[] {
  if (bytes.subarray(0, 2).toString('latin1') === 'PK') return readEcb(onlyEntry(bytes));
  const text = bytes.toString('utf8').replace(/^\uFEFF/, '');
  const days = /^\s*</.test(text) ? fromXml(text) : fromCsv(text);
  if (days.length === 0) throw new Error('it holds no rates');
  return [...days].sort((left, right) => (left.day < right.day ? -1 : 1));
}

/**
 * The rates of the days as records of `fx_rates`: US dollars for one unit, through the euro
 * (dollars per euro / units per euro), rounded half-even to 24 places. The dollar itself needs none.
 * Days before `since` are left out; so is a day without a rate for the dollar.
 */
export function ratesFrom(
  days: readonly EuroDay[],
  since: string | null,
): readonly Readonly<Record<string, string>>[] {
  return days.flatMap(({ day, unitsPerEuro }) => {
    const dollars = unitsPerEuro.get('USD');
    if (dollars === undefined || (since !== null && day < since)) return [];
    const others = [...unitsPerEuro].filter(([currency]) => currency !== 'USD');
    return [['EUR', '1'] as const, ...others].map(([currency, units]) => ({
      date: day,
      currency,
      usd_per_unit: dividedTo(dollars, units, RATE_PLACES),
      units_per_eur: units,
      usd_per_eur: dollars,
    }));
  });
}

/** The file has `<Cube time='…'>` for each day and `<Cube currency='…' rate='…'/>` in it. */
const CUBE =
  /<Cube\s+(?:time=['"]([^'"]+)['"]|currency=['"]([A-Z]{3})['"]\s+rate=['"]([\d.]+)['"])/g;

function fromXml(text: string): readonly EuroDay[] {
  const days: { readonly day: string; readonly unitsPerEuro: Map<string, string> }[] = [];
  for (const [, time, currency, rate] of text.matchAll(CUBE)) {
    if (time !== undefined) days.push({ day: dayOf(time), unitsPerEuro: new Map() });
    else if (currency !== undefined && rate !== undefined && isRate(rate)) {
      days.at(-1)?.unitsPerEuro.set(currency, rate);
    }
  }
  return days;
}

function fromCsv(text: string): readonly EuroDay[] {
  const [head = '', ...lines] = text.split(/\r?\n/).filter((line) => line.trim() !== '');
  const [first, ...currencies] = head.split(',').map((name) => name.trim());
  if (first !== 'Date') throw new Error('its first line does not begin with Date');
  return lines.map((line) => {
    const [date = '', ...cells] = line.split(',').map((cell) => cell.trim());
    const rates = currencies.flatMap((currency, index) => {
      const rate = cells[index] ?? '';
      return /^[A-Z]{3}$/.test(currency) && isRate(rate) ? [[currency, rate] as const] : [];
    });
    return { day: dayOf(date), unitsPerEuro: new Map(rates) };
  });
}

/** A currency that has no rate on a day has `N/A` or nothing there. */
function isRate(text: string): boolean {
  return /^\d{1,9}(\.\d{1,12})?$/.test(text) && /[1-9]/.test(text);
}

const MONTHS = [
  ...['January', 'February', 'March', 'April', 'May', 'June', 'July'],
  ...['August', 'September', 'October', 'November', 'December'],
];

/** `2026-04-11`, or `11 April 2026` as the CSV of a single day has it. */
function dayOf(text: string): string {
  const [, date, name = '', year] = /^(\d{1,2}) ([A-Za-z]+) (\d{4})$/.exec(text) ?? [];
  const month = String(MONTHS.indexOf(name) + 1).padStart(2, '0');
  const day = date === undefined ? text : `${year}-${month}-${date.padStart(2, '0')}`;
  if (isDay(day)) return day;
  throw new Error(`${JSON.stringify(text.slice(0, 40))} in it is no day`);
}
