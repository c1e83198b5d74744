/**
 * A number for reading: thousands with commas, no digit lost. `text` is decimal text; amounts of
 * money get the decimals of their currency (two for EUR, none for JPY) or more when they have more.
 */
export function readable(text: string, currency: string | null = null): string {
  const [whole = '0', fraction = ''] = text.replace(/^[-+]/, '').split('.');
  const decimals = currency === null ? 0 : (decimalsOf(currency) ?? 0);
  const sign = text.startsWith('-') ? '-' : '';
  const grouped = whole.replaceAll(/\B(?=(\d{3})+$)/g, ',');
  const digits = fraction.padEnd(decimals, '0');
  const number = digits === '' ? grouped : `${grouped}.${digits}`;
  return currency === null ? `${sign}${number}` : `${sign}${number} ${currency}`;
}

/** A count for reading: 12,345. */
export function readableCount(count: number): string {
  return readable(String(count));
}

/** A count with its noun, in the plural where it is due: 1 record, 12,345 records. */
export function counted(count: number, noun: string): string {
  return `${readableCount(count)} ${noun}${count === 1 ? '' : 's'}`;
}

/** The number with its sign in front, for differences: +12.30 EUR. */
export function readableChange(text: string, currency: string | null = null): string {
  const number = readable(text, currency);
  return text.startsWith('-') ? number : `+${number}`;
}

/**
 * Decimals that amounts of a currency have; null for what is no currency code. Source: ISO 4217 minor
 * units, as the JavaScript engine knows them.
 */
export function decimalsOf(currency: string): number | null {
  try {
    const format = new Intl.NumberFormat('en', { style: 'currency', currency });
    return format.resolvedOptions().maximumFractionDigits ?? null;
  } catch {
    return null;
  }
}
