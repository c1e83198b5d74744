import { contractAt } from '../../contract.ts';
import { AdlakeError } from '../../errors.ts';
import { readIfThere, writePrivately } from '../../file.ts';
import { cacheFile, type Lake } from '../../zone.ts';
import { type SealedToken, sealToken, type TokenDates, unsealToken } from './sealed-token.ts';

/** A token that was kept, and what is known of it. */
export interface KeptToken extends TokenDates {
  readonly token: string;
}

/** Where the token is kept: `cache/access_token_cache.json`, encrypted, for its owner alone. */
export function tokenCacheFile(lake: Lake): string {
  return cacheFile(lake, 'access_token_cache.json');
}

/** Keeps a token, encrypted with the secret, in place of the one that was kept before. */
export function keepToken(lake: Lake, kept: KeptToken, secret: string): void {
  const { token, ...dates } = kept;
  const sealed = sealToken(token, secret, dates);
  writePrivately(tokenCacheFile(lake), Buffer.from(`${JSON.stringify(sealed, null, 2)}\n`));
}

/**
 * The kept token, or null when none is kept. Throws `TOKEN_MISSING` when one is kept and there is no
 * secret, `TOKEN_REFUSED` when the secret does not open it, `FILE_UNREADABLE` when the file is none of
 * this kind.
 */
export function keptToken(lake: Lake, secret: string | null): KeptToken | null {
  const sealed = readSealed(lake);
  if (sealed === null) return null;
  if (secret === null) throw withoutSecret(lake);
  const token = unsealToken(sealed, secret);
  if (token === null) throw wrongSecret(lake);
  return { token, ...datesOf(sealed) };
}

/**
 * The dates of the kept token, read without opening it; null when none is kept or the file is damaged.
 * Good for a warning: that nobody changed them is known only when the token is opened.
 */
export function keptTokenDates(lake: Lake): TokenDates | null {
  try {
    const sealed = readSealed(lake);
    return sealed === null ? null : datesOf(sealed);
  } catch {
    return null;
  }
}

function datesOf({ stored_at, expires_at, data_access_expires_at }: SealedToken): TokenDates {
  return { stored_at, expires_at, data_access_expires_at };
}

function readSealed(lake: Lake): SealedToken | null {
  const bytes = readIfThere(tokenCacheFile(lake));
  if (bytes === null) return null;
  const sealed = parse(bytes.toString('utf8'));
  const [violation] = contractAt('access_token_cache.schema.json').check(sealed);
  if (violation === undefined) return sealed as SealedToken;
  throw new AdlakeError({
    code: 'FILE_UNREADABLE',
    message: `${tokenCacheFile(lake)} should hold the kept access token, and is damaged: ${violation.pointer || 'it'} ${violation.reason}.`,
    remedy: 'Run `adlake auth login` to keep the token anew.',
  });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function withoutSecret(lake: Lake): AdlakeError {
  return new AdlakeError({
    code: 'TOKEN_MISSING',
    message: `An access token is kept in ${tokenCacheFile(lake)}, but ADLAKE_SECRET, which opens it, is not set.`,
    remedy:
      'Set ADLAKE_SECRET to the secret that the token was kept with, or set META_ACCESS_TOKEN. To use no token, remove the file.',
  });
}

function wrongSecret(lake: Lake): AdlakeError {
  return new AdlakeError({
    code: 'TOKEN_REFUSED',
    message: `ADLAKE_SECRET does not open the access token in ${tokenCacheFile(lake)}: it is another secret, or the file was changed.`,
    remedy:
      'Set ADLAKE_SECRET to the secret that the token was kept with, or run `adlake auth login` to keep the token anew.',
  });
}
