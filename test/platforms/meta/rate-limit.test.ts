import { mkdirSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { usageIn } from '../../../src/platforms/meta/rate-limit.ts';
import {
  MAX_SLOWDOWN_SECONDS,
  RateLimits,
  slowdownSeconds,
} from '../../../src/pull/rate-limits.ts';
import { cacheFile } from '../../../src/zone.ts';
import { temporaryLake } from '../../helpers/lake.ts';

const ASKED = { accountId: '11', accountIds: ['11', '22'] };

describe('usage of the limits', () => {
  it('is the highest figure of every header and every entry', () => {
    const headers = {
      'x-app-usage': '{"call_count":28,"total_time":25,"total_cputime":31}',
      'x-ad-account-usage': '{"acc_id_util_pct":9.67,"reset_time_duration":100}',
      'x-fb-ads-insights-throttle': '{"app_id_util_pct":40,"acc_id_util_pct":10}',
      'x-business-use-case-usage':
        '{"777":[{"type":"ads_insights","call_count":1,"total_cputime":1,"total_time":1},{"type":"ads_management","call_count":3,"total_cputime":93,"total_time":1}]}',
    };
    expect(usageIn(headers, ASKED)).toEqual(new Map([['11', 93]]));
    expect(usageIn({ ...headers, 'x-business-use-case-usage': undefined }, ASKED).get('11')).toBe(
      40,
    );
  });

  it('of another account counts for that account', () => {
    const headers = {
      'x-business-use-case-usage': '{"22":[{"call_count":97}],"11":[{"call_count":5}]}',
    };
    expect(usageIn(headers, ASKED)).toEqual(
      new Map([
        ['22', 97],
        ['11', 5],
      ]),
    );
  });

  it('is unknown without headers, or with broken ones', () => {
    expect(usageIn({}, ASKED).size).toBe(0);
    expect(
      usageIn({ 'x-fb-ads-insights-throttle': '{"app_id_util_pct":0.01,"acc_id_util_' }, ASKED)
        .size,
    ).toBe(0);
  });
});

describe('the pause before a request', () => {
  it('is none up to the buffer and grows with the excess', () => {
    expect(slowdownSeconds(80, 0.8)).toBe(0);
    expect(slowdownSeconds(90, 0.8)).toBeCloseTo(MAX_SLOWDOWN_SECONDS / 2);
    expect(slowdownSeconds(100, 0.8)).toBe(MAX_SLOWDOWN_SECONDS);
    expect(slowdownSeconds(250, 0.8)).toBe(MAX_SLOWDOWN_SECONDS);
    expect(slowdownSeconds(101, 1)).toBe(MAX_SLOWDOWN_SECONDS);
  });

  it('is remembered between runs, for that account alone, and time that passes counts', () => {
    const lake = temporaryLake();
    const first = new RateLimits(lake);
    first.observe(new Map([['11', 90]]), '2026-03-15T12:00:00.000Z');
    first.save();
    const second = new RateLimits(lake);
    const at = (now: string) => ({ now, buffer: 0.8 });
    expect(second.pauseSeconds('11', at('2026-03-15T12:00:05.000Z'))).toBeCloseTo(10);
    expect(second.pauseSeconds('22', at('2026-03-15T12:00:05.000Z'))).toBe(0);
    expect(second.pauseSeconds('11', at('2026-03-15T12:00:15.000Z'))).toBe(0);
    expect(
      second.pauseSeconds('11', at('2026-03-15T11:00:00.000Z')),
      'a clock that went back',
    ).toBeCloseTo(15);
  });

  it('is none when the cache is broken', () => {
    const lake = temporaryLake();
    mkdirSync(cacheFile(lake), { recursive: true });
    writeFileSync(
      cacheFile(lake, 'api_rate_limits.json'),
      '{"accounts":{"11":{"percent":99,"at":"noon"}',
    );
    const limits = new RateLimits(lake);
    expect(limits.pauseSeconds('11', { now: '2026-03-15T12:00:00.000Z', buffer: 0.8 })).toBe(0);
  });
});
