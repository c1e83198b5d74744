import { Temporal } from 'temporal-polyfill';
import { readIfThere, writeAtomically } from '../../file.ts';
import { cacheFile, type Lake } from '../../zone.ts';
import { type Headers, headerOf } from './classify.ts';

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

const FILE = 'api_rate_limits.json';

/**
 * The highest usage in percent that an answer names, per account: every header and every entry
 * counts, not only the first. What is keyed by another account of `accountIds` is that account's;
 * all else (the app, a business, the account itself) counts for `accountId`, which was asked.
 */
export function usageIn(
  headers: Headers,
  asked: { readonly accountId: string; readonly accountIds: readonly string[] },
): ReadonlyMap<string, number> {
  const usage = new Map<string, number>();
  const raise = (account: string, percents: readonly unknown[]): void => {
    const numbers = percents.filter((one): one is number => Number.isFinite(one));
    if (numbers.length > 0) usage.set(account, Math.max(usage.get(account) ?? 0, ...numbers));
  };
  for (const [name, fields] of PLAIN_HEADERS) {
    const header = objectIn(headers, name);
    raise(
      asked.accountId,
      fields.map((field) => header[field]),
    );
  }
  for (const [key, entries] of Object.entries(objectIn(headers, 'x-business-use-case-usage'))) {
    const isOther = key !== asked.accountId && asked.accountIds.includes(key);
    for (const entry of listOf(entries)) {
      raise(
        isOther ? key : asked.accountId,
        CALL_FIELDS.map((field) => entry[field]),
      );
    }
  }
  return usage;
}

const CALL_FIELDS: readonly string[] = ['call_count', 'total_cputime', 'total_time'];

const PLAIN_HEADERS: readonly (readonly [string, readonly string[]])[] = [
  ['x-app-usage', CALL_FIELDS],
  ['x-ad-account-usage', ['acc_id_util_pct']],
  ['x-fb-ads-insights-throttle', ['app_id_util_pct', 'acc_id_util_pct']],
];

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

/** What is known of every account's limits, kept in `cache/api_rate_limits.json` between runs. */
export class RateLimits {
  private readonly lake: Lake;
  private readonly usage: Map<string, Usage>;
  private readonly kept: Map<string, Wall>;
  private isChanged = false;

  constructor(lake: Lake) {
    this.lake = lake;
    const known = readKnown(lake);
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
    writeAtomically(cacheFile(this.lake, FILE), Buffer.from(text));
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
function readKnown(lake: Lake): Known {
  const bytes = readIfThere(cacheFile(lake, FILE));
  const file = bytes === null ? {} : asObject(parse(bytes.toString('utf8')));
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

function objectIn(headers: Headers, name: string): Readonly<Record<string, unknown>> {
  return asObject(parse(headerOf(headers, name)));
}

function listOf(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? (value as readonly unknown[]).map(asObject) : [];
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isObject ? (value as Readonly<Record<string, unknown>>) : {};
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
