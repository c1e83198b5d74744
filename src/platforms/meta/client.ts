import { ExponentialBackoff, handleWhenResult, type RetryPolicy, retry } from 'cockatiel';
import type { Agent } from 'undici';
import type { MetaConfig } from '../../config.ts';
import type { Progress } from '../../progress.ts';
import { cutTokens } from '../../token.ts';
import type { Lake } from '../../zone.ts';
import { type Complaint, classify, type Headers, type Verdict } from './classify.ts';
import { exchange, openPool } from './http.ts';
import { RateLimits, usageIn } from './rate-limit.ts';
import { type Refusal, refusalError } from './refusal.ts';
import type { MetaQuery } from './requests.ts';
import { credentialsOf, secretProof, withoutSecrets } from './secret.ts';
import { VersionSightings } from './version-sightings.ts';

/** What a client needs to know. The world comes in here: clock, waiting, base URL, token. */
export interface ClientOptions {
  readonly config: MetaConfig;
  readonly lake: Lake;
  readonly token: string;
  readonly progress: Progress;
  /** The current instant, UTC. */
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** A good answer (a whole JSON document, as bytes and parsed), or what the walk must react to. */
export type Reply =
  | { readonly kind: 'page'; readonly bytes: Buffer; readonly answer: unknown }
  | { readonly kind: 'too_large'; readonly refusal: Refusal }
  | { readonly kind: 'restart_cursor'; readonly refusal: Refusal };

/** Whom and what a call is about: for the limits and for messages. */
export interface CallContext {
  readonly accountId: string;
  /** The question in words. */
  readonly label: string;
}

/** First wait after a failed attempt and the longest one; between them it doubles, with jitter. */
const FIRST_RETRY_MS = 500;
const LONGEST_RETRY_MS = 30_000;

/** Waits for a limit whose end the API does not name: doubling between these. */
const FIRST_LIMIT_WAIT_SECONDS = 1;
const LONGEST_LIMIT_WAIT_SECONDS = 300;

/** What one call may wait for limits in all; every limit of the API ends within an hour. */
const MAX_LIMIT_WAIT_SECONDS = 4_000;

/**
 * Asks the Marketing API. Keeps to its limits, tries again what is worth it, and throws an
 * `AdlakeError` for everything else. Lives as long as a run: close it.
 */
export class MetaClient {
  calls = 0;
  waitsSeconds = 0;
  private readonly options: ClientOptions;
  private readonly pool: Agent;
  private readonly limits: RateLimits;
  private readonly versions: VersionSightings;
  private readonly policy: RetryPolicy;
  private readonly secrets: readonly string[];
  private readonly callsByAccount = new Map<string, number>();

  constructor(options: ClientOptions) {
    this.options = options;
    this.pool = openPool();
    this.limits = new RateLimits(options.lake);
    const { appSecret } = options.config;
    this.secrets = credentialsOf({ token: options.token, appSecret });
    this.versions = new VersionSightings(options.lake, this.secrets);
    this.policy = retry(
      handleWhenResult((result) => (result as Attempt).verdict.kind === 'retry'),
      {
        maxAttempts: options.config.retryAttempts,
        backoff: new ExponentialBackoff({
          initialDelay: FIRST_RETRY_MS,
          maxDelay: LONGEST_RETRY_MS,
        }),
      },
    );
  }

  /** One GET. Throws when the token, the permission or the request is refused, or nothing helps. */
  async get(query: MetaQuery, context: CallContext): Promise<Reply> {
    const { verdict, bytes } = await this.obey(query, context);
    switch (verdict.kind) {
      case 'ok':
        return { kind: 'page', bytes: withoutSecrets(bytes, this.secrets), answer: verdict.answer };
      case 'too_large':
        return { kind: 'too_large', refusal: verdict };
      case 'restart_cursor':
        return { kind: 'restart_cursor', refusal: verdict };
      case 'retry':
        if (verdict.complaint.code === UNKNOWN_ERROR)
          return { kind: 'too_large', refusal: verdict };
        throw refusalError(verdict, context.label);
      default:
        throw refusalError(verdict, context.label);
    }
  }

  /** Requests made about one account so far, repetitions included. */
  callsOf(accountId: string): number {
    return this.callsByAccount.get(accountId) ?? 0;
  }

  /** Ends the connections and writes down what is known of the limits and the version. */
  async close(): Promise<void> {
    this.limits.save();
    this.versions.save();
    await this.pool.close();
  }

  /** Waits out limits; they are not attempts, but what is waited in all is bounded. */
  private async obey(query: MetaQuery, context: CallContext): Promise<Attempt> {
    let waited = 0;
    let next = FIRST_LIMIT_WAIT_SECONDS;
    for (;;) {
      const attempt = await this.policy.execute(() => this.attempt(query, context));
      if (attempt.verdict.kind !== 'rate_limited') return attempt;
      const seconds = attempt.verdict.waitSeconds ?? next;
      if (waited + seconds > MAX_LIMIT_WAIT_SECONDS) return attempt;
      await this.wait(seconds, `Meta's limit is reached for account ${context.accountId}`);
      this.limits.forget(context.accountId);
      waited += seconds;
      next = Math.min(next * 2, LONGEST_LIMIT_WAIT_SECONDS);
    }
  }

  private async attempt(query: MetaQuery, context: CallContext): Promise<Attempt> {
    const { config, token, now } = this.options;
    const at = { now: now(), buffer: config.rateLimitBuffer };
    const pause = this.limits.pauseSeconds(context.accountId, at);
    if (pause > 0) await this.wait(pause, `account ${context.accountId} is near its limit`);
    this.count(context.accountId);
    const url = this.urlOf(query);
    const timeoutSeconds = config.requestTimeoutSeconds;
    const came = await exchange(this.pool, { url, token, timeoutSeconds });
    if (came.kind === 'failed') return failed(came.reason);
    const verdict = this.clean(classify(came.status, came.bytes.toString(), came.headers));
    this.versions.observe(
      { headers: came.headers, verdict },
      { apiVersion: config.apiVersion, at: now() },
    );
    if (verdict.kind !== 'rate_limited') this.observe(came.headers, context.accountId);
    return { verdict, bytes: came.bytes };
  }

  /** What an answer over the limit says is dealt with by waiting; it would only slow down the rest. */
  private observe(headers: Headers, accountId: string): void {
    const { config, now } = this.options;
    this.limits.observe(usageIn(headers, { accountId, accountIds: config.accountIds }), now());
  }

  private urlOf(query: MetaQuery): URL {
    const { config, token } = this.options;
    const url = new URL(`${config.apiBaseUrl}/${config.apiVersion}/${query.path}`);
    for (const [name, value] of Object.entries(query.params)) url.searchParams.set(name, value);
    if (config.appSecret !== null) {
      url.searchParams.set('appsecret_proof', secretProof(config.appSecret, token));
    }
    return url;
  }

  private count(accountId: string): void {
    this.calls++;
    this.callsByAccount.set(accountId, this.callsOf(accountId) + 1);
  }

  private async wait(seconds: number, why: string): Promise<void> {
    this.waitsSeconds += seconds;
    this.options.progress.note(`Waiting ${Math.ceil(seconds)} s: ${why}.`);
    await this.options.sleep(seconds);
  }

  /** An error text may quote the token it complains about, or what was sent with it. */
  private clean(verdict: Verdict): Verdict {
    if (verdict.kind === 'ok') return verdict;
    const message = cutTokens(verdict.complaint.message, this.secrets);
    return { ...verdict, complaint: { ...verdict.complaint, message } };
  }
}

/** Code 1 is also what Meta answers when a request is too much for it: after all tries, ask for less. */
const UNKNOWN_ERROR = 1;

interface Attempt {
  readonly verdict: Verdict;
  readonly bytes: Buffer;
}

function failed(reason: string): Attempt {
  const complaint: Complaint = {
    status: 0,
    code: null,
    subcode: null,
    message: reason,
    trace: null,
  };
  return { verdict: { kind: 'retry', complaint }, bytes: Buffer.alloc(0) };
}
