import { type Complaint, classifyFailure } from '../classify.ts';
import type { Refusal } from '../refusal.ts';

/** How far a report has come, as its run says. */
export type ReportState =
  | { readonly kind: 'running'; readonly percent: number }
  | { readonly kind: 'completed' }
  /** Ordered again it may succeed. */
  | { readonly kind: 'failed'; readonly complaint: Complaint }
  /** However often it is ordered, this much does not fit in a report. */
  | { readonly kind: 'too_large'; readonly complaint: Complaint }
  /** The order itself is wrong, or not allowed. */
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const COMPLETE_PERCENT = 100;

/**
 * Reads an `AdReportRun` (Meta, asynchronous insights). It is complete only with `Job Completed` and
 * 100 % together; `Job Skipped` is what an expired run ends as. Since v25.0 a failed run says why.
 * Pure.
 */
export function readReportState(run: unknown): ReportState {
  const fields = (run ?? {}) as Readonly<Record<string, unknown>>;
  const status = String(fields.async_status ?? '');
  const percent = Number(fields.async_percent_completion ?? 0);
  if (status === 'Job Failed') return failureOf(fields);
  if (status === 'Job Skipped') return { kind: 'failed', complaint: skipped(status) };
  if (status === 'Job Completed' && percent === COMPLETE_PERCENT) return { kind: 'completed' };
  return { kind: 'running', percent: Number.isFinite(percent) ? percent : 0 };
}

function failureOf(fields: Readonly<Record<string, unknown>>): ReportState {
  const verdict = classifyFailure(fields);
  if (verdict.kind === 'ok') return { kind: 'failed', complaint: skipped('Job Failed') };
  switch (verdict.kind) {
    case 'too_large':
    case 'page_too_large':
    case 'timed_out':
      return { kind: 'too_large', complaint: verdict.complaint };
    case 'auth':
    case 'permission':
    case 'too_old':
      return { kind: 'refused', refusal: verdict };
    default:
      return { kind: 'failed', complaint: verdict.complaint };
  }
}

function skipped(message: string): Complaint {
  return { status: 200, code: null, subcode: null, message, trace: null };
}
