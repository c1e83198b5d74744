import { Temporal } from 'temporal-polyfill';
import { counted } from '../../amount.ts';
import type { MetaConfig } from '../../config.ts';
import type { Finding } from '../../finding.ts';
import { scopeNeeds } from './scopes.ts';
import type { FoundToken } from './token-source.ts';
import type { TokenStatus } from './token-status.ts';

/** A token that ends within these days is warned of. */
export const WARNING_DAYS = 7;

/** What Meta says of the token against what adlake needs, in words. `now` is an instant in UTC. */
export function tokenFindings(
  status: TokenStatus,
  against: { readonly config: MetaConfig; readonly now: string },
): readonly Finding[] {
  const { config, now } = against;
  if (!status.is_valid) return [invalid(status)];
  return [
    valid(status),
    ...otherApp(status, config),
    ...reading(status),
    ...unnamedAccounts(status, config),
    ending(status.expires_at, { ...OF_TOKEN, now }),
    ending(status.data_access_expires_at, { ...OF_ACCESS, now }),
  ];
}

/** Where the token comes from, as a sentence. */
export function sourceText(source: FoundToken): string {
  if (source.kind === 'settings') return 'the access token comes from META_ACCESS_TOKEN';
  return `the access token comes from ${source.file}, kept on ${source.dates.stored_at.slice(0, 10)}`;
}

/** What is said of an instant at which something ends. */
export interface Ending {
  readonly what: string;
  readonly why: string;
  readonly remedy: string;
}

/** The token's own end. */
export const OF_TOKEN: Ending = {
  what: 'the access token',
  why: 'After that nothing can be pulled.',
  remedy: 'Run `adlake auth refresh`, or make a new token (the README says how).',
};

/** The end of what a person allowed; exchanging the token does not move it. */
export const OF_ACCESS: Ending = {
  what: 'the access to data that its person gave',
  why: 'After that the token is taken, but brings no data. An exchange does not lengthen it.',
  remedy: 'Make a new token (the README says how), best one of a system user.',
};

/** Whether an end is past, near or far; `end` is an instant in UTC, null when there is none. */
export function ending(end: string | null, about: Ending & { readonly now: string }): Finding {
  const { what, why, remedy } = about;
  if (end === null) return { level: 'ok', what: `${what} does not expire` };
  const hours = Temporal.Instant.from(about.now).until(end).total('hours');
  const day = end.slice(0, 10);
  if (hours <= 0) return { level: 'fail', what: `${what} expired on ${day}`, why, remedy };
  const days = Math.floor(hours / HOURS_PER_DAY);
  const left = days === 0 ? 'in less than a day' : `in ${counted(days, 'day')}`;
  if (hours > WARNING_DAYS * HOURS_PER_DAY) {
    return { level: 'ok', what: `${what} expires on ${day}, ${left}` };
  }
  return { level: 'warn', what: `${what} expires on ${day}, ${left}`, why, remedy };
}

const HOURS_PER_DAY = 24;

const KINDS: Readonly<Record<string, string>> = {
  USER: 'of a person',
  SYSTEM_USER: 'of a system user',
  PAGE: 'of a page',
  APP: 'of an app',
};

function invalid(status: TokenStatus): Finding {
  return {
    level: 'fail',
    what: `the access token is not valid: ${status.problem}`,
    why: 'Nothing can be pulled with it.',
    remedy: 'Make a new one (the README says how), and keep it with `adlake auth login`.',
  };
}

function valid(status: TokenStatus): Finding {
  const kind = KINDS[status.type ?? ''] ?? `of the kind ${status.type ?? 'unknown'}`;
  const name = status.app_name === null ? '' : ` (${status.app_name})`;
  return {
    level: 'ok',
    what: `it is valid: a token ${kind}, of the app ${status.app_id ?? 'unknown'}${name}`,
  };
}

function otherApp(status: TokenStatus, config: MetaConfig): readonly Finding[] {
  if (config.appId === null || status.app_id === null || config.appId === status.app_id) return [];
  return [
    {
      level: 'warn',
      what: `it belongs to the app ${status.app_id}, and META_APP_ID is ${config.appId}`,
      why: 'The proof made from META_APP_SECRET fits only tokens of its own app.',
      remedy: 'Set META_APP_ID and META_APP_SECRET to those of the app that made the token.',
    },
  ];
}

function reading(status: TokenStatus): readonly Finding[] {
  const needs = scopeNeeds(status.scopes);
  const closed = needs.filter(({ given }) => given === null);
  const list = (some: typeof needs) => some.map(({ dataset }) => dataset).join(', ');
  if (closed.length === 0) {
    const given = [...new Set(needs.map((need) => need.given))].join(', ');
    return [{ level: 'ok', what: `it may read every dataset (${given}): ${list(needs)}` }];
  }
  const wanted = [...new Set(closed.map(({ anyOf }) => anyOf.join(' or ')))].join(', and ');
  return [
    {
      level: 'fail',
      what: `it has no permission ${wanted}, only: ${status.scopes.join(', ') || 'none'}`,
      why: `Without it these datasets cannot be read: ${list(closed)}.`,
      remedy: 'Make a token with the permission ads_read (the README says how).',
    },
  ];
}

/** A permission can be given for some accounts only. */
function unnamedAccounts(status: TokenStatus, config: MetaConfig): readonly Finding[] {
  const scope = scopeNeeds(status.scopes)[0]?.given ?? null;
  const targets = scope === null ? undefined : status.targets[scope];
  if (targets === undefined) return [];
  const left = config.accountIds.filter((id) => !targets.includes(id));
  if (left.length === 0) return [];
  return [
    {
      level: 'warn',
      what: `its permission ${scope} names ${counted(targets.length, 'object')}, and not ${left.join(', ')}`,
      why: 'These accounts may be refused.',
      remedy: 'Assign the accounts to the user of the token, and make a new token.',
    },
  ];
}
