import { AdlakeError, type ErrorCode } from '../errors.ts';
import { parsedOr } from './loose-json.ts';

/** What a platform said went wrong. */
export interface Complaint {
  /** HTTP status; 0 when no answer came. */
  readonly status: number;
  /** The platform's own code, by which it is decided; null when there is none. */
  readonly code: string | null;
  readonly message: string;
  /** The platform's own name for the request, for a support ticket. */
  readonly trace: string | null;
}

/** What to do with an answer. */
export type ApiVerdict =
  /** `answer` is the body, parsed; ids that came as numbers may have lost digits in it. */
  | { readonly kind: 'ok'; readonly answer: unknown }
  /** Try the same again after a short wait. */
  | { readonly kind: 'retry'; readonly complaint: Complaint }
  /** Wait for the limit; null when the platform does not say how long. */
  | {
      readonly kind: 'rate_limited';
      readonly complaint: Complaint;
      readonly waitSeconds: number | null;
      readonly of: 'account' | 'app';
    }
  /** The access token ran out: a new one may do. */
  | { readonly kind: 'expired'; readonly complaint: Complaint }
  /** The same report was ordered a while ago. */
  | { readonly kind: 'duplicate'; readonly complaint: Complaint }
  /** No such thing, or none (any more) that may be read. */
  | { readonly kind: 'missing'; readonly complaint: Complaint }
  | { readonly kind: 'auth'; readonly complaint: Complaint }
  | { readonly kind: 'permission'; readonly complaint: Complaint }
  /** The request itself is wrong; asking again gives the same. */
  | { readonly kind: 'refused'; readonly complaint: Complaint };

/** A verdict that ends the asking. */
export type ApiRefusal = Exclude<ApiVerdict, { readonly kind: 'ok' }>;

/** A platform by its name for people, and which settings open its doors. */
export interface Doors {
  readonly label: string;
  /** The setting with the token that a person makes. */
  readonly token: string;
  /** The setting with the accounts. */
  readonly accounts: string;
}

/** A complaint about something that never came to be an answer. */
export function noAnswer(reason: string): ApiRefusal {
  return { kind: 'retry', complaint: { status: 0, code: null, message: reason, trace: null } };
}

/** What a status alone tells. */
export type StatusMeaning = 'rate_limited' | 'retry' | 'unauthorized' | 'permission' | 'refused';

/**
 * What a status tells where the body says nothing of its own. An answer that began as JSON and does not
 * end was cut short, and what it would have said is not known: limits come as 400 and 403, too.
 */
export function meaningOf(status: number, body: string): StatusMeaning {
  if (status === 429) return 'rate_limited';
  const isUnreadable = parsedOr(body) === undefined;
  if (isUnreadable && (status === 400 || /^\s*[[{]/.test(body))) return 'retry';
  if (status === 401) return 'unauthorized';
  if (status === 403) return 'permission';
  return status >= 400 && status < 500 && status !== 408 ? 'refused' : 'retry';
}

/** The verdict on an answer whose body says nothing of its own. */
export function judgeStatus(status: number, body: string, wait: number | null): ApiRefusal {
  const message = `HTTP ${status} with a body that is not a whole answer`;
  const complaint: Complaint = { status, code: null, message, trace: null };
  const meaning = meaningOf(status, body);
  if (meaning === 'rate_limited') {
    return { kind: meaning, complaint, waitSeconds: wait, of: 'account' };
  }
  return { kind: meaning === 'unauthorized' ? 'expired' : meaning, complaint };
}

/** The error for people: what was asked, what the platform answered, what to do. */
export function apiError(refusal: ApiRefusal, asked: string, doors: Doors): AdlakeError {
  const { code, remedy } = wording(refusal.kind, doors);
  const said = complaintText(refusal.complaint);
  return new AdlakeError({
    code,
    message: `${doors.label} did not answer for ${asked}: ${said}.`,
    remedy,
  });
}

function wording(
  kind: ApiRefusal['kind'],
  { label, token, accounts }: Doors,
): { readonly code: ErrorCode; readonly remedy: string } {
  switch (kind) {
    case 'auth':
    case 'expired':
      return {
        code: 'TOKEN_REFUSED',
        remedy: `Make a new token for ${label} (the README says how) and put it into ${token}.`,
      };
    case 'permission':
      return {
        code: 'PERMISSION_REFUSED',
        remedy: `Check the ids in ${accounts}, and give the user of ${token} access to the account.`,
      };
    case 'rate_limited':
      return {
        code: 'SOURCE_LIMITED',
        remedy: 'Wait an hour and run the same command again: what has landed is kept.',
      };
    case 'retry':
    case 'missing':
    case 'duplicate':
      return {
        code: 'SOURCE_UNAVAILABLE',
        remedy:
          'Run the same command again later: what has landed is kept and is not asked for again.',
      };
    case 'refused':
      return {
        code: 'SOURCE_REFUSED',
        remedy: `Check the settings of ${label}; if they are right, report this message, it is a fault of adlake.`,
      };
  }
}

function complaintText({ message, code, trace }: Complaint): string {
  const number = code === null ? '' : ` (${code})`;
  const ticket = trace === null ? '' : `, trace ${trace}`;
  return `${message.replace(/\.$/, '')}${number}${ticket}`;
}
