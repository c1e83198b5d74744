/** What the functions here give when the bytes are not what they look for. */
export const NO = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
const LOWER_U = 0x75;
/** Nested deeper than this, a value is left to the plain path. */
const MOST_DEPTH = 32;

/** End of the JSON string whose opening quote is at `at`: one past its closing quote, or `NO`. */
export function endOfString(bytes: Uint8Array, at: number): number {
  if (bytes[at] !== QUOTE) return NO;
  for (let to = at + 1; ; to++) {
    const code = bytes[to] ?? 0;
    if (code === QUOTE) return to + 1;
    if (code === BACKSLASH) {
      to = endOfEscape(bytes, to) - 1;
      if (to < 0) return NO;
    } else if (code < 0x20) return NO;
  }
}

const ESCAPABLE: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

function endOfEscape(bytes: Uint8Array, at: number): number {
  const code = bytes[at + 1] ?? 0;
  if (ESCAPABLE.has(code)) return at + 2;
  if (code !== LOWER_U) return NO;
  for (let to = at + 2; to < at + 6; to++) if (!isHex(bytes[to] ?? 0)) return NO;
  return at + 6;
}

function isHex(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}

/** End of the digits that begin at `at`; `at` itself when there are none. */
export function endOfDigits(bytes: Uint8Array, at: number): number {
  let to = at;
  for (let code = bytes[to] ?? 0; code >= ZERO && code <= NINE; code = bytes[to] ?? 0) to++;
  return to;
}

/** End of the decimal text (digits, perhaps a fraction, perhaps a sign before) at `at`, or `NO`. */
export function endOfDecimal(bytes: Uint8Array, at: number, isSigned: boolean): number {
  const from = isSigned && bytes[at] === MINUS ? at + 1 : at;
  const whole = endOfDigits(bytes, from);
  if (whole === from) return NO;
  if (bytes[whole] !== POINT) return whole;
  const part = endOfDigits(bytes, whole + 1);
  return part === whole + 1 ? NO : part;
}

/** End of any compact JSON value at `at`, or `NO` where it is not JSON, has white space or is deep. */
export function endOfValue(bytes: Uint8Array, at: number, depth = 0): number {
  if (depth > MOST_DEPTH) return NO;
  switch (bytes[at]) {
    case QUOTE:
      return endOfString(bytes, at);
    case 0x7b:
      return endOfParts(bytes, at, { close: 0x7d, depth, isNamed: true });
    case 0x5b:
      return endOfParts(bytes, at, { close: 0x5d, depth, isNamed: false });
    case 0x74:
      return endOfWord(bytes, at, TRUE);
    case 0x66:
      return endOfWord(bytes, at, FALSE);
    case 0x6e:
      return endOfWord(bytes, at, NULL);
    default:
      return endOfNumber(bytes, at);
  }
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

function endOfWord(bytes: Uint8Array, at: number, word: Uint8Array): number {
  for (let place = 0; place < word.length; place++) {
    if (bytes[at + place] !== word[place]) return NO;
  }
  return at + word.length;
}

/** RFC 8259: no leading zeros, digits on both sides of the point, an exponent with digits. */
function endOfNumber(bytes: Uint8Array, at: number): number {
  const from = bytes[at] === MINUS ? at + 1 : at;
  let to = endOfDecimal(bytes, from, false);
  if (to === NO || (bytes[from] === ZERO && isDigit(bytes[from + 1] ?? 0))) return NO;
  if (((bytes[to] ?? 0) | 0x20) === 0x65) {
    const isSigned = bytes[to + 1] === MINUS || bytes[to + 1] === 0x2b;
    const digits = isSigned ? to + 2 : to + 1;
    to = endOfDigits(bytes, digits);
    if (to === digits) return NO;
  }
  return to;
}

const COLON = 0x3a;

function endOfParts(
  bytes: Uint8Array,
  at: number,
  of: { readonly close: number; readonly depth: number; readonly isNamed: boolean },
): number {
  if (bytes[at + 1] === of.close) return at + 2;
  for (let from = at + 1; ; ) {
    if (of.isNamed) {
      from = endOfString(bytes, from);
      if (from === NO || bytes[from] !== COLON) return NO;
      from++;
    }
    const to = endOfValue(bytes, from, of.depth + 1);
    if (to === NO) return NO;
    if (bytes[to] === of.close) return to + 1;
    if (bytes[to] !== COMMA) return NO;
    from = to + 1;
  }
}
