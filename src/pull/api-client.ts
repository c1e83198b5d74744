import PQueue from 'p-queue';
import type { Progress } from '../progress.ts';
import { cutTokens } from '../token.ts';
import type { Lake } from '../zone.ts';
import type { TokenDesk } from './access-token.ts';
import { Gate } from './gate.ts';
import { CONNECTIONS, type Headers, type HttpCall, type Pool, send } from './http.ts';
import { Patients, type Trial } from './patience.ts';
import { RateLimits } from './rate-limits.ts';
import { withoutSecrets } from './secrets.ts';
import { type ApiRefusal, type ApiVerdict, apiError, type Doors, noAnswer } from './verdict.ts';

/** What a client needs to know. The world comes in here: clock, waiting, connections. */
export interface ApiClientOptions {
  readonly doors: Doors;
  /** Name of the file in the cache that remembers limits that were run into. */
  readonly limitsFile: string;
  readonly lake: Lake;
  readonly pool: Pool;
  readonly tokens: TokenDesk;
  /** What an answer of this platform means. Pure. */
  readonly judge: (status: number, bytes: Buffer, headers: Headers) => ApiVerdict;
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly progress: Progress;
  /** The current instant, UTC. */
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** A request, less what the client adds. */
export type ApiCall = Omit<HttpCall, 'timeoutSeconds'>;

/** A good answer, or what the caller must react to. */
export type ApiReply =
  | { readonly kind: 'answer'; readonly bytes: Buffer; readonly answer: unknown }
  | { readonly kind: 'declined'; readonly refusal: Declined };

/** Refusals that asking otherwise can mend. */
export type Declined = Extract<ApiRefusal, { readonly kind: 'duplicate' | 'missing' }>;

/** Whom and what a call is about: for the limits and for messages. */
export interface CallContext {
  readonly accountId: string;
  /** The question in words. */
  readonly label: string;
}

/** How often one call may get a new access token: one that never holds is a token that is refused. */
const MAX_RENEWALS = 3;

/**
 * Asks a platform's API: keeps to its limits, renews the access token, tries again
 * what is worth it, and throws an `AdlakeError` for everything else. What it decides, it decides by
 * `judge`. Lives as long as a run: close it.
 */
export class ApiClient {
  private readonly options: ApiClientOptions;
  private readonly limits: RateLimits;
  private readonly gate: Gate;
  private readonly patients: Patients<ApiRefusal>;
  /** Only a request under way holds a place, not one that waits for a limit. */
  private readonly places = new PQueue({ concurrency: CONNECTIONS });
  private readonly calls = new Map<string, number>();

  constructor(options: ApiClientOptions) {
    this.options = options;
    const { lake, limitsFile, progress, now, sleep, retries, doors } = options;
    this.limits = new RateLimits(lake, limitsFile);
    this.gate = new Gate({ limits: this.limits, progress, now, sleep, buffer: 1 });
    this.patients = new Patients({ label: doors.label, gate: this.gate, sleep, retries });
  }

  /** Requests sent about one account so far, repetitions included. */
  callsOf(accountId: string): number {
    return this.calls.get(accountId) ?? 0;
  }

  /** Waited so far for limits and for a source that was away. */
  get waitsSeconds(): number {
    return this.gate.waitsSeconds;
  }

  /**
   * One request; `request` makes it with the token that counts when it is sent. Throws when the token,
   * the permission or the request is refused, or nothing helps.
   */
  async ask(request: (token: string) => ApiCall, about: CallContext): Promise<ApiReply> {
    const patience = this.patients.of(about);
    let renewals = 0;
    for (;;) {
      await this.gate.pass(about.accountId);
      const stopped = this.patients.stoppedBy(about.accountId);
      if (stopped !== null) throw apiError(stopped, about.label, this.options.doors);
      const { verdict, bytes, token } = await this.places.add(() => this.send(request, about));
      const isOver = verdict.kind === 'expired' && this.options.tokens.canRenew;
      if (isOver && renewals < MAX_RENEWALS) {
        renewals++;
        this.options.tokens.drop(token);
        continue;
      }
      if (await patience.triesAgain(trialOf(verdict))) continue;
      return this.settle(verdict, bytes, about);
    }
  }

  /** Writes down what is known of the limits. */
  close(): void {
    this.limits.save();
  }

  /** The token is taken when the request has its place: one that waits could send one that is over. */
  private async send(
    request: (token: string) => ApiCall,
    { accountId }: CallContext,
  ): Promise<{ readonly verdict: ApiVerdict; readonly bytes: Buffer; readonly token: string }> {
    const { pool, timeoutSeconds, judge, tokens } = this.options;
    const token = await tokens.current();
    this.calls.set(accountId, this.callsOf(accountId) + 1);
    const came = await send(pool, { ...request(token), timeoutSeconds });
    const secrets = tokens.secrets();
    if (came.kind === 'failed') return { verdict: noAnswer(came.reason), bytes: NOTHING, token };
    const verdict = judge(came.status, came.bytes, came.headers);
    if (verdict.kind === 'ok')
      return { verdict, bytes: withoutSecrets(came.bytes, secrets), token };
    const message = cutTokens(verdict.complaint.message, secrets);
    const complaint = { ...verdict.complaint, message };
    return { verdict: { ...verdict, complaint }, bytes: NOTHING, token };
  }

  private settle(verdict: ApiVerdict, bytes: Buffer, about: CallContext): ApiReply {
    if (verdict.kind === 'ok') return { kind: 'answer', bytes, answer: verdict.answer };
    if (verdict.kind === 'duplicate' || verdict.kind === 'missing') {
      return { kind: 'declined', refusal: verdict };
    }
    const isOver = ['auth', 'expired', 'permission'].includes(verdict.kind);
    if (isOver) this.patients.stop(about.accountId, verdict);
    throw apiError(verdict, about.label, this.options.doors);
  }
}

const NOTHING = Buffer.alloc(0);

function trialOf(verdict: ApiVerdict): Trial {
  const isOpen = verdict.kind === 'retry' || verdict.kind === 'rate_limited';
  return isOpen ? verdict : { kind: 'settled' };
}
