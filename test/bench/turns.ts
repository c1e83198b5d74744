import { spawnSync } from 'node:child_process';
import { readBelow } from './bench-lake.ts';
import type { Measured } from './measure.ts';

/** How often what is compared is measured, unless it is asked for more. */
export const TURNS = 3;

/** What two things took, one after the other: what is divided by, and what is divided. */
export interface Turn {
  readonly base: Measured;
  readonly other: Measured;
}

/**
 * Measures two things in turn, `TURNS` times or more: the speed of a machine drifts by more than what is asked of
 * their ratio.
 */
export function inTurn(
  times: number,
  base: (turn: number) => Measured,
  other: (turn: number) => Measured,
): readonly Turn[] {
  return Array.from({ length: Math.max(times, TURNS) }, (_, turn) => ({
    base: base(turn),
    other: other(turn),
  }));
}

/** The middle one of the turns' ratios; of an even number, the larger of the two in the middle. */
export function ratioOf(turns: readonly Turn[], of: keyof Omit<Measured, 'stdout'>): number {
  return middle(turns, ({ base, other }) => other[of] / base[of])[0];
}

/** The turn whose ratio of time is the middle one. */
export function middleTurn(turns: readonly Turn[]): Turn {
  return middle(turns, ({ base, other }) => other.seconds / base.seconds)[1];
}

function middle(
  turns: readonly Turn[],
  by: (turn: Turn) => number,
): readonly [ratio: number, turn: Turn] {
  const sorted = turns
    .map((turn) => [by(turn), turn] as const)
    .sort(([left], [right]) => left - right);
  const found = sorted[Math.floor(sorted.length / 2)];
  if (found === undefined) throw new Error('nothing was measured');
  return found;
}

/** What runs took, to be read. */
export function shown(runs: readonly Measured[]): string {
  return runs
    .map(
      ({ seconds, cpuSeconds, rssMegabytes }) =>
        `${seconds.toFixed(1)} s (${cpuSeconds.toFixed(1)} CPU s, ${rssMegabytes.toFixed(0)} MB)`,
    )
    .join(', ');
}

/**
 * Has a landing in memory, and what was written before on the disk: what a pull has just landed is in memory, too,
 * and a landing that was made long ago may not be.
 */
export function settle(landing: string): void {
  readBelow(landing);
  spawnSync('sync');
}
