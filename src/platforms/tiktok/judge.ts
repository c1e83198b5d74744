import { type Headers, retryAfter } from '../../pull/http.ts';
import { asObject, asText, parsedOr } from '../../pull/loose-json.ts';
import { type ApiVerdict, type Complaint, judgeStatus } from '../../pull/verdict.ts';

/** Tokens that are wrong, revoked or not there. */
const AUTH_CODES: ReadonlySet<string> = new Set(['40101', '40102', '40103', '40104', '40105']);

/** What the user of the token may not read. */
const PERMISSION_CODES: ReadonlySet<string> = new Set(['40001', '40300', '40301']);

/** Too many requests in a second, a minute or a day. */
const RATE_CODE = '40100';

/** From here on it is the platform's own trouble. */
const FIRST_SERVER_CODE = 50_000;

/**
 * Judges an answer of the TikTok API for Business: it comes with status 200 whatever happened, and its
 * `code` tells, 0 for a good one. Source: TikTok API for Business, "Return codes". Pure.
 */
export function judgeTiktok(status: number, bytes: Buffer, headers: Headers): ApiVerdict {
  const wait = retryAfter(headers);
  const body = bytes.toString('utf8');
  const parsed = asObject(parsedOr(body));
  const code = asText(parsed.code);
  if (code === null) return judgeStatus(status, body, wait);
  if (code === '0' && status < 400) return { kind: 'ok', answer: parsed };
  const message = asText(parsed.message) ?? `HTTP ${status} without a message`;
  const complaint: Complaint = { status, code, message, trace: asText(parsed.request_id) };
  if (code === RATE_CODE || status === 429) {
    return { kind: 'rate_limited', complaint, waitSeconds: wait, of: 'app' };
  }
  if (AUTH_CODES.has(code)) return { kind: 'auth', complaint };
  if (PERMISSION_CODES.has(code)) return { kind: 'permission', complaint };
  const isTheirs = Number(code) >= FIRST_SERVER_CODE || status >= 500;
  return { kind: isTheirs ? 'retry' : 'refused', complaint };
}
