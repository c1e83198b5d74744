import { describe, expect, it } from 'vitest';
import { flawOfBatch } from '../src/batch-shape.ts';
import { loadedBatch } from './helpers/batches.ts';

const PAGE = { file: 'page-00001.json', sha256: 'a'.repeat(64), bytes: 3, rows: 1 };
const GOOD = {
  ...loadedBatch({ pages: [] }).batch,
  landed_at: '2026-11-01T00:00:00.001Z',
  pages: [PAGE],
};

describe('the description of a batch', () => {
  it('is one when it has all that a batch has', () => {
    expect(flawOfBatch(GOOD)).toBeNull();
  });

  it('may have a time zone by an older name', () => {
    expect(flawOfBatch({ ...GOOD, timezone: 'US/Pacific' })).toBeNull();
  });

  it.each([
    ['a page in another folder', { pages: [{ ...PAGE, file: '../secret.json' }] }, 'pages'],
    ['a page by its whole path', { pages: [{ ...PAGE, file: '/etc/passwd' }] }, 'pages'],
    ['an account that leads elsewhere', { account_id: '../..' }, 'account_id'],
    ['a day that is none', { today: '2026-02-30' }, 'today'],
    ['a time zone that is none', { timezone: 'Nowhere/Nope' }, 'timezone'],
    ['a scope without campaigns', { scope: { ...GOOD.scope, campaigns: null } }, 'scope'],
    ['a source that nobody knows', { source: 'rumour' }, 'source'],
  ])('with %s is refused, and what is wrong is named', (_, change, name) => {
    expect(flawOfBatch({ ...GOOD, ...change })).toBe(`has no usable ${name}`);
  });

  it.each([[null], [[]], ['text'], [3]])('that is %j is none', (value) => {
    expect(flawOfBatch(value)).toBe('is no JSON object');
  });
});
