/**
 * True in `npm run test:long`, where tests try more of the same: more points, seeds and days than fit
 * into the minutes of `npm test`.
 */
export const isLong =
  (import.meta as { readonly env?: { readonly MODE?: string } }).env?.MODE === 'long';

/** How many of something a test tries: `few` in `npm test`, `many` in the long form. */
export function tries(few: number, many: number): number {
  return isLong ? many : few;
}
