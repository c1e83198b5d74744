/** One thing that was looked at. */
export interface Finding {
  readonly level: 'ok' | 'warn' | 'fail';
  readonly what: string;
  /** Why it matters; only when it is not ok. */
  readonly why?: string;
  readonly remedy?: string;
}
