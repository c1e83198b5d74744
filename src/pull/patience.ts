import { ExponentialBackoff, type IBackoff } from 'cockatiel';
import { ACCOUNT_FAILURES, APP_FAILURES, type Break, Breaker } from './breaker.ts';
import { APP_LANE, type Gate } from './gate.ts';

/** First wait after a failed attempt and the longest one; between them it grows, with jitter. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/**
 * Waits for a limit whose end the API does not name: doubling from the first, which for the app as a
 * whole is longer, to the longest (advice of the connectors that live with these limits).
 */
const FIRST_LIMIT_WAIT_SECONDS = { account: 30, app: 60 } as const;
const LONGEST_LIMIT_WAIT_SECONDS = 300;

/** What one call may wait for limits in all; every limit of the API ends within an hour. */
const MAX_LIMIT_WAIT_SECONDS = 4_000;

const MILLISECONDS_PER_SECOND = 1000;

/** What an attempt came to, as far as patience is concerned. */
export type Trial =
  /** Try the same again after a short wait. */
  | { readonly kind: 'retry' }
  /** Wait for the limit; null when the platform does not say how long. */
  | {
      readonly kind: 'rate_limited';
      readonly waitSeconds: number | null;
      /** Whose limit it is: that of the account that was asked, or that of the app for all accounts. */
      readonly of: 'account' | 'app';
      readonly complaint: { readonly code: number | string | null };
    }
  /** An answer, or a refusal that asking again does not change. */
  | { readonly kind: 'settled' };

/** What patience is made of. */
export interface PatienceOptions {
  /** The platform's name for people. */
  readonly label: string;
  readonly gate: Gate;
  readonly sleep: (seconds: number) => Promise<void>;
  /** How often a call is tried again. */
  readonly retries: number;
}

/** Patience for one call: how often it is tried again, and what is waited before that. */
export class Patience {
  private readonly parent: Patients<unknown>;
  private readonly accountId: string;
  private retries = 0;
  private waited = 0;
  private doublings = 0;
  private backoff: IBackoff<unknown> = new ExponentialBackoff({
    initialDelay: FIRST_RETRY_MS,
    maxDelay: LONGEST_RETRY_MS,
  }).next();

  constructor(parent: Patients<unknown>, accountId: string) {
    this.parent = parent;
    this.accountId = accountId;
  }

  /** True for a verdict that does not end the asking. */
  static isOpen(verdict: { readonly kind: string } | undefined): boolean {
    return verdict?.kind === 'retry' || verdict?.kind === 'rate_limited';
  }

  /**
   * Waits as the verdict on the last attempt wants it; false when there shall be no other attempt,
   * because it settles the matter or because it was tried and waited enough.
   */
  async triesAgain(verdict: Trial): Promise<boolean> {
    if (verdict.kind === 'rate_limited') return this.raiseWall(verdict);
    if (verdict.kind === 'retry') return this.pause(this.parent.failed(this.accountId));
    this.parent.answered(this.accountId);
    return false;
  }

  /** The wall is waited out at the gate, by all requests of the lane together. */
  private raiseWall(verdict: Extract<Trial, { readonly kind: 'rate_limited' }>): boolean {
    const { of, waitSeconds, complaint } = verdict;
    this.parent.answered(this.accountId);
    const doubled = FIRST_LIMIT_WAIT_SECONDS[of] * 2 ** this.doublings;
    const seconds = waitSeconds ?? Math.min(doubled, LONGEST_LIMIT_WAIT_SECONDS);
    if (this.waited + seconds > MAX_LIMIT_WAIT_SECONDS) return false;
    this.waited += seconds;
    this.doublings++;
    const code = complaint.code === null ? '' : ` (code ${complaint.code})`;
    const whose = of === 'app' ? 'the app' : `account ${this.accountId}`;
    const reason = `${this.parent.options.label}'s limit is reached for ${whose}${code}`;
    const lane = of === 'app' ? APP_LANE : this.accountId;
    this.parent.options.gate.raise(lane, { seconds, reason, isLimit: true });
    return true;
  }

  private async pause(breaks: 'go_on' | 'give_up'): Promise<boolean> {
    if (breaks === 'give_up' || this.retries >= this.parent.options.retries) return false;
    this.retries++;
    await this.parent.options.sleep(this.backoff.duration / MILLISECONDS_PER_SECOND);
    this.backoff = this.backoff.next(undefined);
    return true;
  }
}

/** Patience for all calls of a run: the breakers, and the accounts that are no longer asked. */
export class Patients<Refusal> {
  readonly options: PatienceOptions;
  private readonly ofApp = new Breaker(APP_FAILURES);
  private readonly ofAccount = new Map<string, Breaker>();
  private readonly stops = new Map<string, Refusal>();

  constructor(options: PatienceOptions) {
    this.options = options;
  }

  /** Patience for a new call about an account. */
  of({ accountId }: { readonly accountId: string }): Patience {
    return new Patience(this, accountId);
  }

  /** No further request about the account is sent. */
  stop(accountId: string, refusal: Refusal): void {
    this.stops.set(accountId, refusal);
  }

  /** Why the account is no longer asked; null while it is. */
  stoppedBy(accountId: string): Refusal | null {
    return this.stops.get(accountId) ?? null;
  }

  answered(accountId: string): void {
    this.ofApp.answered();
    this.breakerOf(accountId).answered();
  }

  /** Takes in a failure; puts up a wall when there were too many in a row. */
  failed(accountId: string): 'go_on' | 'give_up' {
    const ofAccount = this.breakerOf(accountId).failed();
    const ofApp = this.ofApp.failed();
    this.wall(accountId, ofAccount);
    this.wall(APP_LANE, ofApp);
    return ofAccount.kind === 'give_up' || ofApp.kind === 'give_up' ? 'give_up' : 'go_on';
  }

  private wall(lane: string, broken: Break): void {
    if (broken.kind !== 'pause') return;
    const whom = lane === APP_LANE ? '' : ` for account ${lane}`;
    const reason = `nothing but failures came${whom}`;
    this.options.gate.raise(lane, { seconds: broken.seconds, reason, isLimit: false });
  }

  private breakerOf(accountId: string): Breaker {
    const known = this.ofAccount.get(accountId) ?? new Breaker(ACCOUNT_FAILURES);
    this.ofAccount.set(accountId, known);
    return known;
  }
}
