/**
 * Decimal text of a sum in minor units, trailing zeros trimmed, the way insights write money: 8542
 * cents are `85.42`, 8500 cents are `85`, 4932 yen are `4932`.
 */
export function majorText(minor: number, minorPerMajor: 1 | 100): string {
  if (minorPerMajor === 1) return String(minor);
  const cents = String(minor % 100).padStart(2, '0');
  return trimmed(`${Math.floor(minor / 100)}.${cents}`);
}

/** A ratio with at most 6 decimals, trailing zeros trimmed; undefined without a divisor. */
export function ratioText(over: number, under: number): string | undefined {
  return under === 0 ? undefined : trimmed((over / under).toFixed(6));
}

const ZERO = 0x30;
const POINT = 0x2e;

/** Without the zeros at the end of a fraction; there must be one. */
function trimmed(text: string): string {
  let end = text.length;
  while (text.charCodeAt(end - 1) === ZERO) end--;
  if (text.charCodeAt(end - 1) === POINT) end--;
  return text.slice(0, end);
}
