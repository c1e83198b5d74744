import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Sandbox, startSandbox } from '../../src/sandbox/index.ts';
import { type Asked, ask, askUrl, type Json, type Params } from './ask.ts';

let sandbox: Sandbox;
let account: string;

beforeAll(async () => {
  sandbox = await startSandbox({ today: '2026-03-20' });
  account = `act_${sandbox.accountIds[0]}`;
});
afterAll(() => sandbox.close());

const INSIGHTS = {
  level: 'ad',
  fields: 'ad_id,spend,actions',
  time_increment: 1,
  time_range: { since: '2026-03-14', until: '2026-03-20' },
};

interface Paging {
  readonly cursors: { readonly before: string; readonly after: string };
  readonly next?: string;
  readonly previous?: string;
}
const pagingOf = (answer: Asked) => answer.json.paging as Paging;

/** Every page, by cursor or by `next`. */
async function pages(
  path: string,
  params: Params,
  by: 'after' | 'next',
): Promise<readonly Asked[]> {
  const found: Asked[] = [];
  let answer = await ask(sandbox, path, params);
  for (;;) {
    found.push(answer);
    const { next, cursors } = pagingOf(answer);
    if (next === undefined) return found;
    answer =
      by === 'next'
        ? await askUrl(sandbox, next)
        : await ask(sandbox, path, { ...params, after: cursors.after });
  }
}

test.each([
  ['insights', INSIGHTS],
  ['campaigns', { fields: 'id,name' }],
  ['ads', { fields: 'id,adset_id' }],
])('walking %s by cursor, by next, and in one page gives the same rows', async (edge, params) => {
  const path = `${account}/${edge}`;
  const whole = (await ask(sandbox, path, { ...params, limit: 1000 })).data;
  expect(whole.length).toBeGreaterThan(10);
  for (const by of ['after', 'next'] as const) {
    const walked = await pages(path, { ...params, limit: 7 }, by);
    expect(walked.length).toBe(Math.ceil(whole.length / 7));
    expect(walked.flatMap((page) => page.data)).toEqual(whole);
  }
});

test('a page has 25 rows unless another limit is asked for', async () => {
  expect((await ask(sandbox, `${account}/insights`, INSIGHTS)).data).toHaveLength(25);
});

test('next is absolute and carries the token; the last page has cursors and no next', async () => {
  const walked = await pages(`${account}/insights`, { ...INSIGHTS, limit: 100 }, 'next');
  for (const page of walked.slice(0, -1)) {
    const next = new URL(pagingOf(page).next ?? '');
    expect(next.origin).toBe(sandbox.url);
    expect(next.searchParams.get('access_token')).toBe(sandbox.token);
  }
  const last = pagingOf(walked.at(-1) as Asked);
  expect(last).not.toHaveProperty('next');
  expect(last.cursors.after).not.toBe('');
});

test('cursors of insights are the row index in base64 with = written ZD', async () => {
  const page = await ask(sandbox, `${account}/insights`, { ...INSIGHTS, limit: 24 });
  expect(pagingOf(page).cursors).toEqual({ before: 'MAZDZD', after: 'MjMZD' });
  expect(pagingOf(page)).not.toHaveProperty('previous');
});

test('previous leads back to the page before', async () => {
  const path = `${account}/insights`;
  const first = await ask(sandbox, path, { ...INSIGHTS, limit: 10 });
  const second = await askUrl(sandbox, pagingOf(first).next ?? '');
  const back = await askUrl(sandbox, pagingOf(second).previous ?? '');
  expect(back.data).toEqual(first.data);
});

test('an empty list has no paging at all, and a cursor past the end gives it', async () => {
  const future = { ...INSIGHTS, time_range: { since: '2026-03-21', until: '2026-03-22' } };
  expect((await ask(sandbox, `${account}/insights`, future)).text).toBe('{"data":[]}');
  const after = Buffer.from('99999').toString('base64').replaceAll('=', 'ZD');
  expect((await ask(sandbox, `${account}/insights`, { ...INSIGHTS, after })).text).toBe(
    '{"data":[]}',
  );
});

test('a cursor of another list is refused', async () => {
  const { cursors } = pagingOf(await ask(sandbox, `${account}/ads`, { limit: 2 }));
  const answer = await ask(sandbox, `${account}/campaigns`, { after: cursors.after });
  expect((answer.json.error as Json).code).toBe(2642);
});
