import { Temporal } from 'temporal-polyfill';
import { AdlakeError } from '../../errors.ts';
import { ask, type Desk } from './ask.ts';

/** What Meta says of a token. */
export interface TokenStatus {
  readonly is_valid: boolean;
  /** Why it is not valid; null when it is. */
  readonly problem: string | null;
  /** USER, SYSTEM_USER, PAGE or APP. */
  readonly type: string | null;
  readonly app_id: string | null;
  readonly app_name: string | null;
  readonly scopes: readonly string[];
  /** Objects a scope is restricted to, by scope; a scope without restriction is not here. */
  readonly targets: Readonly<Record<string, readonly string[]>>;
  /** Instants in UTC; null: never. */
  readonly expires_at: string | null;
  readonly data_access_expires_at: string | null;
}

/** A permission that was asked of the person, and what became of it. */
export interface Permission {
  readonly permission: string;
  /** granted, declined or expired. */
  readonly status: string;
}

/** A token that lives longer. */
export interface LongToken {
  readonly token: string;
  /** From now; null: it does not expire. */
  readonly expiresInSeconds: number | null;
}

/**
 * Asks `/debug_token`: with the app's own token when id and secret of the app are set, else with the
 * token itself. The token that is asked about is sent in the body, as `method=get` of a POST: Meta's
 * documentation has it in the URL, where it would end up in logs.
 */
export async function tokenStatus(desk: Desk): Promise<TokenStatus> {
  const { appId, appSecret } = desk.config;
  const isByApp = appId !== null && appSecret !== null;
  const answer = await ask(desk, {
    path: 'debug_token',
    label: 'the state of the access token',
    bearer: isByApp ? `${appId}|${appSecret}` : desk.token,
    form: { method: 'get', input_token: desk.token },
  });
  return statusOf(memberOf(answer, 'data'));
}

/** Asks `/me/permissions`, sorted by name. */
export async function permissionsOf(desk: Desk): Promise<readonly Permission[]> {
  const answer = await ask(desk, {
    path: 'me/permissions',
    label: 'the permissions of the access token',
    bearer: desk.token,
  });
  return listOf(memberOf(answer, 'data'))
    .map((one) => ({ permission: textOf(one, 'permission'), status: textOf(one, 'status') }))
    .flatMap(({ permission, status }) =>
      permission === null || status === null ? [] : [{ permission, status }],
    )
    .sort((left, right) => (left.permission < right.permission ? -1 : 1));
}

/**
 * Exchanges the token for a long-lived one. Meta's documentation has a GET with token and app secret
 * in the URL; the same parameters are sent as the body of a POST, as its own SDKs have done.
 */
export async function longLivedToken(
  desk: Desk,
  app: { readonly id: string; readonly secret: string },
): Promise<LongToken> {
  const answer = await ask(desk, {
    path: 'oauth/access_token',
    label: 'a long-lived access token',
    bearer: null,
    form: {
      grant_type: 'fb_exchange_token',
      client_id: app.id,
      client_secret: app.secret,
      fb_exchange_token: desk.token,
    },
  });
  const token = textOf(answer, 'access_token');
  if (token === null) throw withoutToken();
  const seconds = memberOf(answer, 'expires_in');
  return { token, expiresInSeconds: typeof seconds === 'number' && seconds > 0 ? seconds : null };
}

function statusOf(data: unknown): TokenStatus {
  const isValid = memberOf(data, 'is_valid') === true;
  const said = textOf(memberOf(data, 'error'), 'message');
  return {
    is_valid: isValid,
    problem: isValid ? null : (said ?? 'Meta does not say why'),
    type: textOf(data, 'type'),
    app_id: textOf(data, 'app_id'),
    app_name: textOf(data, 'application'),
    scopes: textsOf(memberOf(data, 'scopes')),
    targets: targetsIn(listOf(memberOf(data, 'granular_scopes'))),
    expires_at: instantOf(memberOf(data, 'expires_at')),
    data_access_expires_at: instantOf(memberOf(data, 'data_access_expires_at')),
  };
}

function targetsIn(scopes: readonly unknown[]): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    scopes.flatMap((one) => {
      const scope = textOf(one, 'scope');
      const ids = textsOf(memberOf(one, 'target_ids'));
      return scope === null || ids.length === 0 ? [] : [[scope, ids]];
    }),
  );
}

/** Seconds since 1970; 0 means never. */
function instantOf(value: unknown): string | null {
  if (typeof value !== 'number' || !Number.isInteger(value) || value <= 0) return null;
  return Temporal.Instant.fromEpochMilliseconds(value * 1000).toString();
}

function withoutToken(): AdlakeError {
  return new AdlakeError({
    code: 'SOURCE_REFUSED',
    message: 'Meta answered the exchange of the access token without a token.',
    remedy: 'Make a new access token (the README says how), and run `adlake auth login`.',
  });
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? (value as readonly unknown[]) : [];
}

function textsOf(value: unknown): readonly string[] {
  return listOf(value).flatMap((one) =>
    typeof one === 'string' || typeof one === 'number' ? [String(one)] : [],
  );
}

function textOf(value: unknown, name: string): string | null {
  const member = memberOf(value, name);
  return typeof member === 'string' && member !== '' ? member : null;
}

function memberOf(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[name];
}
