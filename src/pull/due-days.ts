import { addDays, chunks, daysOf, intersect, type Window } from '../window.ts';
import type { Asked } from './asked.ts';

/** What the due days of one question that is asked again and again follow from. */
export interface Reach {
  readonly asked: Asked;
  /** The account's current day. */
  readonly today: string;
  /** A day is asked for until it was asked for at this age, in days. */
  readonly lookbackDays: number;
  readonly firstPullDays: number;
  /** Days before today that the platform can be asked about. */
  readonly historyDays: number;
}

/** The days a first pull or the lookback can reach: up to yesterday, because today is not over. */
export function reachOf({ asked, today, ...of }: Reach): Window {
  const first = addDays(asked.firstToday ?? today, -of.firstPullDays);
  const lookback = addDays(today, -of.lookbackDays);
  const isFirst = asked.firstToday === null || asked.firstToday >= today;
  const since = isFirst || first < lookback ? first : lookback;
  const oldest = addDays(today, -of.historyDays);
  return { since: since > oldest ? since : oldest, until: addDays(today, -1) };
}

/** True for a day that no answer is final about, and that was not asked for today. */
export function isDayDue(
  day: string,
  of: Pick<Reach, 'today' | 'lookbackDays'> & { readonly lastAsked: string | null },
): boolean {
  const { lastAsked, today, lookbackDays } = of;
  return lastAsked === null || (lastAsked < today && lastAsked < addDays(day, lookbackDays));
}

/**
 * The windows to ask for, each of at most `mostDays` days: those of `explicit` as they are, fresh or
 * not, else those that hold the due days. Pure.
 */
export function dueWindows(
  reach: Reach,
  of: { readonly explicit: Window | null; readonly mostDays: number },
): readonly Window[] {
  const oldest = addDays(reach.today, -reach.historyDays);
  if (of.explicit !== null) {
    const within = intersect(of.explicit, { since: oldest, until: reach.today });
    return within === null ? [] : chunks(within, of.mostDays);
  }
  const due = daysOf(reachOf(reach)).filter((day) =>
    isDayDue(day, { ...reach, lastAsked: reach.asked.lastAsked(day, null) }),
  );
  return runsOf(due).flatMap((window) => chunks(window, of.mostDays));
}

/** Joins consecutive days (sorted) to windows. */
export function runsOf(days: readonly string[]): readonly Window[] {
  const runs: Window[] = [];
  for (const day of days) {
    const last = runs.at(-1);
    if (last !== undefined && addDays(last.until, 1) === day) {
      runs[runs.length - 1] = { since: last.since, until: day };
    } else runs.push({ since: day, until: day });
  }
  return runs;
}
