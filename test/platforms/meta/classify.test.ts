import { existsSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { classify } from '../../../src/platforms/meta/classify.ts';

function errorBody(code: number, subcode: number | null, message = 'Something'): string {
  const error = { message, type: 'OAuthException', code, fbtrace_id: 'A1' };
  return JSON.stringify({
    error: subcode === null ? error : { ...error, error_subcode: subcode },
  });
}

const TABLE: readonly (readonly [string, number, string, string])[] = [
  ['an unknown error', 500, errorBody(1, null), 'retry'],
  [
    'a request to reduce the amount of data',
    500,
    errorBody(1, null, "Please reduce the amount of data you're asking for"),
    'page_too_large',
  ],
  ['1/99', 500, errorBody(1, 99), 'retry'],
  ['1/2853001', 400, errorBody(1, 2853001), 'refused'],
  ['a service that is temporarily unavailable', 503, errorBody(2, null), 'retry'],
  ['insights that timed out', 400, errorBody(2, 1504038), 'timed_out'],
  ['invalid breakdowns', 400, errorBody(2, 1504041), 'refused'],
  ['invalid custom metrics', 400, errorBody(2, 1504042), 'refused'],
  ['an intermittent error', 500, errorBody(2, 1504043), 'retry'],
  ['an unknown error of insights', 500, errorBody(2, 1504044), 'retry'],
  ['99 as a code', 500, errorBody(99, null), 'retry'],
  ['a report that is too large', 400, errorBody(-3, 1504045), 'too_large'],
  ['the app limit', 403, errorBody(4, null), 'rate_limited'],
  ['the insights throttle', 400, errorBody(4, 1504022), 'rate_limited'],
  ['the other insights throttle', 403, errorBody(4, 1504039), 'rate_limited'],
  ['an app without permission', 403, errorBody(10, null), 'permission'],
  ['the user limit', 400, errorBody(17, null), 'rate_limited'],
  ['the account score limit', 400, errorBody(17, 2446079), 'rate_limited'],
  ['too many changes of a spend cap', 400, errorBody(17, 1885172), 'refused'],
  ['the page limit', 403, errorBody(32, null), 'rate_limited'],
  [
    'an invalid parameter',
    400,
    errorBody(100, null, '(#100) foo is not valid for fields param'),
    'refused',
  ],
  ['missing permissions', 400, errorBody(100, null, '(#100) Missing permissions'), 'permission'],
  ['an object that does not exist', 400, errorBody(100, 33), 'missing'],
  ['too much data in a call', 400, errorBody(100, 1487534), 'too_large'],
  ['insights that timed out the other way', 500, errorBody(100, 1504018), 'timed_out'],
  ['an insights permission', 403, errorBody(100, 3191001), 'permission'],
  [
    'the removed ids parameter',
    500,
    errorBody(100, null, 'The ids query parameter is deprecated in v26.0+'),
    'refused',
  ],
  [
    'a missing app secret proof',
    400,
    errorBody(100, null, 'API calls from the server require an appsecret_proof argument'),
    'auth',
  ],
  ['an invalid session', 400, errorBody(102, null), 'auth'],
  ['a token that is required', 400, errorBody(104, null, 'An access token is required'), 'auth'],
  ['a connection that was reset', 400, errorBody(104, null, 'Connection reset by peer'), 'retry'],
  ['too many parameters', 400, errorBody(105, null), 'refused'],
  ['an expired token', 400, errorBody(190, 463), 'auth'],
  ...[458, 459, 460, 464, 492].map(
    (subcode) =>
      [`a token refused for 190/${subcode}`, 400, errorBody(190, subcode), 'auth'] as const,
  ),
  ['an invalidated token', 401, errorBody(190, 467), 'auth'],
  ['a permission', 403, errorBody(200, null), 'permission'],
  ['an app in development', 403, errorBody(270, null), 'permission'],
  ['an app that is not allowed', 403, errorBody(294, null), 'permission'],
  ['the feed limit', 400, errorBody(341, null), 'rate_limited'],
  ['a block for abuse', 400, errorBody(368, null), 'refused'],
  ['a custom limit', 400, errorBody(613, null), 'rate_limited'],
  ['the account limit', 400, errorBody(613, 1487742), 'rate_limited'],
  ['too many budget changes', 400, errorBody(613, 1487632), 'refused'],
  ['too many new ads', 400, errorBody(613, 1487225), 'refused'],
  ['a volume that is inconsistent', 400, errorBody(613, 1996), 'rate_limited'],
  ['too many changes a second', 403, errorBody(613, 5044001), 'rate_limited'],
  ['a post that is there already', 400, errorBody(506, null), 'refused'],
  ['a query that is wrong', 400, errorBody(3001, null), 'refused'],
  ['an internal code without a known subcode', 400, errorBody(-7, 5), 'refused'],
  ['a batch that timed out', 400, errorBody(960, null), 'retry'],
  ['1150', 400, errorBody(1150, null), 'retry'],
  ['no token on /me', 400, errorBody(2500, null, 'An active access token must be used'), 'auth'],
  ['an unknown path', 400, errorBody(2500, null, 'Unknown path components: /x'), 'refused'],
  ['an old version', 400, errorBody(2635, null), 'refused'],
  ['an invalid cursor', 400, errorBody(2642, null), 'restart_cursor'],
  ['a report that is not ready', 400, errorBody(2601, 1815107), 'not_ready'],
  ['a report that is ready but not yet readable', 400, errorBody(2637, null), 'not_ready'],
  ['a report that failed', 200, errorBody(-2, 2490547), 'retry'],
  [
    'a report whose fields are not there yet',
    400,
    errorBody(
      100,
      null,
      "(#100) Cannot include spend in summary param because they weren't there while creating the report run.",
    ),
    'retry',
  ],
  ['a day beyond 37 months', 400, errorBody(3018, null), 'too_old'],
  ...[80000, 80001, 80002, 80003, 80004, 80005, 80006, 80008, 80009, 80014].map(
    (code) => [`the limit ${code}`, 400, errorBody(code, 2446079), 'rate_limited'] as const,
  ),
  [
    'an unknown code that calls itself transient',
    400,
    '{"error":{"message":"x","code":9999,"is_transient":true}}',
    'retry',
  ],
  ['an unknown code', 400, errorBody(9999, null), 'refused'],
  [
    'a 503 with nothing but a message',
    503,
    '{"error":{"message":"Call was not successful"}}',
    'retry',
  ],
  ['429 without a code', 429, '{"error":{"message":"slow down"}}', 'rate_limited'],
  ['an error body sent with 200', 200, errorBody(190, 463), 'auth'],
  ['an HTML page', 500, '<html>Sorry</html>', 'retry'],
  ['an empty 503', 503, '', 'retry'],
  ['a 400 that was cut short', 400, '{"error":{"mess', 'retry'],
  ['a 403 that was cut short: it may be a limit', 403, '{"error":', 'retry'],
  ['a 400 without a body', 400, '', 'retry'],
  ['a 403 that is whole and says nothing', 403, '{}', 'permission'],
  ['a 404 that is whole and says nothing', 404, '{}', 'refused'],
  ['a 403 of somebody on the way', 403, '<html>No</html>', 'permission'],
  ['a 404 page', 404, '<html>No</html>', 'refused'],
  ['a body that is cut short', 200, '{"data":[{"id":"1"', 'retry'],
  ['an empty body with 200', 200, '', 'retry'],
  ['JSON that is no object', 200, 'null', 'retry'],
  ['a good answer', 200, '{"data":[]}', 'ok'],
];

describe('an answer is judged by its code, not its status:', () => {
  it.each(TABLE)('%s', (_, status, body, kind) => {
    expect(classify(status, body, {}).kind).toBe(kind);
  });
});

describe('the wait for a limit', () => {
  const limited = errorBody(80004, 2446079);

  it('is the longest of all entries, in minutes', () => {
    const usage = {
      '1': [
        { type: 'ads_insights', estimated_time_to_regain_access: 3 },
        { estimated_time_to_regain_access: 7 },
      ],
      '2': [{ estimated_time_to_regain_access: 5 }],
    };
    const headers = { 'x-business-use-case-usage': JSON.stringify(usage) };
    expect(classify(400, limited, headers)).toMatchObject({ waitSeconds: 420 });
  });

  it('is in seconds where the account usage names it, and only when that is used up', () => {
    const header = (percent: number) => ({
      'X-Ad-Account-Usage': JSON.stringify({ acc_id_util_pct: percent, reset_time_duration: 100 }),
    });
    expect(classify(400, limited, header(100))).toMatchObject({ waitSeconds: 100 });
    expect(classify(400, limited, header(40))).toMatchObject({ waitSeconds: null });
  });

  it('is unknown when a header is broken', () => {
    const headers = { 'x-business-use-case-usage': '{"1":[{"estimated_ti' };
    expect(classify(400, limited, headers)).toMatchObject({ waitSeconds: null });
  });
});

interface RecordedError {
  readonly name: string;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: unknown;
  readonly class: string;
}

const RECORDED = fileURLToPath(
  new URL('../../../../shared/fixtures/errors-and-headers/graph_api_errors.json', import.meta.url),
);

describe.skipIf(!existsSync(RECORDED))('errors seen in production', () => {
  const recorded = existsSync(RECORDED)
    ? (JSON.parse(readFileSync(RECORDED, 'utf8')) as readonly RecordedError[])
    : [];

  it.each(recorded.map((one) => [one.name, one] as const))('%s', (_, one) => {
    const body = JSON.stringify(one.body);
    const { kind } = classify(one.status ?? 400, body, one.headers ?? {});
    if (one.class.startsWith('fatal'))
      expect(['auth', 'permission', 'refused', 'missing']).toContain(kind);
    else if (one.class.includes('rate limit')) expect(kind).toBe('rate_limited');
    else if (one.class.includes('smaller')) expect(kind).toMatch(/^(page_)?too_large$/);
    else expect(['retry', 'not_ready']).toContain(kind);
  });
});
