/** What the functions here give when the bytes are not what they look for. */
export const NO = -1;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const COLON = 0x3a;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;
const LOWER_U = 0x75;
/** Nested deeper than this, a value is left to the plain path. */
const MOST_DEPTH = 32;

/** End of the JSON string whose opening quote is at `at`: one past its closing quote, or `NO`. */
export function endOfString(view: DataView, at: number): number {
  if (view.getUint8(at) !== QUOTE) return NO;
  for (let to = at + 1; ; ) {
    while (!hasSpecial(view.getInt32(to, true))) to += 4;
    const code = view.getUint8(to);
    if (code === QUOTE) return to + 1;
    if (code === BACKSLASH) {
      to = endOfEscape(view, to);
      if (to === NO) return NO;
    } else if (code < 0x20) return NO;
    else to++;
  }
}

/**
 * Whether one of four bytes is a quote, a backslash or a control character: of each byte, the highest
 * bit is set where taking away what is looked for goes below zero. It may also be set for a byte behind
 * such a one, which does no harm: the bytes are then looked at one by one.
 */
function hasSpecial(word: number): boolean {
  const quote = word ^ 0x22222222;
  const slash = word ^ 0x5c5c5c5c;
  const below =
    ((quote - 0x01010101) & ~quote) |
    ((slash - 0x01010101) & ~slash) |
    ((word - 0x20202020) & ~word);
  return (below & 0x80808080) !== 0;
}

const ESCAPABLE: ReadonlySet<number> = new Set(Buffer.from('"\\/bfnrt'));

function endOfEscape(view: DataView, at: number): number {
  const code = view.getUint8(at + 1);
  if (ESCAPABLE.has(code)) return at + 2;
  if (code !== LOWER_U) return NO;
  for (let to = at + 2; to < at + 6; to++) if (!isHex(view.getUint8(to))) return NO;
  return at + 6;
}

function isHex(code: number): boolean {
  const lower = code | 0x20;
  return isDigit(code) || (lower >= 0x61 && lower <= 0x66);
}

function isDigit(code: number): boolean {
  return (code - ZERO) >>> 0 <= 9;
}

/** End of the digits that begin at `at`; `at` itself when there are none. */
export function endOfDigits(view: DataView, at: number): number {
  let to = at;
  while (isDigit(view.getUint8(to))) to++;
  return to;
}

/** End of the decimal text (digits, perhaps a fraction, perhaps a sign before) at `at`, or `NO`. */
export function endOfDecimal(view: DataView, at: number, isSigned: boolean): number {
  const from = isSigned && view.getUint8(at) === MINUS ? at + 1 : at;
  const whole = endOfDigits(view, from);
  if (whole === from) return NO;
  if (view.getUint8(whole) !== POINT) return whole;
  const part = endOfDigits(view, whole + 1);
  return part === whole + 1 ? NO : part;
}

/** End of any compact JSON value at `at`, or `NO` where it is not JSON, has white space or is deep. */
export function endOfValue(view: DataView, at: number, depth = 0): number {
  if (depth > MOST_DEPTH) return NO;
  switch (view.getUint8(at)) {
    case QUOTE:
      return endOfString(view, at);
    case 0x7b:
      return endOfParts(view, at, { close: 0x7d, depth, isNamed: true });
    case 0x5b:
      return endOfParts(view, at, { close: 0x5d, depth, isNamed: false });
    case 0x74:
      return endOfWord(view, at, TRUE);
    case 0x66:
      return endOfWord(view, at, FALSE);
    case 0x6e:
      return endOfWord(view, at, NULL);
    default:
      return endOfNumber(view, at);
  }
}

const TRUE = Buffer.from('true');
const FALSE = Buffer.from('false');
const NULL = Buffer.from('null');

function endOfWord(view: DataView, at: number, word: Uint8Array): number {
  for (let place = 0; place < word.length; place++) {
    if (view.getUint8(at + place) !== word[place]) return NO;
  }
  return at + word.length;
}

/** RFC 8259: no leading zeros, digits on both sides of the point, an exponent with digits. */
function endOfNumber(view: DataView, at: number): number {
  const from = view.getUint8(at) === MINUS ? at + 1 : at;
  let to = endOfDecimal(view, from, false);
  if (to === NO || (view.getUint8(from) === ZERO && isDigit(view.getUint8(from + 1)))) return NO;
  if ((view.getUint8(to) | 0x20) === 0x65) {
    const isSigned = view.getUint8(to + 1) === MINUS || view.getUint8(to + 1) === 0x2b;
    const digits = isSigned ? to + 2 : to + 1;
    to = endOfDigits(view, digits);
    if (to === digits) return NO;
  }
  return to;
}

function endOfParts(
  view: DataView,
  at: number,
  of: { readonly close: number; readonly depth: number; readonly isNamed: boolean },
): number {
  if (view.getUint8(at + 1) === of.close) return at + 2;
  for (let from = at + 1; ; ) {
    if (of.isNamed) {
      from = endOfString(view, from);
      if (from === NO || view.getUint8(from) !== COLON) return NO;
      from++;
    }
    const to = endOfValue(view, from, of.depth + 1);
    if (to === NO) return NO;
    if (view.getUint8(to) === of.close) return to + 1;
    if (view.getUint8(to) !== COMMA) return NO;
    from = to + 1;
  }
}
