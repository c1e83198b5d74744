import { createCipheriv, createDecipheriv, randomBytes, scryptSync } from 'node:crypto';

/** The kept token as it lies in the cache; `schemas/access_token_cache.schema.json` describes it. */
export interface SealedToken {
  readonly format: 1;
  /** When it was stored, an instant in UTC. */
  readonly stored_at: string;
  /** When the token ends, an instant in UTC; null when that is not known or never. */
  readonly expires_at: string | null;
  /** When the access that its person gave ends, like the above. */
  readonly data_access_expires_at: string | null;
  readonly key: KeyRecipe;
  readonly cipher: 'aes-256-gcm';
  /** Base64, like the two below. */
  readonly nonce: string;
  readonly tag: string;
  readonly ciphertext: string;
}

/** How the key is made from the secret. The cost stands in the file, so that it can be raised later. */
export interface KeyRecipe {
  readonly derivation: 'scrypt';
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** Base64; new for every token. */
  readonly salt: string;
}

/**
 * The cost of one try at the secret: 32 MiB and about a fifth of a second. One of the equal settings
 * that OWASP's password storage cheat sheet recommends; a run pays it once.
 */
export const KEY_COST = { n: 32_768, r: 8, p: 3 } as const;

const SALT_BYTES = 16;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const KEY_BYTES = 32;

/** What is known of a token beside itself; it is kept readable, and cannot be changed unnoticed. */
export interface TokenDates {
  readonly stored_at: string;
  readonly expires_at: string | null;
  readonly data_access_expires_at: string | null;
}

/** Encrypts a token with a secret: AES-256-GCM, salt and nonce new each time. */
export function sealToken(token: string, secret: string, dates: TokenDates): SealedToken {
  const salt = randomBytes(SALT_BYTES).toString('base64');
  const nonce = randomBytes(NONCE_BYTES);
  const open = {
    format: 1,
    stored_at: dates.stored_at,
    expires_at: dates.expires_at,
    data_access_expires_at: dates.data_access_expires_at,
    key: { derivation: 'scrypt', ...KEY_COST, salt },
    cipher: 'aes-256-gcm',
    nonce: nonce.toString('base64'),
  } as const;
  const cipher = createCipheriv('aes-256-gcm', keyOf(secret, open.key), nonce, {
    authTagLength: TAG_BYTES,
  });
  cipher.setAAD(readablePart(open));
  const ciphertext = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  const tag = cipher.getAuthTag().toString('base64');
  return { ...open, tag, ciphertext: ciphertext.toString('base64') };
}

/** Decrypts a kept token; null when the secret is another one, or the file was changed. */
export function unsealToken(sealed: SealedToken, secret: string): string | null {
  const nonce = Buffer.from(sealed.nonce, 'base64');
  const decipher = createDecipheriv('aes-256-gcm', keyOf(secret, sealed.key), nonce, {
    authTagLength: TAG_BYTES,
  });
  decipher.setAAD(readablePart(sealed));
  decipher.setAuthTag(Buffer.from(sealed.tag, 'base64'));
  try {
    const ciphertext = Buffer.from(sealed.ciphertext, 'base64');
    return Buffer.concat([decipher.update(ciphertext), decipher.final()]).toString('utf8');
  } catch {
    return null;
  }
}

function keyOf(secret: string, { n, r, p, salt }: KeyRecipe): Buffer {
  const maxmem = 2 * 128 * n * r;
  return scryptSync(secret, Buffer.from(salt, 'base64'), KEY_BYTES, { N: n, r, p, maxmem });
}

/** Everything that stands in the open, in one order: GCM authenticates it with the token. */
function readablePart(sealed: Omit<SealedToken, 'tag' | 'ciphertext'>): Buffer {
  const { format, stored_at, expires_at, data_access_expires_at, key, cipher, nonce } = sealed;
  const { derivation, n, r, p, salt } = key;
  const dates = [stored_at, expires_at, data_access_expires_at];
  return Buffer.from(JSON.stringify([format, dates, derivation, n, r, p, salt, cipher, nonce]));
}
