import { createHmac } from 'node:crypto';
import { EXPIRED, NO_PERMISSION } from './fault-error.ts';
import { GraphError } from './graph-error.ts';
import type { KnownToken, TokenRegistry } from './token-registry.ts';

/** What a request shows to be let in. */
export interface Credentials {
  /** From the `Authorization` header or the `access_token` parameter. */
  readonly token: string | undefined;
  readonly proof: string | undefined;
  /** The path that is asked for, after the version. */
  readonly path: readonly string[];
}

const ADS_SCOPES = ['ads_read', 'ads_management'];

/**
 * Checks the token of a request at a time (unix seconds) and gives what is known of it. Throws a
 * `GraphError`: 190 for a wrong, expired (463) or revoked (460) one; without one 2500 about `me`, 104
 * about anything else; 100 for a missing or wrong proof; 200 when it may not read ads.
 */
export function checkAccess(found: Credentials, registry: TokenRegistry, now: number): KnownToken {
  if (found.token === undefined || found.token === '') throw noToken(found.path);
  const known = registry.find(found.token);
  const problem = problemOf(known, now);
  if (problem !== undefined || known === undefined) throw problem ?? unreadable();
  checkProof(found.proof, known.token, registry);
  if (needsAds(found.path) && !known.scopes.some((scope) => ADS_SCOPES.includes(scope))) {
    throw new GraphError(NO_PERMISSION);
  }
  return known;
}

/** Why a token is not valid at a time (unix seconds); undefined when it is. */
export function problemOf(known: KnownToken | undefined, now: number): GraphError | undefined {
  if (known === undefined) return unreadable();
  if (known.state === 'revoked') {
    return new GraphError({
      status: 400,
      code: 190,
      subcode: 460,
      message:
        'Error validating access token: The session has been invalidated because the user changed their password or Facebook has changed the session for security reasons',
    });
  }
  const over = known.expiresAt !== 0 && now >= known.expiresAt;
  return known.state === 'expired' || over ? new GraphError(EXPIRED) : undefined;
}

function checkProof(proof: string | undefined, token: string, registry: TokenRegistry): void {
  const wrong = (message: string) =>
    new GraphError({ status: 400, code: 100, type: 'GraphMethodException', message });
  if (proof === undefined) {
    if (!registry.needsProof) return;
    throw wrong('API calls from the server require an appsecret_proof argument');
  }
  if (proof === createHmac('sha256', registry.app.secret).update(token).digest('hex')) return;
  throw wrong('Invalid appsecret_proof provided in the API argument');
}

/** Only what a token says about itself can be read without permission to read ads. */
function needsAds(path: readonly string[]): boolean {
  return path[0] !== 'me' || path[1] === 'adaccounts';
}

function unreadable(): GraphError {
  return new GraphError({
    status: 400,
    code: 190,
    message: 'Invalid OAuth access token - Cannot parse access token',
  });
}

function noToken(path: readonly string[]): GraphError {
  return path[0] === 'me'
    ? new GraphError({
        status: 400,
        code: 2500,
        message: 'An active access token must be used to query information about the current user.',
      })
    : new GraphError({
        status: 400,
        code: 104,
        message: 'An access token is required to request this resource.',
      });
}
