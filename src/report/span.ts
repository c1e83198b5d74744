import { Temporal } from 'temporal-polyfill';
import type { Window } from '../window.ts';

/** The span a report is about, and the one before it, of the same length. Days are the account's own, all inclusive. */
export interface ReportSpan {
  readonly since: string;
  readonly until: string;
  /** First day of the span before; it ends the day before `since`. */
  readonly before: string;
  /** First day of the second half of the span. */
  readonly middle: string;
  /** The period of `campaign_roi_analysis` that is nearest to it in length. */
  readonly period: '7d' | '14d' | '28d' | '90d';
}

/** What says which days a report is about. */
export interface SpanChoice {
  /** Days, inclusive; the last `days` complete days of each account when absent. */
  readonly window?: Window;
  /** Length of the span when no window is given. */
  readonly days: number;
}

/** The span asked for, or the account's last complete days, which end with `until`; null when it has none. */
export function spanOf(lastDay: string | null, choice: SpanChoice): ReportSpan | null {
  const until = choice.window?.until ?? lastDay;
  if (until === null) return null;
  const last = Temporal.PlainDate.from(until);
  const first =
    choice.window === undefined
      ? last.subtract({ days: choice.days - 1 })
      : Temporal.PlainDate.from(choice.window.since);
  const length = first.until(last, { largestUnit: 'days' }).days + 1;
  return {
    since: first.toString(),
    until,
    before: first.subtract({ days: length }).toString(),
    middle: first.add({ days: Math.floor(length / 2) }).toString(),
    period: periodOf(length),
  };
}

function periodOf(days: number): ReportSpan['period'] {
  if (days <= 10) return '7d';
  if (days <= 20) return '14d';
  return days <= 56 ? '28d' : '90d';
}

const SHORT = { day: 'numeric', month: 'short' } as const;

/** A day as it stands under a chart: `2026-03-09` becomes `9 Mar`. */
export function shortDay(day: string): string {
  return Temporal.PlainDate.from(day).toLocaleString('en-GB', SHORT);
}
