import { hashOf } from '../../../file.ts';
import { memberOf, minify } from '../../../json.ts';
import type { ReportLedger } from '../../../pull/report-ledger.ts';
import type { Complaint } from '../classify.ts';
import type { CallContext, Declined, MetaClient } from '../client.ts';
import { type Refusal, refusalError } from '../refusal.ts';
import type { MetaQuery } from '../requests.ts';
import { type ReportEnd, ReportWatch } from './report-watch.ts';

/** What reports of one account are ordered with. */
export interface DeskOptions {
  readonly client: Pick<MetaClient, 'post' | 'batch'>;
  readonly ledger: ReportLedger;
  readonly accountId: string;
  /** The account's own day. */
  readonly today: string;
  readonly apiVersion: string;
  /** The current instant, UTC. */
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** A report whose rows can be read, or why there is none. */
export type Ordered =
  | { readonly kind: 'ready'; readonly runId: string; readonly key: string }
  | { readonly kind: 'declined'; readonly refusal: Declined };

/** How often a report that failed, hangs or is gone is ordered again. */
export const MAX_REORDERS = 2;

/**
 * Orders reports about one account and sees them through: what was ordered before on the same account
 * day is picked up and not ordered again, what failed is ordered again a few times.
 */
export class ReportDesk {
  private readonly options: DeskOptions;
  private readonly watch: ReportWatch;

  constructor(options: DeskOptions) {
    this.options = options;
    this.watch = new ReportWatch(options);
  }

  /** Ends when the rows can be read. Throws what the client throws. */
  async order(query: MetaQuery, context: CallContext): Promise<Ordered> {
    const key = this.keyOf(query);
    for (let orders = 0; ; orders++) {
      const run = this.found(key) ?? (await this.place(query, key, context));
      if (run.kind === 'declined') return run;
      const end = await this.watch.until(run);
      if (end.kind === 'completed') return { kind: 'ready', runId: run.runId, key };
      const declined = this.settle(key, end, context);
      if (declined !== null) return { kind: 'declined', refusal: declined };
      const isLast = orders >= MAX_REORDERS && !run.isOld;
      if (isLast) return { kind: 'declined', refusal: { kind: 'timed_out', ...complaintOf(end) } };
      if (run.isOld) orders--;
    }
  }

  /** A run that is in vain, or whose rows have landed. */
  forget(keys: readonly string[]): void {
    this.options.ledger.drop(keys);
  }

  /** A report of this day, ordered before this one was asked for. */
  private found(key: string): Placed | null {
    const { ledger, today } = this.options;
    const kept = ledger.find(key, today);
    if (kept === null) return null;
    if (kept.is_too_large) return { kind: 'declined', refusal: REMEMBERED };
    const { run_id: runId, ordered_at: orderedAt } = kept;
    return { kind: 'ordered', runId, orderedAt, isOld: true };
  }

  private async place(query: MetaQuery, key: string, context: CallContext): Promise<Placed> {
    const { client, ledger, accountId, today, now } = this.options;
    const reply = await client.post(query, context);
    if (reply.kind === 'declined') return reply;
    const runId = runIdIn(reply.bytes);
    if (runId === null) throw refusalError(WITHOUT_ID, context.label);
    const orderedAt = now();
    const report = { account_id: accountId, today, ordered_at: orderedAt, is_too_large: false };
    ledger.keep(key, { run_id: runId, ...report });
    return { kind: 'ordered', runId, orderedAt, isOld: false };
  }

  /** Why it is of no use to order the report again; null when it is worth another order. */
  private settle(key: string, end: ReportEnd, context: CallContext): Declined | null {
    const { ledger, accountId, today } = this.options;
    if (end.kind === 'too_large') {
      const report = { account_id: accountId, today, ordered_at: this.options.now() };
      ledger.keep(key, { run_id: '', ...report, is_too_large: true });
      return { kind: 'too_large', complaint: end.complaint };
    }
    ledger.drop([key]);
    if (end.kind === 'refused') throw refusalError(end.refusal, context.label);
    return end.kind === 'too_slow' ? { kind: 'timed_out', complaint: end.complaint } : null;
  }

  private keyOf({ path, params }: MetaQuery): string {
    const { apiVersion } = this.options;
    const sorted = Object.entries(params).sort(([a], [b]) => (a < b ? -1 : 1));
    return hashOf(Buffer.from(JSON.stringify([apiVersion, path, sorted]))).slice(0, KEY_DIGITS);
  }
}

/** Hex digits of a question's hash: enough that no two questions share them. */
const KEY_DIGITS = 32;

type Placed =
  | {
      readonly kind: 'ordered';
      readonly runId: string;
      readonly orderedAt: string;
      /** It was ordered before this run began, or for an earlier question. */
      readonly isOld: boolean;
    }
  | { readonly kind: 'declined'; readonly refusal: Declined };

/** The id as sent: it exceeds what a JSON number can hold, and may come as one. */
function runIdIn(bytes: Buffer): string | null {
  const text = memberOf(minify(bytes.toString('utf8')), 'report_run_id') ?? '';
  return /^"?(\d+)"?$/.exec(text)?.[1] ?? null;
}

function sentence(message: string): Complaint {
  return { status: 200, code: null, subcode: null, message, trace: null };
}

const WITHOUT_ID: Refusal = {
  kind: 'retry',
  complaint: sentence('the order of a report was answered without its id'),
};

const REMEMBERED: Declined = {
  kind: 'too_large',
  complaint: sentence('the report was too large earlier on this day'),
};

function complaintOf(end: ReportEnd): { readonly complaint: Complaint } {
  return { complaint: 'complaint' in end ? end.complaint : sentence('the report did not end') };
}
