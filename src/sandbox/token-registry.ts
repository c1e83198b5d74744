import { digits, mix, saltOf } from './random.ts';

/** What becomes of a token whatever the time is. */
export type TokenState = 'valid' | 'expired' | 'revoked';

/** A token that a sandbox knows. */
export interface KnownToken {
  readonly token: string;
  readonly type: 'USER' | 'SYSTEM_USER';
  readonly scopes: readonly string[];
  readonly state: TokenState;
  /** Unix seconds. */
  readonly issuedAt: number;
  /** Unix seconds; 0: never. */
  readonly expiresAt: number;
  /** What an exchange gives for it. */
  readonly longLived: string | undefined;
}

/** The app that the tokens are for. */
export interface SandboxApp {
  readonly id: string;
  readonly secret: string;
}

/** A token that a sandbox is told to know beside its own. */
export interface TokenOptions {
  readonly token: string;
  /** `SYSTEM_USER` when absent. */
  readonly type?: KnownToken['type'];
  /** Those of the sandbox's own token when absent. */
  readonly scopes?: readonly string[];
  /** `valid` when absent. */
  readonly state?: TokenState;
  /** From the start of the sandbox; absent: never expires. */
  readonly lifeSeconds?: number;
}

/** The tokens that every sandbox has. */
export interface SandboxTokens {
  /** May read everything and never expires: the sandbox's `token`. */
  readonly systemUser: string;
  /** A person's, for 90 minutes. */
  readonly user: string;
  /** What an exchange gives for `user`: for 60 days. */
  readonly longLived: string;
  readonly expired: string;
  readonly revoked: string;
  /** May not read ads. */
  readonly unscoped: string;
}

/** Everything a sandbox knows about tokens. */
export interface TokenRegistry {
  readonly app: SandboxApp;
  /** True when every call has to bring an `appsecret_proof`. */
  readonly needsProof: boolean;
  readonly names: SandboxTokens;
  readonly find: (token: string) => KnownToken | undefined;
}

const SCOPES = ['ads_read', 'business_management', 'public_profile'];
const SHORT_LIFE_SECONDS = 5400;
/** Slightly less than 60 days, as Meta gives it. */
const LONG_LIFE_SECONDS = 5_183_944;

/** Makes the registry of a seed; `now` (unix seconds) is when its tokens are issued. */
export function createTokenRegistry(options: {
  readonly seed: number;
  readonly now: number;
  readonly app: { readonly id?: string; readonly secret?: string; readonly needsProof?: boolean };
  readonly tokens: readonly TokenOptions[];
}): TokenRegistry {
  const { seed, now, app } = options;
  const names = namesOf(seed);
  const own: readonly TokenOptions[] = [
    { token: names.systemUser },
    { token: names.user, type: 'USER', lifeSeconds: SHORT_LIFE_SECONDS },
    { token: names.longLived, type: 'USER', lifeSeconds: LONG_LIFE_SECONDS },
    { token: names.expired, type: 'USER', state: 'expired', lifeSeconds: SHORT_LIFE_SECONDS },
    { token: names.revoked, type: 'USER', state: 'revoked', lifeSeconds: LONG_LIFE_SECONDS },
    { token: names.unscoped, scopes: ['public_profile'] },
  ];
  const known = [...own, ...options.tokens].map((token) => knownOf(token, now, names));
  const byText = new Map(known.map((token) => [token.token, token]));
  const salt = saltOf(`${seed}/app`);
  return {
    app: { id: app.id ?? `77${digits(salt, 13)}`, secret: app.secret ?? hex(salt) },
    needsProof: app.needsProof ?? false,
    names,
    find: (token) => byText.get(token),
  };
}

function knownOf(options: TokenOptions, now: number, names: SandboxTokens): KnownToken {
  const { token, type = 'SYSTEM_USER', scopes = SCOPES, state = 'valid', lifeSeconds } = options;
  const issuedAt = state === 'expired' ? now - 2 * (lifeSeconds ?? SHORT_LIFE_SECONDS) : now;
  const expiresAt = lifeSeconds === undefined ? 0 : issuedAt + lifeSeconds;
  const longLived = token === names.user ? names.longLived : token;
  return { token, type, scopes, state, issuedAt, expiresAt, longLived };
}

function namesOf(seed: number): SandboxTokens {
  return {
    systemUser: tokenText(seed, 'token'),
    user: tokenText(seed, 'user-token'),
    longLived: tokenText(seed, 'long-lived-token'),
    expired: tokenText(seed, 'expired-token'),
    revoked: tokenText(seed, 'revoked-token'),
    unscoped: tokenText(seed, 'unscoped-token'),
  };
}

/** A token: made from the seed, and good for nothing else. */
function tokenText(seed: number, name: string): string {
  const salt = saltOf(`${seed}/${name}`);
  const parts = Array.from({ length: 6 }, (_, part) => mix(salt, part).toString(36));
  return `EAASYNTHETIC${parts.join('').toUpperCase()}`;
}

function hex(salt: number): string {
  const parts = Array.from({ length: 4 }, (_, part) => mix(salt, 40 + part).toString(16));
  return parts.map((part) => part.padStart(8, '0')).join('');
}
