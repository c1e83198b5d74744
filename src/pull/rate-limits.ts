import { Temporal } from 'temporal-polyfill';
import { readIfThere, writeAtomically } from '../file.ts';
import { cacheFile, type Lake } from '../zone.ts';
import { asObject, parsedOr } from './loose-json.ts';

/** How much of the limits one account has used, as the API last said. */
export interface Usage {
  /** The highest of all percentages seen for the account; 100 is used up. */
  readonly percent: number;
  /** When it was said, an instant in UTC. */
  readonly at: string;
}

/** Why nothing may be asked for a while, and until when (an instant in UTC). */
export interface Wall {
  readonly until: string;
  readonly reason: string;
}

/** Longest pause before a single request while the API still answers. */
export const MAX_SLOWDOWN_SECONDS = 30;

/** Usage is counted over a rolling hour, so an older figure says nothing (Meta, rate limiting). */
const USAGE_LIFETIME_SECONDS = 3_600;

/** Where Meta's limits are kept. */
const META_FILE = 'api_rate_limits.json';

/**
 * Seconds to pause before the next request: none up to the buffer (a share, 0 to 1), then growing
 * evenly with the excess, to `MAX_SLOWDOWN_SECONDS` when the limit is used up.
 */
export function slowdownSeconds(percent: number, buffer: number): number {
  const excess = percent / 100 - buffer;
  if (excess <= 0) return 0;
  const room = 1 - buffer;
  return room <= 0 ? MAX_SLOWDOWN_SECONDS : Math.min(1, excess / room) * MAX_SLOWDOWN_SECONDS;
}

/** What is known of every account's limits with one platform, kept in a file of the cache between runs. */
export class RateLimits {
  private readonly path: string;
  private readonly usage: Map<string, Usage>;
  private readonly kept: Map<string, Wall>;
  private isChanged = false;

  /** `file`: its name in the cache, one for each platform. */
  constructor(lake: Lake, file: string = META_FILE) {
    this.path = cacheFile(lake, file);
    const known = readKnown(this.path);
    this.usage = known.usage;
    this.kept = known.walls;
  }

  /** Limits that were run into, by account (or `app`) and until when they stand. */
  walls(): ReadonlyMap<string, Wall> {
    return this.kept;
  }

  /** Remembers a limit that was run into, at once: a run that is killed must not forget it. */
  keepWall(lane: string, wall: Wall): void {
    this.kept.set(lane, wall);
    this.isChanged = true;
    this.save();
  }

  /** A limit has been waited for, so neither it nor the usage said before it holds any longer. */
  dropWall(lane: string): void {
    this.isChanged = this.kept.delete(lane) || this.isChanged;
    this.isChanged = this.usage.delete(lane) || this.isChanged;
  }

  /** Takes in what an answer said at `at` (an instant in UTC). */
  observe(said: ReadonlyMap<string, number>, at: string): void {
    for (const [account, percent] of said) this.usage.set(account, { percent, at });
    this.isChanged ||= said.size > 0;
  }

  /**
   * Seconds to pause before asking about the account at `now` (an instant in UTC); time that has
   * passed since the last answer counts.
   */
  pauseSeconds(account: string, at: { readonly now: string; readonly buffer: number }): number {
    const known = this.usage.get(account);
    if (known === undefined) return 0;
    const passed = secondsBetween(known.at, at.now);
    if (passed > USAGE_LIFETIME_SECONDS) return 0;
    return Math.max(0, slowdownSeconds(known.percent, at.buffer) - Math.max(0, passed));
  }

  /** Writes what is known to the cache, if anything was learnt. */
  save(): void {
    if (!this.isChanged) return;
    const accounts = Object.fromEntries([...this.usage].sort());
    const walls = Object.fromEntries([...this.kept].sort());
    const text = `${JSON.stringify({ accounts, walls }, null, 2)}\n`;
    writeAtomically(this.path, Buffer.from(text));
    this.isChanged = false;
  }
}

function secondsBetween(from: string, to: string): number {
  return Temporal.Instant.from(from).until(Temporal.Instant.from(to)).total('seconds');
}

interface Known {
  readonly usage: Map<string, Usage>;
  readonly walls: Map<string, Wall>;
}

/** A cache that cannot be read is as good as none. */
function readKnown(path: string): Known {
  const bytes = readIfThere(path);
  const file = bytes === null ? {} : asObject(parsedOr(bytes.toString('utf8')));
  const usage = new Map<string, Usage>();
  for (const [account, value] of Object.entries(asObject(file.accounts))) {
    const { percent, at } = asObject(value);
    if (typeof percent === 'number' && isInstant(at)) usage.set(account, { percent, at });
  }
  const walls = new Map<string, Wall>();
  for (const [lane, value] of Object.entries(asObject(file.walls))) {
    const { until, reason } = asObject(value);
    if (isInstant(until) && typeof reason === 'string') walls.set(lane, { until, reason });
  }
  return { usage, walls };
}

function isInstant(value: unknown): value is string {
  return typeof value === 'string' && /^\d{4}-\d{2}-\d{2}T[\d:.]+Z$/.test(value);
}
