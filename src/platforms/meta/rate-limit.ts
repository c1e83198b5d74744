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
  private isChanged = false;

  constructor(lake: Lake) {
    this.lake = lake;
    this.usage = readUsage(lake);
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

  /** A limit has been waited for, so what was said before it no longer holds. */
  forget(account: string): void {
    this.isChanged = this.usage.delete(account) || this.isChanged;
  }

  /** Writes what is known to the cache, if anything was learnt. */
  save(): void {
    if (!this.isChanged) return;
    const accounts = Object.fromEntries([...this.usage].sort());
    const text = `${JSON.stringify({ accounts }, null, 2)}\n`;
    writeAtomically(cacheFile(this.lake, FILE), Buffer.from(text));
    this.isChanged = false;
  }
}

function secondsBetween(from: string, to: string): number {
  return Temporal.Instant.from(from).until(Temporal.Instant.from(to)).total('seconds');
}

/** A cache that cannot be read is as good as none. */
function readUsage(lake: Lake): Map<string, Usage> {
  const bytes = readIfThere(cacheFile(lake, FILE));
  const accounts = bytes === null ? {} : asObject(asObject(parse(bytes.toString('utf8'))).accounts);
  const usage = new Map<string, Usage>();
  for (const [account, value] of Object.entries(accounts)) {
    const { percent, at } = asObject(value);
    if (typeof percent === 'number' && isInstant(at)) usage.set(account, { percent, at });
  }
  return usage;
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
