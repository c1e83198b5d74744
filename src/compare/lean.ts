/** Errors of predictions, summed up. */
export interface Errors {
  /** Mean of predicted less actual. */
  readonly bias: number;
  /** Their standard deviation; null for one alone. */
  readonly spread: number | null;
  readonly predictions: number;
}

/**
 * To which side predictions lean: null when to neither, as far as can be told. A mean of more than twice its
 * standard error is more than chance makes of predictions that do not lean.
 */
export function leanOf({ bias, spread, predictions }: Errors): 'high' | 'low' | null {
  const error = spread === null ? null : spread / Math.sqrt(predictions);
  if (error === null || Math.abs(bias) <= 2 * error) return null;
  return bias > 0 ? 'high' : 'low';
}
