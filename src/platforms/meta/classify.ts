import { type Headers, headerOf } from '../../pull/http.ts';
import { asObject, parsedOr } from '../../pull/loose-json.ts';
import { meaningOf } from '../../pull/verdict.ts';

/** Response headers, names in lower case, as undici gives them. */
export type { Headers } from '../../pull/http.ts';

/** What the API said went wrong. Text may be localized and change: decide by code, not by text. */
export interface Complaint {
  readonly status: number;
  readonly code: number | null;
  readonly subcode: number | null;
  readonly message: string;
  /** Meta's own name for the request, for a support ticket. */
  readonly trace: string | null;
}

/** What to do with an answer. */
export type Verdict =
  /**
   * `answer` is the body, parsed: only for what is about pages. Numbers in it may have lost digits, and
   * rows of a list may have nothing but the ids of the objects they are about.
   */
  | { readonly kind: 'ok'; readonly answer: unknown }
  /** Try the same again after a short wait. */
  | { readonly kind: 'retry'; readonly complaint: Complaint }
  /** Wait for the limit; null when the API does not say how long. */
  | {
      readonly kind: 'rate_limited';
      readonly complaint: Complaint;
      readonly waitSeconds: number | null;
      /** Whose limit it is: that of the account that was asked, or that of the app for all accounts. */
      readonly of: 'account' | 'app';
    }
  /** Ask for fewer rows a page, and when these are few for less. */
  | { readonly kind: 'page_too_large'; readonly complaint: Complaint }
  /** Ask for less: fewer days, objects or fields. */
  | { readonly kind: 'too_large'; readonly complaint: Complaint }
  /** Too much for a synchronous answer: ask for it as a report, or for less. */
  | { readonly kind: 'timed_out'; readonly complaint: Complaint }
  /** The report cannot be read yet. */
  | { readonly kind: 'not_ready'; readonly complaint: Complaint }
  /** No such object, or none that the token may read; of a report also one that was just ordered. */
  | { readonly kind: 'missing'; readonly complaint: Complaint }
  /** The first day lies further back than the API keeps any. */
  | { readonly kind: 'too_old'; readonly complaint: Complaint }
  /** The cursor is no longer valid: begin the walk again. */
  | { readonly kind: 'restart_cursor'; readonly complaint: Complaint }
  | { readonly kind: 'auth'; readonly complaint: Complaint }
  | { readonly kind: 'permission'; readonly complaint: Complaint }
  /** The request itself is wrong; asking again gives the same. */
  | { readonly kind: 'refused'; readonly complaint: Complaint };

/** The kinds of verdict that carry no wait. */
type Plain = Exclude<Verdict['kind'], 'ok' | 'rate_limited'>;

/**
 * Codes whose meaning depends on the subcode, as `code/subcode`. Source: Meta's error pages and the
 * open connectors' fixtures.
 */
const BY_SUBCODE: Readonly<Record<string, Plain>> = {
  '-2/2490547': 'retry',
  '1/2853001': 'refused',
  '2/1504038': 'timed_out',
  '2/1504041': 'refused',
  '2/1504042': 'refused',
  '-3/1504045': 'too_large',
  '17/1885172': 'refused',
  '100/33': 'missing',
  '100/1487534': 'too_large',
  '100/1504018': 'timed_out',
  '100/3191001': 'permission',
  '613/1487225': 'refused',
  '613/1487632': 'refused',
};

const RATE_CODES: ReadonlySet<number> = new Set([
  4, 17, 32, 341, 613, 80000, 80001, 80002, 80003, 80004, 80005, 80006, 80007, 80008, 80009, 80014,
]);
/** Limits of the whole app: every account is behind the same wall (Meta, rate limiting). */
const APP_CODES: ReadonlySet<number> = new Set([4, 341]);
const RETRY_CODES: ReadonlySet<number> = new Set([1, 2, 99, 960, 1150]);
/** Rows of a report that is not complete, or was completed this moment (open connectors). */
const NOT_READY_CODES: ReadonlySet<number> = new Set([2601, 2637]);
const AUTH_CODES: ReadonlySet<number> = new Set([102, 190]);
const PERMISSION_CODES: ReadonlySet<number> = new Set([3, 10, 200, 270, 294, 299]);
const REFUSED_CODES: ReadonlySet<number> = new Set([105, 368, 506, 2635, 3001]);

/** Days before this are beyond the 37 months that Meta keeps. */
const TOO_OLD = 3018;

/** How long the score of an account is blocked, by access tier (Meta, Marketing API rate limiting). */
const SCORE_BLOCK_SECONDS = { limited: 300, full: 60 } as const;
const SCORE_CODES: ReadonlySet<string> = new Set(['17/2446079', '613/1487742']);

const SECONDS_PER_MINUTE = 60;

/**
 * Judges an answer by its body and headers: never by the status alone, because Meta answers rate
 * limits with 400 and 403. Pure. A body that is not JSON (cut short, an HTML page, empty) is worth
 * another try.
 */
export function classify(status: number, body: string, headers: Headers): Verdict {
  const parsed = parsedOr(body);
  if (typeof parsed !== 'object' || parsed === null) return withoutJson(status, body);
  const error = memberOf(parsed, 'error');
  if (error === undefined)
    return status < 400 ? { kind: 'ok', answer: parsed } : withoutJson(status, body);
  return judge(complaintOf(status, error), { error, headers });
}

/** Why a report failed, as the fields of its run say it (since v25.0). Never `ok`. */
export function classifyFailure(run: Readonly<Record<string, unknown>>): Verdict {
  const error = {
    code: run.error_code,
    error_subcode: run.error_subcode,
    message: run.error_message ?? run.error_user_msg ?? 'The report failed without a reason',
  };
  return judge(complaintOf(200, error), { error, headers: {} });
}

function judge(
  complaint: Complaint,
  from: { readonly error: unknown; readonly headers: Headers },
): Verdict {
  const { code, subcode } = complaint;
  const known = BY_SUBCODE[`${code}/${subcode}`];
  if (known !== undefined) return { kind: known, complaint };
  if (code !== null && RATE_CODES.has(code)) return rateLimited(complaint, from.headers);
  if (complaint.status === 429) return rateLimited(complaint, from.headers);
  return { kind: byCode(complaint, memberOf(from.error, 'is_transient') === true), complaint };
}

function byCode(complaint: Complaint, isTransient: boolean): Plain {
  const { code, status, message } = complaint;
  if (/\bids query parameter is deprecated/i.test(message)) return 'refused';
  if (code === 1 && /reduce the amount/i.test(message)) return 'page_too_large';
  if (code === 2642) return 'restart_cursor';
  if (code === TOO_OLD) return 'too_old';
  if (code !== null && NOT_READY_CODES.has(code)) return 'not_ready';
  if (code !== null && AUTH_CODES.has(code)) return 'auth';
  if (code === 104) return /reset/i.test(message) ? 'retry' : 'auth';
  if (code === 2500 && /access token/i.test(message)) return 'auth';
  if (code === 100) return invalidParameter(message, isTransient);
  if (code !== null && PERMISSION_CODES.has(code)) return 'permission';
  if (code !== null && REFUSED_CODES.has(code)) return 'refused';
  if (isTransient || status >= 500) return 'retry';
  return code !== null && RETRY_CODES.has(code) ? 'retry' : 'refused';
}

function invalidParameter(message: string, isTransient: boolean): Plain {
  if (/missing permissions/i.test(message)) return 'permission';
  if (/appsecret_proof/i.test(message)) return 'auth';
  if (/because they weren't there while creating the report run/i.test(message)) return 'retry';
  return isTransient ? 'retry' : 'refused';
}

/** Without JSON there is no code: the status is all there is. */
function withoutJson(status: number, body: string): Verdict {
  const found = body.trim() === '' ? 'an empty body' : 'a body that is not a whole JSON answer';
  const message = `HTTP ${status} with ${found}`;
  const complaint: Complaint = { status, code: null, subcode: null, message, trace: null };
  const meaning = meaningOf(status, body);
  if (meaning === 'rate_limited') {
    return { kind: meaning, complaint, waitSeconds: null, of: 'account' };
  }
  return { kind: meaning === 'unauthorized' ? 'auth' : meaning, complaint };
}

function rateLimited(complaint: Complaint, headers: Headers): Verdict {
  const { code, subcode } = complaint;
  const of = code !== null && APP_CODES.has(code) ? 'app' : 'account';
  const isScore = SCORE_CODES.has(`${code}/${subcode}`);
  const waitSeconds = regainSeconds(headers) ?? (isScore ? scoreBlockSeconds(headers) : null);
  return { kind: 'rate_limited', complaint, waitSeconds, of };
}

function scoreBlockSeconds(headers: Headers): number {
  const said = ['x-ad-account-usage', 'x-business-use-case-usage', 'x-fb-ads-insights-throttle']
    .map((name) => headerOf(headers, name))
    .join();
  return said.includes('standard_access') ? SCORE_BLOCK_SECONDS.full : SCORE_BLOCK_SECONDS.limited;
}

/**
 * The longest wait the headers name, or null. `estimated_time_to_regain_access` is in minutes,
 * `reset_time_duration` in seconds and only meant when the account is used up.
 */
function regainSeconds(headers: Headers): number | null {
  const useCases = Object.values(
    asObject(parsedOr(headerOf(headers, 'x-business-use-case-usage'))),
  );
  const minutes = useCases
    .flatMap((entries) => (Array.isArray(entries) ? (entries as readonly unknown[]) : []))
    .map((entry) => numberOf(memberOf(entry, 'estimated_time_to_regain_access')));
  const account = parsedOr(headerOf(headers, 'x-ad-account-usage'));
  const isUsedUp = numberOf(memberOf(account, 'acc_id_util_pct')) >= 100;
  const reset = isUsedUp ? numberOf(memberOf(account, 'reset_time_duration')) : 0;
  const longest = Math.max(reset, ...minutes.map((count) => count * SECONDS_PER_MINUTE));
  return longest > 0 ? longest : null;
}

function complaintOf(status: number, error: unknown): Complaint {
  const message = memberOf(error, 'message');
  const trace = memberOf(error, 'fbtrace_id');
  return {
    status,
    code: integerOrNull(memberOf(error, 'code')),
    subcode: integerOrNull(memberOf(error, 'error_subcode')),
    message: typeof message === 'string' ? message : `HTTP ${status} without a message`,
    trace: typeof trace === 'string' ? trace : null,
  };
}

function memberOf(value: unknown, name: string): unknown {
  return Object.hasOwn(asObject(value), name) ? asObject(value)[name] : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}

function integerOrNull(value: unknown): number | null {
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
