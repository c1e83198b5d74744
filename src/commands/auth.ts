import { isDeepStrictEqual } from 'node:util';
import { Temporal } from 'temporal-polyfill';
import { counted } from '../amount.ts';
import { AdlakeError } from '../errors.ts';
import type { Finding } from '../finding.ts';
import { makeHome } from '../lake-home.ts';
import type { Desk } from '../platforms/meta/ask.ts';
import { keepToken, tokenCacheFile } from '../platforms/meta/token-cache.ts';
import { sourceText, tokenFindings } from '../platforms/meta/token-findings.ts';
import { type FoundToken, findToken } from '../platforms/meta/token-source.ts';
import {
  longLivedToken,
  permissionsOf,
  type TokenStatus,
  tokenStatus,
} from '../platforms/meta/token-status.ts';
import { openPool } from '../pull/http.ts';
import { formatTable } from '../text-table.ts';
import type { CommandContext, Typed } from './context.ts';
import { findingText } from './finding-text.ts';
import { typedToken } from './typed-token.ts';

/** `adlake auth login`: keeps a token in the cache, encrypted. Asks nobody. */
export async function authLogin(context: CommandContext, _typed: Typed): Promise<number> {
  const secret = secretOf(context);
  const token = await typedToken(context);
  makeHome(context.lake);
  const kept = { token, stored_at: context.now(), expires_at: null, data_access_expires_at: null };
  keepToken(context.lake, kept, secret);
  const file = tokenCacheFile(context.lake);
  if (context.isJson) printJson(context, { file, stored_at: kept.stored_at });
  else context.print(`The access token is kept in ${file}, encrypted.\n`);
  warnOfOther(context);
  context.tell('What next: `adlake auth check` asks Meta what the token may do.');
  return 0;
}

/**
 * `adlake auth check`: what Meta says of the token, and whether that is enough. Exit code 77 when it is
 * not.
 */
export async function authCheck(context: CommandContext, _typed: Typed): Promise<number> {
  const source = foundToken(context);
  const status = await atDesk(context, source, tokenStatus);
  rememberEnds(context, source, status);
  const { meta } = context.config;
  const findings: readonly Finding[] = [
    { level: 'ok', what: sourceText(source) },
    ...tokenFindings(status, { config: meta, now: context.now() }),
  ];
  if (context.isJson) printJson(context, { source: source.kind, token: status, findings });
  else context.print(findings.map((finding) => findingText(context, finding)).join(''));
  return findings.some(({ level }) => level === 'fail') ? TOKEN_EXIT_CODE : 0;
}

/** `adlake auth permissions`: what the person of the token granted and declined. */
export async function authPermissions(context: CommandContext, _typed: Typed): Promise<number> {
  const permissions = await atDesk(context, foundToken(context), permissionsOf);
  if (context.isJson) printJson(context, { permissions });
  else if (permissions.length === 0) context.tell('The access token has no permissions.');
  else {
    const rows = permissions.map(({ permission, status }) => [permission, status]);
    context.print(formatTable(['permission', 'status'], rows));
  }
  return 0;
}

/** `adlake auth refresh`: exchanges the token for one that lives longer, and keeps that. */
export async function authRefresh(context: CommandContext, _typed: Typed): Promise<number> {
  const secret = secretOf(context);
  const app = appOf(context);
  const source = foundToken(context);
  const long = await atDesk(context, source, (desk) => longLivedToken(desk, app));
  const now = context.now();
  const expiresAt = later(now, long.expiresInSeconds);
  makeHome(context.lake);
  const access = source.kind === 'cache' ? source.dates.data_access_expires_at : null;
  const dates = { stored_at: now, expires_at: expiresAt, data_access_expires_at: access };
  keepToken(context.lake, { token: long.token, ...dates }, secret);
  const file = tokenCacheFile(context.lake);
  if (context.isJson) printJson(context, { file, stored_at: now, expires_at: expiresAt });
  else
    context.print(`A long-lived access token is kept in ${file}, encrypted. ${lifeText(long)}\n`);
  warnOfOther(context);
  return 0;
}

/** What Meta says of the ends of a kept token is kept with it, so that every run can warn. */
function rememberEnds(context: CommandContext, source: FoundToken, status: TokenStatus): void {
  const { secret } = context.config;
  if (source.kind !== 'cache' || secret === null || !status.is_valid) return;
  const { expires_at, data_access_expires_at } = status;
  const dates = { ...source.dates, expires_at, data_access_expires_at };
  if (isDeepStrictEqual(dates, source.dates)) return;
  keepToken(context.lake, { token: source.token, ...dates }, secret);
}

/** The token or its permissions: as TOKEN_REFUSED and PERMISSION_REFUSED. */
const TOKEN_EXIT_CODE = 77;

function foundToken(context: CommandContext): FoundToken {
  const source = findToken(context.config, context.lake);
  if (source.kind !== 'none') return source;
  throw new AdlakeError({
    code: 'TOKEN_MISSING',
    message: `There is no access token: META_ACCESS_TOKEN is not set, and none is kept in ${tokenCacheFile(context.lake)}.`,
    remedy: 'Set META_ACCESS_TOKEN, or set ADLAKE_SECRET and run `adlake auth login`.',
  });
}

async function atDesk<T>(
  context: CommandContext,
  source: FoundToken,
  work: (desk: Desk) => Promise<T>,
): Promise<T> {
  const pool = openPool();
  try {
    return await work({ config: context.config.meta, pool, token: source.token, sleep });
  } finally {
    await pool.close();
  }
}

function sleep(seconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, seconds * MILLISECONDS_PER_SECOND));
}

const MILLISECONDS_PER_SECOND = 1000;

function secretOf({ config }: CommandContext): string {
  if (config.secret !== null) return config.secret;
  throw new AdlakeError({
    code: 'CONFIG_INVALID',
    message: 'ADLAKE_SECRET is not set, and a token is kept only encrypted.',
    remedy:
      'Set ADLAKE_SECRET, in the environment or in .env, to at least 12 characters that nobody guesses; `openssl rand -base64 24` makes some.',
  });
}

function appOf({ config }: CommandContext): { readonly id: string; readonly secret: string } {
  const { appId, appSecret } = config.meta;
  if (appId !== null && appSecret !== null) return { id: appId, secret: appSecret };
  const missing = appId === null ? 'META_APP_ID' : 'META_APP_SECRET';
  throw new AdlakeError({
    code: 'CONFIG_INVALID',
    message: `${missing} is not set, and Meta exchanges a token only for its own app.`,
    remedy:
      'Set META_APP_ID and META_APP_SECRET to those of the app that made the token. Meta shows them in the app’s settings.',
  });
}

function warnOfOther(context: CommandContext): void {
  if (context.config.meta.accessToken === null) return;
  context.progress.warn(
    'META_ACCESS_TOKEN is set and wins over the kept token. Remove it to use the kept one.',
  );
}

function later(now: string, seconds: number | null): string | null {
  return seconds === null ? null : Temporal.Instant.from(now).add({ seconds }).toString();
}

const SECONDS_PER_DAY = 86_400;

function lifeText({ expiresInSeconds: seconds }: { readonly expiresInSeconds: number | null }) {
  if (seconds === null) return 'It does not expire.';
  return `It expires in ${counted(Math.floor(seconds / SECONDS_PER_DAY), 'day')}.`;
}

function printJson(context: CommandContext, body: object): void {
  context.print(`${JSON.stringify(body, null, 2)}\n`);
}
