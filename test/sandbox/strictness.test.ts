import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { addressOf, ask, askUrl, type Json, type Params, read } from './ask.ts';

let sandbox: Sandbox;
let account: string;

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
  account = `act_${sandbox.accountIds[0]}`;
});
afterAll(() => sandbox.close());

const errorOf = (json: Json) => json.error as Record<string, unknown>;

const REFUSED: readonly (readonly [string, Params, string])[] = [
  ['an unknown field', { fields: 'spend,foo' }, '(#100) foo is not valid for fields param.'],
  ['a breakdown among the fields', { fields: 'spend,age' }, '(#100) age is not valid for fields'],
  [
    'a level that does not exist',
    { level: 'adgroup' },
    '(#100) level must be one of the following',
  ],
  ['an unknown breakdown', { breakdowns: 'agee' }, '(#100) breakdowns[0] must be one of'],
  [
    'breakdowns that do not go together',
    { breakdowns: 'age,region' },
    '(#100) Current combination of data breakdown columns (action_type, age, region) is invalid',
  ],
  ['a breakdown that Meta retired', { breakdowns: 'dma' }, '(#100) Current combination'],
  [
    'a position without its platform',
    { breakdowns: 'platform_position' },
    '(#100) Current combination',
  ],
  ['an unknown preset', { date_preset: 'lifetime' }, '(#100) date_preset must be one of'],
  [
    'since after until',
    { time_range: { since: '2026-03-02', until: '2026-03-01' } },
    '(#100) time_range[since]',
  ],
  [
    'a day that is none',
    { time_range: { since: '2026-02-30', until: '2026-03-01' } },
    '(#100) Must be a date representation in the format YYYY-MM-DD',
  ],
  [
    'a day as unix time',
    { time_range: { since: 1767225600, until: 1767225600 } },
    '(#100) Must be a date',
  ],
  [
    'a range that is not JSON',
    { time_range: '{since:1}' },
    '(#100) Param time_range must be valid JSON',
  ],
  ['an increment of 0', { time_increment: '0' }, '(#100) Param time_increment'],
  [
    'an increment over 90',
    { time_increment: '91' },
    '(#100) time_increment must be between 1 and 90',
  ],
  [
    'an unknown window',
    { action_attribution_windows: ['3d_click'] },
    '(#100) action_attribution_windows[0]',
  ],
  ['a filter that is not JSON', { filtering: '[{' }, '(#100) Param filtering must be valid JSON'],
  [
    'a filter that is no list',
    { filtering: { field: 'campaign.id' } },
    '(#100) Param filtering must be an array',
  ],
  [
    'an unknown operator',
    { filtering: [{ field: 'campaign.id', operator: 'LIKE', value: '1' }] },
    '(#100) Param filtering[0][operator]',
  ],
  [
    'an unknown filter field',
    { filtering: [{ field: 'campaign.foo', operator: 'IN', value: ['1'] }] },
    "(#100) Filtering field 'campaign.foo'",
  ],
  [
    'IN with a single value',
    { filtering: [{ field: 'campaign.id', operator: 'IN', value: '1' }] },
    '(#100) Param filtering[0][value] must be an array',
  ],
  [
    'a sort by two metrics',
    { sort: ['spend_descending', 'clicks_ascending'] },
    '(#100) sort must be one element',
  ],
  ['a limit that is no number', { limit: 'many' }, '(#100) Param limit'],
  ['pretty', { pretty: '1' }, '(#100) The pretty query parameter'],
  ['debug', { debug: 'all' }, '(#100) The debug query parameter'],
  ['date_format', { date_format: 'U' }, '(#100) The date_format query parameter'],
];

describe('insights', () => {
  test.each(REFUSED)('refuse %s with code 100', async (_, params, message) => {
    const answer = await ask(sandbox, `${account}/insights`, params);
    expect(answer.status).toBe(400);
    expect(errorOf(answer.json)).toMatchObject({ code: 100, type: 'OAuthException' });
    expect(errorOf(answer.json).message).toContain(message);
    expect(errorOf(answer.json).fbtrace_id).toMatch(/^A\w+/);
  });

  test('refuse a start more than 37 months back with code 3018', async () => {
    const ask37 = (since: string) =>
      ask(sandbox, `${account}/insights`, { time_range: { since, until: '2026-03-01' }, limit: 1 });
    expect(errorOf((await ask37('2023-02-19')).json)).toMatchObject({ code: 3018 });
    expect((await ask37('2023-02-20')).status).toBe(200);
  });

  test('ask to reduce the amount of data for a page over 1000', async () => {
    const answer = await ask(sandbox, `${account}/insights`, { limit: 1001 });
    expect(answer.status).toBe(500);
    expect(errorOf(answer.json)).toMatchObject({ code: 1 });
    expect(errorOf(answer.json).message).toContain('reduce the amount of data');
  });

  test.each(['abc', 'MQ==', 'MAZD', 'ZDZD', 'LTEZD'])(
    'refuse the cursor %s with code 2642',
    async (after) => {
      const answer = await ask(sandbox, `${account}/insights`, { after });
      expect(errorOf(answer.json)).toMatchObject({ code: 2642 });
    },
  );

  test('give nothing, and no error, for breakdowns that an account has to opt in to', async () => {
    const answer = await ask(sandbox, `${account}/insights`, { breakdowns: 'impression_device' });
    expect([answer.status, answer.text]).toEqual([200, '{"data":[]}']);
  });
});

describe('paths, versions and tokens', () => {
  const status = async (path: string) => {
    const answer = await askUrl(sandbox, addressOf(sandbox, path, {}));
    return { status: answer.status, code: errorOf(answer.json)?.code, headers: answer.headers };
  };

  test('an unversioned call answers 2635, a version that does not exist 2500', async () => {
    expect(await status(`/${account}/campaigns`)).toMatchObject({ status: 400, code: 2635 });
    expect(await status('/v99.0/me')).toMatchObject({ status: 400, code: 2500 });
    expect(await status('/v26/me')).toMatchObject({ status: 400, code: 2500 });
  });

  test('an expired version is served with a warning, a living one without', async () => {
    const old = await status(`/v24.0/${account}`);
    expect(old.status).toBe(200);
    expect(old.headers.get('x-ad-api-version-warning')).toContain('auto-upgraded to v26.0');
    for (const version of ['v25.0', 'v26.0']) {
      const now = await status(`/${version}/${account}`);
      expect([now.status, now.headers.get('x-ad-api-version-warning')]).toEqual([200, null]);
    }
  });

  test('an unknown id answers 100 with subcode 33', async () => {
    for (const id of ['120219999999999999', 'act_1', sandbox.accountIds[0] ?? '']) {
      const answer = await ask(sandbox, `${id}/insights`);
      expect(answer.status).toBe(400);
      expect(errorOf(answer.json)).toMatchObject({ code: 100, error_subcode: 33 });
      expect(errorOf(answer.json).type).toBe('GraphMethodException');
    }
  });

  test('an unknown field of an object names its type', async () => {
    const answer = await ask(sandbox, `${account}/campaigns`, { fields: 'id,foo' });
    expect(errorOf(answer.json).message).toBe(
      '(#100) Tried accessing nonexisting field (foo) on node type (Campaign)',
    );
  });

  test('ids= answers 500 with code 100', async () => {
    const answer = await ask(sandbox, '', { ids: '1,2' });
    expect(answer.status).toBe(500);
    expect(errorOf(answer.json)).toMatchObject({ code: 100 });
    expect(errorOf(answer.json).message).toContain('ids query parameter is deprecated');
  });

  test('a token goes in the header or in the address; a wrong one answers 190, none 104 or 2500', async () => {
    const bare = async (path: string, params: Params = {}) => {
      const answer = await read(await fetch(addressOf(sandbox, path, params)));
      return [answer.status, errorOf(answer.json)?.code];
    };
    expect(await bare('/v26.0/me', { access_token: sandbox.token })).toEqual([200, undefined]);
    expect(await bare('/v26.0/me', { access_token: 'EAAwrong' })).toEqual([400, 190]);
    expect(await bare('/v26.0/me')).toEqual([400, 2500]);
    expect(await bare(`/v26.0/${account}`)).toEqual([400, 104]);
  });

  test('a path that is nothing is answered, and the sandbox goes on', async () => {
    for (const path of ['/', '//', '/v26.0', '/v26.0/%ff%fe', '/v26.0/a/b/c/d']) {
      const response = await fetch(sandbox.url + path);
      expect(response.status).toBe(400);
      await response.text();
    }
    expect((await ask(sandbox, 'me')).status).toBe(200);
  });

  test('no parameter, however strange, is a fault of the sandbox itself', async () => {
    const strange = [
      '',
      '[',
      '[]',
      '{}',
      'null',
      '[null]',
      '[[1]]',
      '"',
      '5',
      '__proto__',
      '=,=',
      '\u0000🎈',
    ];
    const names = ['fields', 'level', 'breakdowns', 'time_range', 'time_increment', 'filtering'];
    const more = [
      'sort',
      'limit',
      'after',
      'before',
      'effective_status',
      'action_attribution_windows',
    ];
    for (const name of [...names, ...more, 'date_preset', 'updated_since', 'start_time']) {
      for (const value of strange) {
        for (const edge of ['insights', 'campaigns']) {
          const answer = await ask(sandbox, `${account}/${edge}`, { limit: 1, [name]: value });
          expect([200, 400], `${edge} ${name}=${value}: ${answer.text}`).toContain(answer.status);
        }
      }
    }
  });

  test('every answer says how much of the limits is used', async () => {
    const { headers } = await ask(sandbox, `${account}/insights`, { limit: 1 });
    const useCases = JSON.parse(headers.get('x-business-use-case-usage') ?? '{}');
    expect(useCases[sandbox.accountIds[0] ?? ''].map((use: Json) => use.type)).toContain(
      'ads_insights',
    );
    expect(JSON.parse(headers.get('x-app-usage') ?? '{}')).toHaveProperty('call_count');
    expect(JSON.parse(headers.get('x-ad-account-usage') ?? '{}')).toHaveProperty('acc_id_util_pct');
    expect(headers.get('x-fb-ads-insights-throttle')).toContain('acc_id_util_pct');
    const entities = await ask(sandbox, `${account}/campaigns`);
    expect(entities.headers.get('x-fb-ads-insights-throttle')).toBeNull();
    expect(entities.headers.get('x-business-use-case-usage')).toContain('ads_management');
  });
});
