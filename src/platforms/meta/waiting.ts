import type { Window } from '../../window.ts';

/** What of a dataset waits for the week's turn, although Meta may have changed it since. */
export interface Waiting {
  readonly dataset: string;
  /** First and last day that wait (account days); null for a list, which has no days. */
  readonly window: Window | null;
  /** The account's day on which all of it is asked for again. */
  readonly asked_on: string;
}

/** A sentence for people about what waits in one account; null when nothing does. */
export function waitingText(waiting: readonly Waiting[]): string | null {
  if (waiting.length === 0) return null;
  const turns = new Map<string, Waiting[]>();
  for (const one of waiting.toSorted(byTurn)) {
    const turn = turns.get(turnText(one));
    if (turn === undefined) turns.set(turnText(one), [one]);
    else turn.push(one);
  }
  const parts = [...turns].map(([turn, ones]) => `${namesOf(ones)}${turn}`);
  return `Old details wait for their day of the week: ${parts.join('; ')}.`;
}

function byTurn(left: Waiting, right: Waiting): number {
  if (left.asked_on === right.asked_on) return 0;
  return left.asked_on < right.asked_on ? -1 : 1;
}

function turnText({ window, asked_on: day }: Waiting): string {
  return window === null ? ` until ${day}` : ` of ${window.since} to ${window.until} until ${day}`;
}

function namesOf(waiting: readonly Waiting[]): string {
  return waiting.map(({ dataset }) => dataset).join(', ');
}
