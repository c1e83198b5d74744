/** Failures in a row after which an account's requests pause together: two for each of its workers. */
export const ACCOUNT_FAILURES = 8;

/** Failures in a row, over all accounts, after which nobody asks for a while. */
export const APP_FAILURES = 24;

/** The first pause; it doubles up to the longest while nothing but failures comes. */
const FIRST_PAUSE_SECONDS = 5;
const LONGEST_PAUSE_SECONDS = 300;

/** Pauses in a row after which it is given up; all together they last five minutes. */
export const MAX_PAUSES = 6;

/** What a failure leads to. */
export type Break =
  | { readonly kind: 'none' }
  | { readonly kind: 'pause'; readonly seconds: number }
  | { readonly kind: 'give_up' };

/**
 * Counts failures in a row, of one account or of all: failures that are worth another try, so that a
 * source that is away is not asked by every worker in turn. An answer of any kind closes it again.
 */
export class Breaker {
  private readonly limit: number;
  private failures = 0;
  private pauses = 0;

  constructor(limit: number) {
    this.limit = limit;
  }

  /** Something answered, if only to refuse. */
  answered(): void {
    this.failures = 0;
    this.pauses = 0;
  }

  /** Takes in one more failure. */
  failed(): Break {
    if (this.pauses >= MAX_PAUSES) return { kind: 'give_up' };
    this.failures++;
    if (this.failures < this.limit) return { kind: 'none' };
    this.failures = 0;
    const seconds = Math.min(FIRST_PAUSE_SECONDS * 2 ** this.pauses, LONGEST_PAUSE_SECONDS);
    this.pauses++;
    return { kind: 'pause', seconds };
  }
}
