import { Temporal } from 'temporal-polyfill';
import type { Progress } from '../progress.ts';
import type { RateLimits, Wall } from './rate-limits.ts';

/** The lane of walls that stand before every account: limits of the app, an API that is away. */
export const APP_LANE = 'app';

/** What a gate is made of. */
export interface GateOptions {
  readonly limits: RateLimits;
  readonly progress: Progress;
  /** The current instant, UTC. */
  readonly now: () => string;
  readonly sleep: (seconds: number) => Promise<void>;
  /** Share of a limit that may be used before requests slow down, 0 to 1. */
  readonly buffer: number;
}

/** A wait longer than this is told of again as it goes on. */
const TELL_EVERY_SECONDS = 60;

/** Every limit of the API ends within an hour; a clock that was wrong must not make it longer. */
const LONGEST_WALL_SECONDS = 4_000;

/**
 * Keeps requests back while a wall stands before their account, and a little when a limit is near. All
 * requests of an account wait for one wall together; those of other accounts pass.
 */
export class Gate {
  /** Waited so far; several requests that wait for the same wall count once. */
  waitsSeconds = 0;
  private readonly options: GateOptions;
  private readonly walls: Map<string, Wall>;
  private readonly waiting = new Map<string, Promise<void>>();

  /** Begins with the walls that an earlier run ran into and that still stand. */
  constructor(options: GateOptions) {
    this.options = options;
    this.walls = new Map(options.limits.walls());
  }

  /** Ends when a request about the account may go. */
  async pass(accountId: string): Promise<void> {
    for (;;) {
      const lane = [APP_LANE, accountId].find((one) => this.walls.has(one));
      if (lane === undefined) break;
      await this.waitTogether(lane);
    }
    const { limits, now, buffer } = this.options;
    const seconds = limits.pauseSeconds(accountId, { now: now(), buffer });
    if (seconds > 0) await this.wait(seconds, `account ${accountId} is near its limit`);
  }

  /**
   * Puts up a wall for so many seconds. One that stands longer already stays. A limit's wall is
   * remembered between runs (`isLimit`); one that was put up because nothing answers is not.
   */
  raise(lane: string, wall: RaisedWall): void {
    const { now, limits } = this.options;
    const until = Temporal.Instant.from(now()).add({
      milliseconds: Math.ceil(wall.seconds * MILLISECONDS_PER_SECOND),
    });
    const standing = this.walls.get(lane);
    const raised = { until: until.toString({ smallestUnit: 'millisecond' }), reason: wall.reason };
    if (standing !== undefined && standing.until >= raised.until) return;
    this.walls.set(lane, raised);
    if (wall.isLimit) limits.keepWall(lane, raised);
  }

  private waitTogether(lane: string): Promise<void> {
    const others = this.waiting.get(lane);
    if (others !== undefined) return others;
    const wait = this.waitOut(lane).finally(() => this.waiting.delete(lane));
    this.waiting.set(lane, wait);
    return wait;
  }

  /** What has been waited for is gone, even by a clock that stands still. */
  private async waitOut(lane: string): Promise<void> {
    const wall = this.walls.get(lane);
    if (wall === undefined) return;
    const now = Temporal.Instant.from(this.options.now());
    const left = now.until(Temporal.Instant.from(wall.until)).total('seconds');
    const seconds = Math.min(left, LONGEST_WALL_SECONDS);
    if (seconds > 0) await this.wait(seconds, wall.reason);
    if (this.walls.get(lane) !== wall) return;
    this.walls.delete(lane);
    this.options.limits.dropWall(lane);
  }

  private async wait(seconds: number, why: string): Promise<void> {
    const { progress, sleep } = this.options;
    this.waitsSeconds += seconds;
    for (let left = seconds; left > 0; left -= TELL_EVERY_SECONDS) {
      progress.note(`Waiting, ${timeText(left)} left: ${why}.`);
      await sleep(Math.min(left, TELL_EVERY_SECONDS));
    }
  }
}

/** A wall as it is put up. */
export interface RaisedWall {
  readonly seconds: number;
  /** What the requests wait for, as the end of a sentence. */
  readonly reason: string;
  readonly isLimit: boolean;
}

const MILLISECONDS_PER_SECOND = 1000;
const SECONDS_PER_MINUTE = 60;

function timeText(seconds: number): string {
  if (seconds < 2 * SECONDS_PER_MINUTE) return `${Math.ceil(seconds)} s`;
  return `${Math.ceil(seconds / SECONDS_PER_MINUTE)} min`;
}
