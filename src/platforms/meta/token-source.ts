import type { Config } from '../../config.ts';
import type { Lake } from '../../zone.ts';
import type { TokenDates } from './sealed-token.ts';
import { keptToken, tokenCacheFile } from './token-cache.ts';

/** The access token and where it came from. */
export type TokenSource =
  | { readonly kind: 'settings'; readonly token: string }
  | {
      readonly kind: 'cache';
      readonly token: string;
      readonly file: string;
      readonly dates: TokenDates;
    }
  | { readonly kind: 'none' };

/** A source that has a token. */
export type FoundToken = Exclude<TokenSource, { readonly kind: 'none' }>;

/**
 * Where the access token comes from: META_ACCESS_TOKEN first, else the one that `adlake auth login`
 * kept. Throws what `keptToken` throws.
 */
export function findToken(
  config: { readonly meta: Pick<Config['meta'], 'accessToken'>; readonly secret: string | null },
  lake: Lake,
): TokenSource {
  const { accessToken } = config.meta;
  if (accessToken !== null) return { kind: 'settings', token: accessToken };
  const kept = keptToken(lake, config.secret);
  if (kept === null) return { kind: 'none' };
  const { token, ...dates } = kept;
  return { kind: 'cache', token, file: tokenCacheFile(lake), dates };
}
