import { createHmac } from 'node:crypto';
import { NO } from '../../fast/value.ts';
import { closingQuote, endOfSpace, SIGN } from '../../pull/json-bytes.ts';
import { spellingsOf, withoutSecrets } from '../../pull/secrets.ts';
import { cutTokens } from '../../token.ts';

/**
 * The `appsecret_proof` of a token: HMAC-SHA256 of the token with the app secret as key, 64 lower-case
 * hex digits. Source: Meta, "Securing Graph API requests".
 */
export function secretProof(appSecret: string, accessToken: string): string {
  return createHmac('sha256', appSecret).update(accessToken).digest('hex');
}

/** What the URLs of `paging` are called: no quote stands unescaped inside a JSON string, so these are members. */
const PAGING_URLS = ['"next"', '"previous"'];

/** The proof is no token, but it opens the same doors together with one. */
const PROOF = /appsecret_proof=[^&"'\\\s]*(?:&|\\u0026)?/g;

/**
 * The page as it may be kept: the bytes that came, less the token in `paging.next` and
 * `paging.previous`. Should the token stand anywhere else, in any spelling a URL has, it is cut out
 * there too: it is nowhere in what this gives. Only the URLs are made a text of, not the page.
 */
export function withoutToken(bytes: Buffer, token: string): Buffer {
  const parts: Buffer[] = [];
  let from = 0;
  for (const { start, end } of pagingUrls(bytes)) {
    const url = bytes.toString('latin1', start, end);
    const cut = cutTokens(url).replace(PROOF, '');
    parts.push(bytes.subarray(from, start), Buffer.from(cut, 'latin1'));
    from = end;
  }
  const cut = parts.length === 0 ? bytes : Buffer.concat([...parts, bytes.subarray(from)]);
  return withoutSecrets(cut, spellingsOf(token));
}

interface Place {
  readonly start: number;
  readonly end: number;
}

/** Where the texts of these URLs stand, without their quotes, in the order of the page. */
function pagingUrls(bytes: Buffer): readonly Place[] {
  const places: Place[] = [];
  for (const name of PAGING_URLS) {
    for (let at = bytes.indexOf(name); at !== -1; at = bytes.indexOf(name, at + 1)) {
      const place = textAfter(bytes, at + name.length);
      if (place !== null) places.push(place);
    }
  }
  return places.sort((left, right) => left.start - right.start);
}

/** The text that a member's name ends before; null when something else follows. */
function textAfter(bytes: Buffer, at: number): Place | null {
  const colon = endOfSpace(bytes, at);
  if (bytes[colon] !== SIGN.colon) return null;
  const open = endOfSpace(bytes, colon + 1);
  if (bytes[open] !== SIGN.quote) return null;
  const end = closingQuote(bytes, open);
  return end === NO ? null : { start: open + 1, end };
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
