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

function trimmed(text: string): string {
  return text.replace(/\.?0+$/, '');
}
