/** What an error of the Graph API says, beside its HTTP status. */
export interface GraphErrorDetail {
  readonly status: number;
  readonly code: number;
  readonly message: string;
  readonly type?: 'OAuthException' | 'GraphMethodException' | 'FacebookApiException';
  readonly subcode?: number;
  readonly transient?: boolean;
  readonly title?: string;
}

/** An answer that is an error, in the Graph API's own form. */
export class GraphError extends Error {
  readonly detail: GraphErrorDetail;

  constructor(detail: GraphErrorDetail) {
    super(detail.message);
    this.name = 'GraphError';
    this.detail = detail;
  }
}

/** The JSON body of an error; `trace` stands for Meta's `fbtrace_id`. */
export function errorBody(detail: GraphErrorDetail, trace: string): object {
  return {
    error: {
      message: detail.message,
      type: detail.type ?? 'OAuthException',
      code: detail.code,
      ...(detail.subcode === undefined ? {} : { error_subcode: detail.subcode }),
      ...(detail.transient === undefined ? {} : { is_transient: detail.transient }),
      ...(detail.title === undefined ? {} : { error_user_title: detail.title }),
      fbtrace_id: trace,
    },
  };
}

/** Code 100: a parameter is wrong. The number in front is added here. */
export function invalid(message: string): GraphError {
  return new GraphError({ status: 400, code: 100, message: `(#100) ${message}` });
}

/** Code 100, subcode 33: no such object. */
export function unknownObject(id: string): GraphError {
  return new GraphError({
    status: 400,
    code: 100,
    subcode: 33,
    type: 'GraphMethodException',
    message: `Unsupported get request. Object with ID '${id}' does not exist, cannot be loaded due to missing permissions, or does not support this operation. Please read the Graph API documentation at https://developers.facebook.com/docs/graph-api`,
  });
}

/** Code 1: more was asked for in one page than the API gives. */
export function tooMuchData(): GraphError {
  return new GraphError({
    status: 500,
    code: 1,
    message: "Please reduce the amount of data you're asking for, then retry your request",
  });
}

/** Code 2642: a cursor that this list did not give out. */
export function invalidCursor(): GraphError {
  return new GraphError({ status: 400, code: 2642, message: '(#2642) Invalid cursors values' });
}

/** Code 2500: the path or the version cannot be read. */
export function unknownPath(path: string): GraphError {
  return new GraphError({
    status: 400,
    code: 2500,
    message: `Unknown path components: ${path}`,
  });
}

/** Code 2635: a Marketing API call without a version. */
export function missingVersion(): GraphError {
  return new GraphError({
    status: 400,
    code: 2635,
    message:
      '(#2635) You are calling a deprecated version of the Ads API. Please update to the latest version: v26.0.',
  });
}
