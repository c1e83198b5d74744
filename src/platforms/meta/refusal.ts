import { AdlakeError, type ErrorCode } from '../../errors.ts';
import { VERSION_REMEDY } from './api-version.ts';
import type { Complaint, Verdict } from './classify.ts';
import { DEPRECATED_VERSION } from './version-sightings.ts';

/** A verdict that ends the asking. */
export type Refusal = Exclude<Verdict, { readonly kind: 'ok' }>;

interface Wording {
  readonly code: ErrorCode;
  readonly remedy: string;
}

const WORDING: Readonly<Record<Refusal['kind'], Wording>> = {
  auth: {
    code: 'TOKEN_REFUSED',
    remedy: 'Make a new access token (the README says how) and put it into META_ACCESS_TOKEN.',
  },
  permission: {
    code: 'PERMISSION_REFUSED',
    remedy:
      'Check the account id in META_AD_ACCOUNT_ID, and give the user of the token access to the account and the token the permission ads_read.',
  },
  refused: {
    code: 'SOURCE_REFUSED',
    remedy:
      'Check META_API_VERSION; if it is current, report this message, it is a fault of adlake.',
  },
  too_large: {
    code: 'SOURCE_REFUSED',
    remedy:
      'One day is too much for one answer: pull this account with a shorter list of datasets.',
  },
  page_too_large: {
    code: 'SOURCE_REFUSED',
    remedy: 'Run the same command again later; if it stays so, report this message.',
  },
  timed_out: {
    code: 'SOURCE_UNAVAILABLE',
    remedy: 'Run the same command again later: what has landed is kept and is not asked for again.',
  },
  not_ready: {
    code: 'SOURCE_UNAVAILABLE',
    remedy:
      'Run the same command again in a few minutes: the report is remembered and is not ordered again.',
  },
  missing: {
    code: 'PERMISSION_REFUSED',
    remedy:
      'Check the account id in META_AD_ACCOUNT_ID, and give the user of the token access to the account and the token the permission ads_read.',
  },
  too_old: {
    code: 'SOURCE_REFUSED',
    remedy: 'Ask for days of the last 36 months: Meta keeps no older ones.',
  },
  restart_cursor: {
    code: 'SOURCE_UNAVAILABLE',
    remedy: 'Run the same command again: what has landed is kept and is not asked for again.',
  },
  retry: {
    code: 'SOURCE_UNAVAILABLE',
    remedy:
      'Run the same command again later: what has landed is kept and is not asked for again. META_RETRY_ATTEMPTS and META_REQUEST_TIMEOUT can be raised.',
  },
  rate_limited: {
    code: 'SOURCE_LIMITED',
    remedy: 'Wait an hour and run the same command again: what has landed is kept.',
  },
};

/** The error for people: what was asked, what the API answered, what to do. No token is in it. */
export function refusalError(refusal: Refusal, asked: string): AdlakeError {
  const { code, remedy: usual } = WORDING[refusal.kind];
  const remedy = refusal.complaint.code === DEPRECATED_VERSION ? VERSION_REMEDY : usual;
  const said = complaintText(refusal.complaint);
  return new AdlakeError({ code, message: `Meta did not answer for ${asked}: ${said}.`, remedy });
}

function complaintText(complaint: Complaint): string {
  const { code, subcode, trace } = complaint;
  const number = code === null ? '' : ` (code ${code}${subcode === null ? '' : `/${subcode}`})`;
  const ticket = trace === null ? '' : `, trace ${trace}`;
  return `${complaint.message.replace(/\.$/, '')}${number}${ticket}`;
}
