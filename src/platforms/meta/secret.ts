import { createHmac } from 'node:crypto';
import { cutAll, spellingsOf } from '../../pull/secrets.ts';
import { cutTokens } from '../../token.ts';

/**
 * The `appsecret_proof` of a token: HMAC-SHA256 of the token with the app secret as key, 64 lower-case
 * hex digits. Source: Meta, "Securing Graph API requests".
 */
export function secretProof(appSecret: string, accessToken: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}

/** The URLs of `paging`: no quote stands unescaped inside a JSON string, so these are real members. */
const PAGING_URL = /"(?:next|previous)"\s*:\s*"(?:[^"\\]|\\.)*"/g;

/** The proof is no token, but it opens the same doors together with one. */
const PROOF = /appsecret_proof=[^&"'\\\s]*(?:&|\\u0026)?/g;

/**
 * The page as it may be kept: the bytes that came, less the token in `paging.next` and
 * `paging.previous`. Should the token stand anywhere else, in any spelling a URL has, it is cut out
 * there too: it is nowhere in what this gives.
 */
export function withoutToken(bytes: Buffer, token: string): Buffer {
  const text = bytes.toString('latin1');
  const cut = text.replace(PAGING_URL, (url) => cutTokens(url).replace(PROOF, ''));
  return Buffer.from(spellingsOf(token).reduce(cutAll, cut), 'latin1');
}

/**
 * Everything that opens Meta's doors with these settings, in every spelling that an answer might repeat
 * it in: the token, the app secret, the proof.
 */
export function credentialsOf(has: {
  readonly token: string;
  readonly appSecret: string | null;
}): readonly string[] {
  const { token, appSecret } = has;
  if (appSecret === null) return spellingsOf(token);
  const proof = secretProof(appSecret, token);
  return [token, proof, ...(appSecret.length < SHORTEST_SECRET ? [] : [appSecret])].flatMap(
    spellingsOf,
  );
}

/** Meta's app secrets have 32 characters; cutting a very short one would eat ordinary words. */
const SHORTEST_SECRET = 8;
