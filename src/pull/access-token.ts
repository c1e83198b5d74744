import { AdlakeError } from '../errors.ts';
import { cutTokens } from '../token.ts';
import { type Exchange, type Pool, send } from './http.ts';
import { asObject, asText, parsedOr } from './loose-json.ts';
import { spellingsOf } from './secrets.ts';
import { apiError, type Doors, judgeStatus, noAnswer } from './verdict.ts';

/** Where the token of each request comes from. */
export interface TokenDesk {
  /** The token to use now. Throws `TOKEN_REFUSED` and what a source that is away throws. */
  readonly current: () => Promise<string>;
  /** The token no longer opens anything: the next one is another, where there can be one. */
  readonly drop: (token: string) => void;
  /** Whether there can be another one. */
  readonly canRenew: boolean;
  /** Everything secret that it knows, in every spelling that an answer might repeat it in. */
  readonly secrets: () => readonly string[];
}

/** A token that a person made and that counts as it is. */
export function fixedToken(token: string): TokenDesk {
  const secrets = spellingsOf(token);
  return { current: async () => token, drop: () => {}, canRenew: false, secrets: () => secrets };
}

/** What an access token is got with (OAuth 2, RFC 6749 section 6). */
export interface RefreshOptions {
  readonly doors: Doors;
  readonly tokenUrl: string;
  readonly clientId: string;
  readonly clientSecret: string;
  readonly refreshToken: string;
  /** Other secrets of the same settings, for example a developer token. */
  readonly others: readonly string[];
  readonly timeoutSeconds: number;
  readonly retries: number;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** First wait before another try; it doubles. */
const FIRST_WAIT_SECONDS = 1;

/**
 * Access tokens that are got with a refresh token. They last an hour and stay in memory: no file has
 * them. All requests that need a new one wait for the same one.
 */
export class RefreshedTokens implements TokenDesk {
  readonly canRenew = true;
  private readonly pool: Pool;
  private readonly options: RefreshOptions;
  private readonly seen: string[];
  private token: Promise<string> | null = null;
  private known: string | null = null;

  constructor(pool: Pool, options: RefreshOptions) {
    this.pool = pool;
    this.options = options;
    const { clientSecret, refreshToken, others } = options;
    this.seen = [clientSecret, refreshToken, ...others].flatMap(spellingsOf);
  }

  current(): Promise<string> {
    this.token ??= this.fetch().catch((error: unknown) => {
      this.token = null;
      throw error;
    });
    return this.token;
  }

  drop(token: string): void {
    if (token === this.known) this.token = null;
  }

  secrets(): readonly string[] {
    return this.seen;
  }

  private async fetch(): Promise<string> {
    for (let tries = 0; ; tries++) {
      const came = await this.ask();
      const token = came.kind === 'answer' ? tokenIn(came.bytes) : null;
      if (token !== null) {
        this.known = token;
        this.seen.push(...spellingsOf(token));
        return token;
      }
      const error = this.errorOf(came);
      if (error.code !== 'SOURCE_UNAVAILABLE' || tries >= this.options.retries) throw error;
      await this.options.sleep(FIRST_WAIT_SECONDS * 2 ** tries);
    }
  }

  private ask(): Promise<Exchange> {
    const { tokenUrl, clientId, clientSecret, refreshToken, timeoutSeconds } = this.options;
    const form = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: clientId,
      client_secret: clientSecret,
      refresh_token: refreshToken,
    });
    const body = { type: 'application/x-www-form-urlencoded', text: form.toString() };
    return send(this.pool, { url: new URL(tokenUrl), headers: {}, timeoutSeconds, body });
  }

  /** A wrong token or secret is answered with 400 or 401 and a word for it (RFC 6749 section 5.2). */
  private errorOf(came: Exchange): AdlakeError {
    const { doors } = this.options;
    const asked = 'an access token';
    if (came.kind === 'failed') return apiError(noAnswer(came.reason), asked, doors);
    const body = came.bytes.toString();
    const said = asObject(parsedOr(body));
    const word = asText(said.error);
    if (word === null || came.status >= 500) {
      return apiError(judgeStatus(came.status, body, null), asked, doors);
    }
    const text = asText(said.error_description) ?? word;
    return new AdlakeError({
      code: 'TOKEN_REFUSED',
      message: `${doors.label} gave no access token: ${cutTokens(text, this.seen)} (${word}).`,
      remedy: `Check the client id and secret, and make a new ${doors.token} if it was revoked or has ended (the README says how).`,
    });
  }
}

function tokenIn(bytes: Buffer): string | null {
  const token = asObject(parsedOr(bytes.toString())).access_token;
  return typeof token === 'string' && token !== '' ? token : null;
}
