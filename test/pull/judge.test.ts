import { describe, expect, it } from 'vitest';
import { judgeAmazon } from '../../src/platforms/amazon/judge.ts';
import { judgeGoogle } from '../../src/platforms/google/judge.ts';
import { judgeTiktok } from '../../src/platforms/tiktok/judge.ts';
import type { ApiVerdict } from '../../src/pull/verdict.ts';

function google(status: number, errorCode: object | null, more: object = {}): ApiVerdict {
  const errors = errorCode === null ? [] : [{ errorCode, message: 'said', ...more }];
  const error = { code: status, message: 'said', status: 'X', details: [{ errors }] };
  return judgeGoogle(status, Buffer.from(JSON.stringify({ error })), {});
}

function tiktok(code: number, status = 200): ApiVerdict {
  return judgeTiktok(status, Buffer.from(JSON.stringify({ code, message: 'said' })), {});
}

function amazon(status: number, body: object, headers = {}): ApiVerdict {
  return judgeAmazon(status, Buffer.from(JSON.stringify(body)), headers);
}

describe('an answer of Google Ads', () => {
  it.each([
    [401, { authenticationError: 'OAUTH_TOKEN_EXPIRED' }, 'expired'],
    [401, { authenticationError: 'DEVELOPER_TOKEN_INVALID' }, 'auth'],
    [403, { authorizationError: 'USER_PERMISSION_DENIED' }, 'permission'],
    [429, { quotaError: 'RESOURCE_EXHAUSTED' }, 'rate_limited'],
    [500, { internalError: 'TRANSIENT_ERROR' }, 'retry'],
    [400, { queryError: 'UNRECOGNIZED_FIELD' }, 'refused'],
    [401, null, 'expired'],
    [503, null, 'retry'],
  ])('%i with %j is %s', (status, code, kind) => {
    expect(google(status, code).kind).toBe(kind);
  });

  it('says how long to wait', () => {
    const details = { quotaErrorDetails: { retryDelay: '30.2s' } };
    const limited = google(429, { quotaError: 'RESOURCE_TEMPORARILY_EXHAUSTED' }, { details });
    expect(limited).toMatchObject({ kind: 'rate_limited', waitSeconds: 31, of: 'app' });
  });

  it('in a stream has its error in a list', () => {
    const body = Buffer.from('[{"error":{"code":503,"status":"UNAVAILABLE","message":"away"}}]');
    expect(judgeGoogle(503, body, {})).toMatchObject({ kind: 'retry' });
  });
});

describe('an answer of TikTok', () => {
  it.each([
    [0, 'ok'],
    [40100, 'rate_limited'],
    [40105, 'auth'],
    [40001, 'permission'],
    [40002, 'refused'],
    [50000, 'retry'],
  ])('with status 200 and code %i is %s', (code, kind) => {
    expect(tiktok(code).kind).toBe(kind);
  });

  it('is tried again when the good code came with a bad status', () => {
    expect(tiktok(0, 502).kind).toBe('retry');
  });
});

describe('an answer of Amazon', () => {
  it.each([
    [200, 'ok'],
    [401, 'expired'],
    [403, 'permission'],
    [404, 'missing'],
    [422, 'refused'],
    [425, 'duplicate'],
    [500, 'retry'],
  ])('with status %i is %s', (status, kind) => {
    expect(amazon(status, { code: 'x', details: 'said' }).kind).toBe(kind);
  });

  it('waits as long as it is told to', () => {
    const limited = amazon(429, { code: '429' }, { 'retry-after': '12' });
    expect(limited).toMatchObject({ kind: 'rate_limited', waitSeconds: 12, of: 'account' });
  });
});

describe('what is no JSON', () => {
  it.each([judgeGoogle, judgeTiktok, judgeAmazon])('is tried again, by any judge', (judge) => {
    for (const body of ['', '<html>', '{"results":[']) {
      expect(judge(200, Buffer.from(body), {}).kind).toBe('retry');
      expect(judge(502, Buffer.from(body), {}).kind).toBe('retry');
    }
  });

  it.each([judgeGoogle, judgeTiktok, judgeAmazon])(
    'is tried again when it was cut short, whatever the status, by any judge',
    (judge) => {
      for (const status of [400, 401, 403, 404]) {
        expect(judge(status, Buffer.from('{"error":{"mess'), {}).kind).toBe('retry');
      }
      expect(judge(403, Buffer.from('<html>No</html>'), {}).kind).toBe('permission');
      expect(judge(404, Buffer.from('<html>No</html>'), {}).kind).toBe('refused');
    },
  );
});
