import { createHmac } from 'node:crypto';
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

function cutAll(text: string, secret: string): string {
  return secret === '' ? text : text.replaceAll(secret, '');
}

/** A secret as it can stand in a text, a URL or JSON. */
export function spellingsOf(token: string): readonly string[] {
  const encoded = encodeURIComponent(token);
  const lower = encoded.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase());
  return [token, encoded, lower, JSON.stringify(token).slice(1, -1)];
}
