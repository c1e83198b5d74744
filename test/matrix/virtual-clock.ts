import { Temporal } from 'temporal-polyfill';

/** A clock that only waiting moves, so that an hour of waiting takes no time. */
export interface VirtualClock {
  /** The current instant, UTC with milliseconds. */
  readonly now: () => string;
  /** Milliseconds since the clock was made. */
  readonly elapsed: () => number;
  /** Ends at once, when that many seconds have gone by on the clock; waits at once overlap. */
  readonly sleep: (seconds: number) => Promise<void>;
}

/** Makes a clock that begins at noon, UTC, of a day. */
export function virtualClock(day: string): VirtualClock {
  const begin = Temporal.Instant.from(`${day}T12:00:00Z`);
  let elapsed = 0;
  return {
    now: () =>
      begin.add({ milliseconds: Math.round(elapsed) }).toString({ smallestUnit: 'millisecond' }),
    elapsed: () => elapsed,
    sleep: async (seconds) => {
      const until = elapsed + seconds * 1000;
      await new Promise((resolve) => setImmediate(resolve));
      elapsed = Math.max(elapsed, until);
    },
  };
}
