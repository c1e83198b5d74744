import { type Headers, retryAfter } from '../../pull/http.ts';
import { asList, asObject, asText, parsedOr } from '../../pull/loose-json.ts';
import { type ApiVerdict, type Complaint, judgeStatus } from '../../pull/verdict.ts';

/**
 * Judges an answer of the Google Ads API. Errors are `google.rpc.Status` with a `GoogleAdsFailure` in
 * `details`: the first error code of it decides, then the status of the RPC. A stream wraps both in a
 * list. Source: Google Ads API, "Understand API errors" and the enums of its errors. Pure.
 */
export function judgeGoogle(status: number, bytes: Buffer, headers: Headers): ApiVerdict {
  const wait = retryAfter(headers);
  const body = bytes.toString('utf8');
  const parsed = parsedOr(body);
  if (typeof parsed !== 'object' || parsed === null) return judgeStatus(status, body, wait);
  const error = asObject(asObject(Array.isArray(parsed) ? parsed[0] : parsed).error);
  if (Object.keys(error).length === 0) {
    return status < 400 ? { kind: 'ok', answer: parsed } : judgeStatus(status, body, wait);
  }
  const found = failureOf(error);
  const complaint = complaintOf(status, error, found);
  return byCode(complaint, { kind: found?.kind ?? '', delay: found?.delay ?? wait });
}

interface Failure {
  /** Which enum the code is of, for example `quotaError`. */
  readonly kind: string;
  readonly code: string;
  readonly message: string;
  /** Seconds to wait, where it says. */
  readonly delay: number | null;
  readonly requestId: string | null;
}

function failureOf(error: Readonly<Record<string, unknown>>): Failure | null {
  for (const detail of asList(error.details).map(asObject)) {
    for (const one of asList(detail.errors).map(asObject)) {
      const [kind, code] = Object.entries(asObject(one.errorCode))[0] ?? [];
      if (kind === undefined) continue;
      const quota = asObject(asObject(one.details).quotaErrorDetails);
      return {
        kind,
        code: asText(code) ?? '',
        message: asText(one.message) ?? '',
        delay: secondsIn(asText(quota.retryDelay)),
        requestId: asText(detail.requestId),
      };
    }
  }
  return null;
}

function complaintOf(
  status: number,
  error: Readonly<Record<string, unknown>>,
  found: Failure | null,
): Complaint {
  const code = found?.code ?? asText(error.status);
  const message = found?.message || asText(error.message) || `HTTP ${status} without a message`;
  return { status, code, message, trace: found?.requestId ?? null };
}

const TOKEN_OVER: ReadonlySet<string> = new Set(['OAUTH_TOKEN_EXPIRED', 'OAUTH_TOKEN_INVALID']);

function byCode(
  complaint: Complaint,
  of: { readonly kind: string; readonly delay: number | null },
): ApiVerdict {
  const { status, code } = complaint;
  if (of.kind === 'quotaError' || code === 'RESOURCE_EXHAUSTED' || status === 429) {
    return { kind: 'rate_limited', complaint, waitSeconds: of.delay, of: 'app' };
  }
  if (TOKEN_OVER.has(code ?? '')) return { kind: 'expired', complaint };
  if (of.kind === 'authenticationError') return { kind: 'auth', complaint };
  if (of.kind === 'authorizationError') return { kind: 'permission', complaint };
  if (of.kind === 'internalError') return { kind: 'retry', complaint };
  if (of.kind !== '') return { kind: 'refused', complaint };
  return byStatus(complaint);
}

/** Without a failure of the API's own there is the status of the call alone. */
function byStatus(complaint: Complaint): ApiVerdict {
  const { status, code } = complaint;
  if (status === 401 || code === 'UNAUTHENTICATED') return { kind: 'expired', complaint };
  if (status === 403) return { kind: 'permission', complaint };
  return { kind: status >= 500 || status === 408 ? 'retry' : 'refused', complaint };
}

/** A duration like `3.5s`. */
function secondsIn(text: string | null): number | null {
  const [, seconds] = /^(\d+(?:\.\d+)?)s$/.exec(text ?? '') ?? [];
  return seconds === undefined ? null : Math.ceil(Number(seconds));
}
