import type { GraphErrorDetail } from './graph-error.ts';

const CALLS =
  'There have been too many calls from this ad-account. Wait a bit and try again. For more info, please refer to https://developers.facebook.com/docs/graph-api/overview/rate-limiting.';
/** The account has made too many insights calls. */
export const LIMIT_INSIGHTS: GraphErrorDetail = {
  status: 400,
  code: 80000,
  subcode: 2446079,
  message: `(#80000) ${CALLS}`,
};
/** The account has made too many calls about its objects. */
export const LIMIT_MANAGEMENT: GraphErrorDetail = {
  ...LIMIT_INSIGHTS,
  code: 80004,
  message: `(#80004) ${CALLS}`,
};
const APP_CALLS = 'There have been too many calls from this app';
/** The app has made too many insights calls, over all its accounts. */
export const LIMIT_APP_INSIGHTS: GraphErrorDetail = {
  status: 403,
  code: 4,
  subcode: 1504022,
  transient: true,
  message: `(#4) ${APP_CALLS}. Wait a bit and try again.`,
};
/** The app has made too many calls about anything else. */
export const LIMIT_APP: GraphErrorDetail = {
  status: 403,
  code: 4,
  transient: true,
  message: '(#4) Application request limit reached',
};
/** The token has expired. */
export const EXPIRED: GraphErrorDetail = {
  status: 400,
  code: 190,
  subcode: 463,
  message:
    'Error validating access token: Session has expired on Friday, 26-Jun-26 15:48:19 PDT. The current time is Saturday, 27-Jun-26 09:00:00 PDT.',
};
/** The token may not read the account. */
export const NO_PERMISSION: GraphErrorDetail = {
  status: 403,
  code: 200,
  message: '(#200) Ad account owner has NOT grant ads_management or ads_read permission',
};
/** The service is away for a moment. */
export const TRANSIENT: GraphErrorDetail = {
  status: 503,
  code: 2,
  transient: true,
  message: 'Service temporarily unavailable',
};
/** The page is too large. */
export const TOO_LARGE: GraphErrorDetail = {
  status: 500,
  code: 1,
  message: "Please reduce the amount of data you're asking for, then retry your request",
};
/** The answer has more data than one call may have. */
export const DATA_LIMIT: GraphErrorDetail = {
  status: 400,
  code: 100,
  subcode: 1487534,
  message:
    '(#100) The request has more data than one call can give. Please use a smaller date range or fewer fields.',
};
/** The cursor is not known. */
export const BAD_CURSOR: GraphErrorDetail = {
  status: 400,
  code: 2642,
  message: '(#2642) Invalid cursors values',
};
