import type { MetaConfig } from '../../config.ts';
import type { Pool } from '../../pull/http.ts';
import { cutTokens } from '../../token.ts';
import { classify, type Headers, type Verdict } from './classify.ts';
import { exchange } from './http.ts';
import { refusalError } from './refusal.ts';
import { credentialsOf, secretProof } from './secret.ts';

/** What a question about a token is asked with. */
export interface Desk {
  readonly config: MetaConfig;
  readonly pool: Pool;
  /** The token the questions are about; in no message that comes of them. */
  readonly token: string;
  readonly sleep: (seconds: number) => Promise<void>;
}

/** A question outside of any account. */
export interface Question {
  readonly path: string;
  /** In words, for messages. */
  readonly label: string;
  /** The token that asks; null: the form says who asks. */
  readonly bearer: string | null;
  /** Sent in the body of a POST: tokens and secrets may stand here, and nowhere else. */
  readonly form?: Readonly<Record<string, string>>;
}

/** First wait before another try; it doubles. */
const FIRST_WAIT_SECONDS = 1;

/**
 * Asks, with another try for what is worth it, and gives the answer. Throws an `AdlakeError` when the
 * API refuses or is not there; no token and no secret is in it.
 */
export async function ask(desk: Desk, question: Question): Promise<unknown> {
  for (let tries = 0; ; tries++) {
    const verdict = await once(desk, question);
    if (verdict.kind === 'ok') return verdict.answer;
    const isLast = tries >= desk.config.retryAttempts;
    if (verdict.kind !== 'retry' || isLast) throw refusalError(verdict, question.label);
    await desk.sleep(FIRST_WAIT_SECONDS * 2 ** tries);
  }
}

async function once(desk: Desk, question: Question): Promise<Verdict> {
  const { config, pool } = desk;
  const came = await exchange(pool, {
    url: urlOf(config, question),
    token: question.bearer,
    timeoutSeconds: config.requestTimeoutSeconds,
    ...(question.form === undefined ? {} : { form: new URLSearchParams(question.form) }),
  });
  const nothing: Headers = {};
  const verdict =
    came.kind === 'answer'
      ? classify(came.status, came.bytes.toString(), came.headers)
      : classify(0, '', nothing);
  if (verdict.kind === 'ok') return verdict;
  const said = came.kind === 'answer' ? verdict.complaint.message : came.reason;
  const message = cutTokens(said, secretsOf(desk));
  return credentialsRefused(said, { ...verdict, complaint: { ...verdict.complaint, message } });
}

/** The exchange answers a wrong app secret with code 1, which elsewhere is worth another try. */
function credentialsRefused(said: string, verdict: Verdict): Verdict {
  if (verdict.kind === 'ok' || !/client secret|validating application/i.test(said)) return verdict;
  return { kind: 'auth', complaint: verdict.complaint };
}

function urlOf(config: MetaConfig, { path, bearer }: Question): URL {
  const url = new URL(`${config.apiBaseUrl}/${config.apiVersion}/${path}`);
  if (config.appSecret !== null && bearer !== null) {
    url.searchParams.set('appsecret_proof', secretProof(config.appSecret, bearer));
  }
  return url;
}

/** Of the token that is asked about, and of the app's own, which may ask. */
function secretsOf({ config, token }: Desk): readonly string[] {
  const { appId, appSecret } = config;
  return [token, `${appId}|${appSecret}`].flatMap((one) =>
    credentialsOf({ token: one, appSecret }),
  );
}
