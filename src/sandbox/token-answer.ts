import { checkAccess, problemOf } from './access.ts';
import { EXPIRED } from './fault-error.ts';
import { GraphError, invalid } from './graph-error.ts';
import type { KnownToken, TokenRegistry } from './token-registry.ts';

/** What a question about tokens is answered from. */
export interface TokenQuestion {
  readonly params: URLSearchParams;
  /** The token of the request itself: an app's `ID|SECRET`, or anybody's. */
  readonly token: string | undefined;
  readonly registry: TokenRegistry;
  /** Unix seconds. */
  readonly now: number;
  /** A fault: every token counts as expired. */
  readonly allExpired: boolean;
}

/** Meta forgets what a person allowed after about 90 days. */
const DATA_ACCESS_SECONDS = 90 * 86_400;
const USER_ID = '10240000000000007';

/** Answers a path about tokens, with or without a version; undefined for any other path. */
export function tokenAnswer(pathname: string, question: TokenQuestion): object | undefined {
  const path = pathname.replace(/^\/v\d+\.\d+(?=\/)/, '').replace(/\/$/, '');
  if (path === '/debug_token') return debugToken(question);
  return path === '/oauth/access_token' ? exchange(question) : undefined;
}

/** The scopes of a token as `/me/permissions` lists them. */
export function permissionsOf(token: KnownToken): object {
  return { data: token.scopes.map((permission) => ({ permission, status: 'granted' })) };
}

/** Says everything about a token; an invalid one is no error, but says that it is invalid. */
function debugToken(question: TokenQuestion): object {
  const { params, registry, now } = question;
  const { app } = registry;
  if (question.token !== `${app.id}|${app.secret}`) {
    checkAccess({ token: question.token, proof: undefined, path: ['me'] }, registry, now);
  }
  const input = params.get('input_token');
  if (input === null) throw invalid('The parameter input_token is required');
  const known = registry.find(input);
  const problem = problemIn(question, known);
  const error = problem?.detail;
  if (known === undefined) {
    return { data: { error: shortError(error), is_valid: false, scopes: [] } };
  }
  return {
    data: {
      app_id: app.id,
      type: known.type,
      application: 'Synthetic app',
      data_access_expires_at: known.type === 'USER' ? known.issuedAt + DATA_ACCESS_SECONDS : 0,
      ...(error === undefined ? {} : { error: shortError(error) }),
      expires_at: known.expiresAt,
      is_valid: error === undefined,
      issued_at: known.issuedAt,
      scopes: known.scopes,
      granular_scopes: known.scopes
        .filter((scope) => scope !== 'public_profile')
        .map((scope) => ({ scope })),
      user_id: USER_ID,
    },
  };
}

/** Exchanges a token for a long-lived one; one that never expires is given back as it is. */
function exchange(question: TokenQuestion): object {
  const { params, registry, now } = question;
  if (params.get('grant_type') !== 'fb_exchange_token') {
    throw invalid('grant_type must be fb_exchange_token; the sandbox serves no other.');
  }
  if (params.get('client_id') !== registry.app.id) {
    throw new GraphError({
      status: 400,
      code: 101,
      message: 'Error validating application. Cannot get application info due to a system error.',
    });
  }
  if (params.get('client_secret') !== registry.app.secret) {
    throw new GraphError({ status: 400, code: 1, message: 'Error validating client secret.' });
  }
  const known = registry.find(params.get('fb_exchange_token') ?? '');
  const problem = problemIn(question, known);
  if (problem !== undefined) throw problem;
  const given = registry.find(known?.longLived ?? '');
  const left = (given?.expiresAt ?? 0) - now;
  const life = left > 0 ? { expires_in: left } : {};
  return { access_token: given?.token, token_type: 'bearer', ...life };
}

function problemIn(question: TokenQuestion, known: KnownToken | undefined): GraphError | undefined {
  return (
    problemOf(known, question.now) ?? (question.allExpired ? new GraphError(EXPIRED) : undefined)
  );
}

/** An error as `/debug_token` writes it: with `subcode` instead of `error_subcode`. */
function shortError(detail: GraphError['detail'] | undefined): object {
  const { code, message, subcode } = detail ?? { code: 190, message: '', subcode: undefined };
  return { code, message, ...(subcode === undefined ? {} : { subcode }) };
}
