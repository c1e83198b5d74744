import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type BatchHead,
  campaignInScope,
  landBatch,
  listBatches,
  readPage,
} from '../../src/landing/batch.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { batchDir } from '../../src/zone.ts';
import { temporaryLake } from '../helpers/lake.ts';

const dataset = META_DATASETS[1] as (typeof META_DATASETS)[number];
const head: BatchHead = {
  dataset: dataset.name,
  account_id: '1',
  object_id: null,
  source: 'api',
  scope: { since: null, until: null, campaigns: { kind: 'all' }, complete: true },
  today: '2026-11-01',
  api_version: 'v26.0',
  request: {},
  timezone: 'Europe/Berlin',
  currency: 'EUR',
};
const pages = [{ bytes: Buffer.from('{"data":[]}'), rows: 0 }];
const now = '2026-11-01T10:00:00.000Z';

describe('a landing batch', () => {
  it('is read back with its pages', () => {
    const lake = temporaryLake();
    const batch = landBatch(lake, dataset, { head, pages, now });
    expect(listBatches(lake, dataset, '1')).toEqual([batch]);
    const page = batch.pages[0] as (typeof batch.pages)[number];
    expect(readPage(lake, dataset, { batch, page })?.toString()).toBe('{"data":[]}');
  });

  it('is not there without its _batch.json', () => {
    const lake = temporaryLake();
    const batch = landBatch(lake, dataset, { head, pages, now });
    rmSync(join(batchDir(lake, dataset, batch), '_batch.json'));
    expect(listBatches(lake, dataset, '1')).toEqual([]);
  });

  it('gives no page whose bytes were changed', () => {
    const lake = temporaryLake();
    const batch = landBatch(lake, dataset, { head, pages, now });
    const page = batch.pages[0] as (typeof batch.pages)[number];
    writeFileSync(join(batchDir(lake, dataset, batch), page.file), '{"data":[1]}');
    expect(readPage(lake, dataset, { batch, page })).toBeNull();
  });

  it('is later than every batch before it, even when the clock goes back', () => {
    const lake = temporaryLake();
    const first = landBatch(lake, dataset, { head, pages, now });
    const second = landBatch(lake, dataset, { head, pages, now });
    const third = landBatch(lake, dataset, { head, pages, now: '2020-01-01T00:00:00.000Z' });
    expect([first.landed_at, second.landed_at, third.landed_at]).toEqual([
      '2026-11-01T10:00:00.000Z',
      '2026-11-01T10:00:00.001Z',
      '2026-11-01T10:00:00.002Z',
    ]);
    const ids = listBatches(lake, dataset, '1').map((batch) => batch.batch_id);
    expect(ids).toEqual([first.batch_id, second.batch_id, third.batch_id]);
  });
});

describe('campaignInScope', () => {
  it.each([
    [{ kind: 'all' }, '1', true],
    [{ kind: 'all' }, null, true],
    [{ kind: 'in', ids: ['1'] }, '1', true],
    [{ kind: 'in', ids: ['1'] }, '2', false],
    [{ kind: 'not_in', ids: ['1'] }, '1', false],
    [{ kind: 'not_in', ids: ['1'] }, '2', true],
    [{ kind: 'not_in', ids: ['1'] }, null, false],
  ] as const)('%j holds campaign %s: %s', (scope, campaign, expected) => {
    expect(campaignInScope(scope, campaign)).toBe(expected);
  });
});
