import { NO } from '../fast/value.ts';

/**
 * Finds its way in JSON that is still bytes, so that no text has to be made of a page of megabytes. What
 * it gives are bounds; whether JSON lies between them is for `JSON.parse` to say.
 */

/** The signs of JSON, as bytes. */
export const SIGN = {
  quote: 0x22,
  comma: 0x2c,
  colon: 0x3a,
  openBracket: 0x5b,
  closeBracket: 0x5d,
  openBrace: 0x7b,
  closeBrace: 0x7d,
  backslash: 0x5c,
} as const;

/** The first place from `at` that is no white space of JSON. */
export function endOfSpace(bytes: Uint8Array, at: number): number {
  let to = at;
  while (isSpace(bytes[to])) to++;
  return to;
}

/** Where the string whose opening quote is at `open` has its closing one; `NO` when it does not end. */
export function closingQuote(bytes: Uint8Array, open: number): number {
  for (let at = open + 1; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === SIGN.quote) return at;
    if (code === SIGN.backslash) at++;
  }
  return NO;
}

/**
 * Where the element or member that begins at `from` ends: at the comma behind it, or the bracket or
 * brace that closes what it is in. `NO` when there is none of them.
 */
export function endOfPart(bytes: Uint8Array, from: number): number {
  let depth = 0;
  for (let at = from; at < bytes.length; at++) {
    const code = bytes[at];
    if (code === SIGN.quote) {
      at = closingQuote(bytes, at);
      if (at === NO) return NO;
    } else if (code === SIGN.openBrace || code === SIGN.openBracket) depth++;
    else if (code === SIGN.closeBrace || code === SIGN.closeBracket) {
      if (depth === 0) return at;
      depth--;
    } else if (code === SIGN.comma && depth === 0) return at;
  }
  return NO;
}

function isSpace(code: number | undefined): boolean {
  return code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;
}
