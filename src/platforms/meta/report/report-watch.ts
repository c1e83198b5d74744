import { Temporal } from 'temporal-polyfill';
import { AdlakeError } from '../../../errors.ts';
import type { Complaint } from '../classify.ts';
import type { BatchReply, MetaClient } from '../client.ts';
import { type Refusal, refusalError } from '../refusal.ts';
import { readReportState } from './report-state.ts';

/** How the watch over a report ended. */
export type ReportEnd =
  | { readonly kind: 'completed' }
  /** It failed, hangs, or is not known (any more): a new order may succeed. */
  | { readonly kind: 'failed'; readonly complaint: Complaint }
  | { readonly kind: 'too_large' | 'too_slow'; readonly complaint: Complaint }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** A report to be watched. */
export interface WatchedReport {
  readonly runId: string;
  /** An instant in UTC. */
  readonly orderedAt: string;
}

/** What a watch needs. */
export interface WatchOptions {
  readonly client: Pick<MetaClient, 'batch'>;
  readonly accountId: string;
  /** The current instant, UTC. */
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** First wait before a report is asked after; it grows by half each time, up to the longest. */
const FIRST_POLL_SECONDS = 2;
const POLL_GROWTH = 1.5;
const LONGEST_POLL_SECONDS = 30;

/** A report that has not begun by then never will (practice of the open connectors). */
export const STUCK_SECONDS = 300;

/** A report that takes longer is given up: less is asked for instead. */
export const LONGEST_REPORT_SECONDS = 1_800;

/** For so long after the order, a report may be answered with "does not exist". */
export const RACE_SECONDS = 60;

/** Polls in a row that may fail, each after all tries of the client. */
const MAX_MISSES = 3;

interface Open extends WatchedReport {
  /** Waited for it so far; a clock that stands still must not make it endless. */
  waited: number;
  wait: number;
  /** Polls in a row without an answer. */
  misses: number;
  dueAt: number;
  readonly end: (end: ReportEnd) => void;
  readonly fail: (error: unknown) => void;
}

/** Asks after all open reports of an account together, up to 50 in a request. */
export class ReportWatch {
  private readonly options: WatchOptions;
  private readonly open = new Set<Open>();
  /** Seconds slept so far: the time in which reports become due. */
  private time = 0;
  private isRunning = false;

  constructor(options: WatchOptions) {
    this.options = options;
  }

  /** Ends when the report does, or when it is given up. Throws what the client throws. */
  until(report: WatchedReport): Promise<ReportEnd> {
    return new Promise((end, fail) => {
      const wait = FIRST_POLL_SECONDS;
      const timing = { waited: 0, wait, misses: 0, dueAt: this.time + wait };
      this.open.add({ ...report, ...timing, end, fail });
      void this.run();
    });
  }

  private async run(): Promise<void> {
    if (this.isRunning) return;
    this.isRunning = true;
    while (this.open.size > 0) {
      const next = Math.min(...[...this.open].map(({ dueAt }) => dueAt));
      const seconds = Math.max(0, next - this.time);
      if (seconds > 0) await this.options.sleep(seconds);
      this.time += seconds;
      await this.poll([...this.open].filter(({ dueAt }) => dueAt <= this.time));
    }
    this.isRunning = false;
  }

  private async poll(due: readonly Open[]): Promise<void> {
    const { client, accountId } = this.options;
    const queries = due.map(({ runId }) => ({ path: runId, params: {} }));
    const label = `reports that were ordered, account ${accountId}`;
    try {
      const replies = await client.batch(queries, { accountId, label });
      for (const [index, report] of due.entries()) this.hear(report, replies[index]);
    } catch (error) {
      for (const report of due) this.miss(report, error);
    }
  }

  private hear(report: Open, reply: BatchReply | undefined): void {
    const isAway = reply?.kind === 'refused' && reply.refusal.kind === 'retry';
    if (isAway) this.miss(report, refusalError(reply.refusal, `report ${report.runId}`));
    else this.step(report, reply);
  }

  /** Asking goes on for a while anyway, so one poll that got no answer ends nothing. */
  private miss(report: Open, error: unknown): void {
    const isAway = error instanceof AdlakeError && error.code === 'SOURCE_UNAVAILABLE';
    report.misses++;
    if (isAway && report.misses <= MAX_MISSES) this.step(report, undefined);
    else this.close(report, () => report.fail(error));
  }

  private step(report: Open, reply: BatchReply | undefined): void {
    report.waited += report.wait;
    if (reply !== undefined) report.misses = 0;
    const end = reply === undefined ? null : this.endOf(report, reply);
    if (end !== null) {
      this.close(report, () => report.end(end));
      return;
    }
    report.wait = Math.min(report.wait * POLL_GROWTH, LONGEST_POLL_SECONDS);
    report.dueAt = this.time + report.wait;
  }

  private close(report: Open, tell: () => void): void {
    this.open.delete(report);
    tell();
  }

  /** Null while it is worth asking after. */
  private endOf(report: Open, reply: BatchReply): ReportEnd | null {
    const age = Math.max(report.waited, secondsBetween(report.orderedAt, this.options.now()));
    if (reply.kind === 'refused') return reply;
    if (reply.kind === 'declined') {
      const { complaint } = reply.refusal;
      const isRace = reply.refusal.kind === 'missing' && age < RACE_SECONDS;
      return isRace || reply.refusal.kind === 'not_ready' ? null : { kind: 'failed', complaint };
    }
    const state = readReportState(reply.answer);
    if (state.kind !== 'running') return state;
    const complaint = givenUp(state.percent, age);
    if (age >= LONGEST_REPORT_SECONDS) return { kind: 'too_slow', complaint };
    return state.percent === 0 && age >= STUCK_SECONDS ? { kind: 'failed', complaint } : null;
  }
}

function givenUp(percent: number, age: number): Complaint {
  const message = `the report was given up at ${percent} % after ${Math.round(age)} seconds`;
  return { status: 200, code: null, subcode: null, message, trace: null };
}

function secondsBetween(from: string, to: string): number {
  return Temporal.Instant.from(from).until(Temporal.Instant.from(to)).total('seconds');
}
