/** A header as it is compared, and the currency it names. */
export interface HeaderKey {
  readonly key: string;
  /** As it is spelled, without the currency. */
  readonly name: string;
  /** ISO 4217 code in brackets at its end, as in `Amount spent (EUR)`; else null. */
  readonly currency: string | null;
}

const CURRENCY_BEHIND = /\s*[(（[]\s*([A-Z]{3})\s*[)）\]]\s*$/;
const INVISIBLE = /[\u200b-\u200f\u202a-\u202e\u061c\u2060\ufeff\u00ad]/g;

/**
 * The header without what does not matter: case, accents, kinds of spaces, brackets and apostrophes,
 * a currency behind it. `Importe gastado (EUR)` and `importe  gastado` are equal.
 */
export function headerKey(text: string): HeaderKey {
  if (text.length > LONGEST) return NO_HEADER;
  const known = seen.get(text);
  if (known !== undefined) return known;
  if (seen.size >= MOST_SEEN) seen.clear();
  const found = keyOf(text);
  seen.set(text, found);
  return found;
}

/** Letters of the longest header that there is; longer cells are texts. */
const LONGEST = 150;
const NO_HEADER: HeaderKey = { key: '', name: '', currency: null };
/** Keys that are remembered: files of one folder have the same headers. */
const MOST_SEEN = 5_000;
const seen = new Map<string, HeaderKey>();

function keyOf(text: string): HeaderKey {
  const clean = text.replaceAll(INVISIBLE, '').replaceAll('\u0001', '');
  const code = CURRENCY_BEHIND.exec(clean)?.[1] ?? null;
  const currency = code !== null && isCurrency(code) ? code : null;
  const bare = currency === null ? clean : clean.replace(CURRENCY_BEHIND, '');
  return { key: fold(bare), name: bare.trim(), currency };
}

function fold(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/[\u0300-\u036f]/g, '')
    .normalize('NFC')
    .toLowerCase()
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/[–—−]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim();
}

let currencies: ReadonlySet<string> | null = null;

/** True for an ISO 4217 code that this Node knows. */
export function isCurrency(code: string): boolean {
  currencies ??= new Set(Intl.supportedValuesOf('currency'));
  return currencies.has(code);
}
