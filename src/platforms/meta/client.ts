import type { MetaConfig } from '../../config.ts';
import type { Progress } from '../../progress.ts';
import { Gate } from '../../pull/gate.ts';
import { Patience, Patients, type Trial } from '../../pull/patience.ts';
import { RateLimits } from '../../pull/rate-limits.ts';
import type { Lake } from '../../zone.ts';
import { type BatchEntry, batchEntries, MAX_BATCH } from './batch-answer.ts';
import { type Refusal, refusalError } from './refusal.ts';
import type { MetaQuery } from './requests.ts';
import { failed, type Heard, type Message, Wire } from './wire.ts';

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

/** A good answer (a whole JSON document, as bytes and parsed), or what the caller must react to. */
export type Reply =
  | { readonly kind: 'page'; readonly bytes: Buffer; readonly answer: unknown }
  | { readonly kind: 'declined'; readonly refusal: Declined };

/** The answer to one request of a batch: a refusal is one request's own, and ends no other. */
export type BatchReply = Reply | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Refusals that asking otherwise, later or for less can mend. */
export type Declined = Refusal & { readonly kind: DeclinedKind };

type DeclinedKind =
  | 'page_too_large'
  | 'too_large'
  | 'timed_out'
  | 'restart_cursor'
  | 'not_ready'
  | 'missing'
  | 'too_old';

/** Whom and what a call is about: for the limits and for messages. */
export interface CallContext {
  readonly accountId: string;
  /** The question in words. */
  readonly label: string;
}

/** A longer address goes into the body of a batch of one: servers refuse it from about 8 kB on. */
export const MAX_ADDRESS_CHARACTERS = 6_000;

/**
 * Asks the Marketing API. Keeps to its limits, tries again what is worth it, and throws an
 * `AdlakeError` for everything else. What it decides, it decides by `classify`. Lives as long as a
 * run: close it.
 */
export class MetaClient {
  private readonly wire: Wire;
  private readonly limits: RateLimits;
  private readonly gate: Gate;
  private readonly patients: Patients<Refusal>;

  constructor(options: ClientOptions) {
    const { config, lake, token, progress, now, sleep } = options;
    this.limits = new RateLimits(lake);
    this.wire = new Wire({ config, lake, token, limits: this.limits, now });
    const buffer = config.rateLimitBuffer;
    this.gate = new Gate({ limits: this.limits, progress, now, sleep, buffer });
    const retries = config.retryAttempts;
    this.patients = new Patients({ label: 'Meta', gate: this.gate, sleep, retries });
  }

  /** Requests sent so far, repetitions included; a batch is one. */
  get calls(): number {
    return this.wire.calls;
  }

  /** Waited so far for limits and for a source that was away. */
  get waitsSeconds(): number {
    return this.gate.waitsSeconds;
  }

  /** Requests sent about one account so far, repetitions included. */
  callsOf(accountId: string): number {
    return this.wire.callsOf(accountId);
  }

  /** One GET. Throws when the token, the permission or the request is refused, or nothing helps. */
  async get(query: MetaQuery, context: CallContext): Promise<Reply> {
    if (this.wire.addressLength(query) <= MAX_ADDRESS_CHARACTERS) {
      return this.obey({ kind: 'get', query }, context);
    }
    const [reply] = await this.batch([query], context);
    if (reply === undefined) return replyOf(failed('the batch came back empty'), context);
    if (reply.kind === 'refused') throw refusalError(reply.refusal, context.label);
    return reply;
  }

  /** One POST, for example the order of a report: its parameters go in the body. Throws like `get`. */
  async post(query: MetaQuery, context: CallContext): Promise<Reply> {
    return this.obey({ kind: 'post', query }, context);
  }

  /**
   * Several GETs in requests of up to 50, answered in their order. Entries that were not run (null),
   * or that are worth another try, are sent again by themselves. Throws only for what concerns the
   * account: a token, a limit. One that got no answer in all tries is `refused` as `retry`.
   */
  async batch(queries: readonly MetaQuery[], context: CallContext): Promise<readonly BatchReply[]> {
    const heard: Heard[] = [];
    for (let from = 0; from < queries.length; from += MAX_BATCH) {
      heard.push(...(await this.obeyBatch(queries.slice(from, from + MAX_BATCH), context)));
    }
    return heard.map((one) => batchReplyOf(one, context));
  }

  /** Ends the connections and writes down what is known of the limits and the version. */
  async close(): Promise<void> {
    this.limits.save();
    await this.wire.close();
  }

  private async obey(message: Message, context: CallContext): Promise<Reply> {
    const patience = this.patients.of(context);
    for (;;) {
      const heard = await this.ask(message, context);
      if (!(await patience.triesAgain(trialOf(heard.verdict))))
        return this.settle(heard, message, context);
    }
  }

  private async obeyBatch(
    queries: readonly MetaQuery[],
    context: CallContext,
  ): Promise<readonly Heard[]> {
    const patience = this.patients.of(context);
    const answers = queries.map(() => failed('it was not run'));
    let open = queries.map((_, index) => index);
    for (;;) {
      const wanted = open.map((index) => queries[index]).filter((one) => one !== undefined);
      const entries = await this.askBatch(wanted, context);
      for (const [at, index] of open.entries()) answers[index] = entries[at] ?? failed('no entry');
      open = open.filter((index) => Patience.isOpen(answers[index]?.verdict));
      const [first] = open;
      if (first === undefined) return answers;
      const worst = open.map((index) => answers[index]?.verdict).find(isLimit);
      const verdict = worst ?? answers[first]?.verdict;
      if (verdict === undefined || !(await patience.triesAgain(trialOf(verdict)))) return answers;
    }
  }

  private async askBatch(
    queries: readonly MetaQuery[],
    context: CallContext,
  ): Promise<readonly Heard[]> {
    const heard = await this.ask({ kind: 'batch', queries }, context);
    if (heard.verdict.kind !== 'ok') return queries.map(() => heard);
    const entries = batchEntries(heard.bytes);
    return queries.map((_, index) => this.entry(entries[index] ?? null, context));
  }

  private entry(entry: BatchEntry | null, { accountId }: CallContext): Heard {
    return entry === null ? failed('the batch did not run it') : this.wire.hear(entry, accountId);
  }

  private async ask(message: Message, { accountId, label }: CallContext): Promise<Heard> {
    await this.gate.pass(accountId);
    const stopped = this.patients.stoppedBy(accountId);
    if (stopped !== null) throw refusalError(stopped, label);
    return this.wire.send(message, accountId);
  }

  private settle(heard: Heard, message: Message, context: CallContext): Reply {
    const { verdict } = heard;
    if (verdict.kind === 'auth' || (verdict.kind === 'permission' && isOfAccount(message))) {
      this.patients.stop(context.accountId, verdict);
    }
    return replyOf(heard, context);
  }
}

const DECLINED: ReadonlySet<Refusal['kind']> = new Set<DeclinedKind>([
  'page_too_large',
  'too_large',
  'timed_out',
  'restart_cursor',
  'not_ready',
  'missing',
  'too_old',
]);

/** Code 1 is also what Meta answers when a request is too much for it: after all tries, ask for less. */
const UNKNOWN_ERROR = 1;

function replyOf({ verdict, bytes }: Heard, context: CallContext): Reply {
  if (verdict.kind === 'ok') return { kind: 'page', bytes, answer: verdict.answer };
  if (verdict.kind === 'retry' && verdict.complaint.code === UNKNOWN_ERROR) {
    return { kind: 'declined', refusal: { kind: 'page_too_large', complaint: verdict.complaint } };
  }
  if (isDeclined(verdict)) return { kind: 'declined', refusal: verdict };
  throw refusalError(verdict, context.label);
}

/** One of several requests that is refused says nothing of the others. */
function batchReplyOf(heard: Heard, context: CallContext): BatchReply {
  const { verdict } = heard;
  const isOwn = ['refused', 'permission', 'retry'].includes(verdict.kind);
  return isOwn && verdict.kind !== 'ok'
    ? { kind: 'refused', refusal: verdict }
    : replyOf(heard, context);
}

function isDeclined(refusal: Refusal): refusal is Declined {
  return DECLINED.has(refusal.kind);
}

function trialOf(verdict: Heard['verdict']): Trial {
  const isOpen = verdict.kind === 'retry' || verdict.kind === 'rate_limited';
  return isOpen ? verdict : { kind: 'settled' };
}

function isLimit(verdict: Heard['verdict'] | undefined): boolean {
  return verdict?.kind === 'rate_limited';
}

/** A permission that is missing for the account, and not for some other list that it has. */
function isOfAccount(message: Message): boolean {
  return message.kind !== 'batch' && OF_ACCOUNT.test(message.query.path);
}

const OF_ACCOUNT = /^act_\d+(\/(campaigns|adsets|ads|insights))?$/;
