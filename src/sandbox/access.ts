import { GraphError } from './graph-error.ts';
import { mix, saltOf } from './random.ts';

/** The token of a sandbox: made from its seed, and good for nothing else. */
export function tokenOf(seed: number): string {
  const salt = saltOf(`${seed}/token`);
  const parts = Array.from({ length: 6 }, (_, part) => mix(salt, part).toString(36));
  return `EAASYNTHETIC${parts.join('').toUpperCase()}`;
}

/**
 * Checks the token of a request, from the `Authorization` header or the `access_token` parameter.
 * Throws a `GraphError`: 190 for a wrong one; without one 2500 about `me`, 104 about anything else.
 */
export function checkToken(
  found: string | undefined,
  token: string,
  path: readonly string[],
): void {
  if (found === token) return;
  if (found !== undefined && found !== '') {
    throw new GraphError({
      status: 400,
      code: 190,
      message: 'Invalid OAuth access token - Cannot parse access token',
    });
  }
  throw path[0] === 'me'
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
