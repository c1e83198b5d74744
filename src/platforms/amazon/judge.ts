import { type Headers, retryAfter } from '../../pull/http.ts';
import { asList, asObject, asText, parsedOr } from '../../pull/loose-json.ts';
import { type ApiVerdict, type Complaint, judgeStatus } from '../../pull/verdict.ts';

/** Amazon's status for an order of a report that it is making already. */
const DUPLICATE_STATUS = 425;

/**
 * Judges an answer of the Amazon Ads API by its status; the body has `code` and `detail` (reporting) or
 * `details` (everything else). Source: Amazon Ads API, reporting v3 and "Rate limiting". Pure.
 */
export function judgeAmazon(status: number, bytes: Buffer, headers: Headers): ApiVerdict {
  const wait = retryAfter(headers);
  const body = bytes.toString('utf8');
  const parsed = parsedOr(body);
  if (typeof parsed !== 'object' || parsed === null) return judgeStatus(status, body, wait);
  if (status < 400) return { kind: 'ok', answer: parsed };
  const said = asObject(parsed);
  const list = asList(said.errors).map(asObject)[0] ?? {};
  const complaint: Complaint = {
    status,
    code: asText(said.code) ?? asText(list.errorType) ?? String(status),
    message:
      asText(said.detail) ??
      asText(said.details) ??
      asText(said.message) ??
      asText(list.message) ??
      `HTTP ${status}`,
    trace: asText(said.requestId),
  };
  if (status === 429) return { kind: 'rate_limited', complaint, waitSeconds: wait, of: 'account' };
  return { kind: byStatus(status), complaint };
}

function byStatus(
  status: number,
): 'duplicate' | 'expired' | 'permission' | 'missing' | 'retry' | 'refused' {
  if (status === DUPLICATE_STATUS) return 'duplicate';
  if (status === 401) return 'expired';
  if (status === 403) return 'permission';
  if (status === 404) return 'missing';
  return status >= 500 || status === 408 ? 'retry' : 'refused';
}
