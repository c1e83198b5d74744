/** How a text file is encoded, and whether that was told by its bytes or had to be guessed. */
export interface Encoding {
  /** A label of the Encoding Standard. */
  readonly label: string;
  readonly isCertain: boolean;
}

/** Bytes looked at to tell UTF-16 without a mark: every second one of its Latin letters is 0. */
const PROBE_BYTES = 4_000;
/** Share of zero bytes, of all on one side, from which it is UTF-16. */
const MANY_ZEROS = 0.3;

/**
 * The encoding by mark, by zero bytes, or by being valid UTF-8. Anything else is a code page: which
 * one cannot be told from the bytes, so the first of `CODE_PAGES` stands in.
 */
export function encodingOf(bytes: Uint8Array): Encoding {
  const marked = byMark(bytes);
  if (marked !== null) return { label: marked, isCertain: true };
  const wide = byZeros(bytes.subarray(0, PROBE_BYTES));
  if (wide !== null) return { label: wide, isCertain: true };
  if (isUtf8(bytes)) return { label: 'utf-8', isCertain: true };
  return { label: CODE_PAGES[0], isCertain: false };
}

/** Code pages of the locales that Ads Manager speaks, western first. */
export const CODE_PAGES = [
  'windows-1252',
  'windows-1250',
  'windows-1251',
  'windows-1254',
  'windows-1256',
  'windows-1258',
  'windows-874',
  'shift_jis',
  'gb18030',
  'big5',
  'euc-kr',
] as const;

/** The text of a file, without a byte order mark. */
export function decode(bytes: Buffer, label: string): string {
  return label === 'windows-1252' ? decodeWestern(bytes) : new TextDecoder(label).decode(bytes);
}

/** What the bytes 0x80 to 0x9f are in Windows-1252, by the Encoding Standard; others are as in Latin-1. */
const WESTERN = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** Some versions of Node decode Windows-1252 as Latin-1, in which there is no € and no dash. */
function decodeWestern(bytes: Buffer): string {
  return bytes
    .toString('latin1')
    .replaceAll(/[\u0080-\u009f]/g, (letter) => WESTERN[letter.charCodeAt(0) - 0x80] ?? letter);
}

function byMark(bytes: Uint8Array): string | null {
  const [a, b, c] = bytes;
  if (a === 0xef && b === 0xbb && c === 0xbf) return 'utf-8';
  if (a === 0xff && b === 0xfe) return 'utf-16le';
  if (a === 0xfe && b === 0xff) return 'utf-16be';
  return null;
}

function byZeros(probe: Uint8Array): string | null {
  let even = 0;
  let odd = 0;
  for (let at = 0; at < probe.length; at++) {
    if (probe[at] !== 0) continue;
    if (at % 2 === 0) even++;
    else odd++;
  }
  const half = probe.length / 2;
  if (odd > half * MANY_ZEROS && even < odd / 4) return 'utf-16le';
  if (even > half * MANY_ZEROS && odd < even / 4) return 'utf-16be';
  return null;
}

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
