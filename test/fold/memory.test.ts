import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchHead, type CampaignScope, landBatch } from '../../src/landing/batch.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { silent } from '../../src/progress.ts';
import { listQuarantine } from '../../src/quarantine.ts';
import { runStages, type StageReport } from '../../src/run.ts';
import type { Lake } from '../../src/zone.ts';
import { cacheFile, landingDir, rawFile } from '../../src/zone.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { fingerprints } from '../helpers/world.ts';

const dataset = META_DATASETS.find((one) => one.name === 'insights_campaign_day') as NonNullable<
  (typeof META_DATASETS)[number]
>;

interface Answer {
  readonly since: string;
  readonly until: string;
  readonly campaigns: CampaignScope;
  readonly complete: boolean;
  readonly object: string | null;
  readonly corrects: string | null;
  readonly pages: readonly (readonly unknown[] | 'torn')[];
}

function land(lake: Lake, answer: Answer, now = '2026-11-20T06:00:00.000Z'): void {
  const { since, until, campaigns, complete } = answer;
  const head: BatchHead = {
    dataset: dataset.name,
    account_id: '1',
    object_id: answer.object,
    source: answer.corrects === null ? 'api' : 'correction',
    scope: { since, until, campaigns, complete },
    today: '2026-11-20',
    api_version: 'v26.0',
    request: answer.corrects === null ? {} : { corrects: answer.corrects },
    timezone: 'Europe/Berlin',
    currency: 'EUR',
  };
  const pages = answer.pages.map((page) => ({
    bytes: Buffer.from(page === 'torn' ? '{"data":[{"camp' : JSON.stringify({ data: page })),
    rows: page === 'torn' ? null : page.length,
  }));
  landBatch(lake, dataset, { head, pages, now });
}

function foldAll(lake: Lake): Promise<readonly StageReport[]> {
  return runStages({ lake, selection: {}, progress: silent, stages: ['landing-to-raw'] });
}

/** What the cache remembers of each task, whether it wrote its files or found them. */
function remembered(lake: Lake): unknown {
  const folder = cacheFile(lake, 'tasks');
  return readdirSync(folder).map((name) => {
    const text = readFileSync(join(folder, name), 'utf8');
    const [, body = ''] = text.split('\n');
    return JSON.parse(body.replaceAll('"changed":true', '"changed":false'));
  });
}

const day = fc.integer({ min: 25, max: 36 }).map((number) => dayOf(number));
const campaign = fc.constantFrom('1', '2', '3', '4');

/** Days around a change of month: 25 is the 25th of October, 36 the 5th of November. */
function dayOf(number: number): string {
  return number > 31
    ? `2026-11-${String(number - 31).padStart(2, '0')}`
    : `2026-10-${String(number)}`;
}

const good = fc
  .tuple(campaign, day, fc.constantFrom('1.00', '2.50'))
  .map(([id, date, spend]) => ({ campaign_id: id, date_start: date, date_stop: date, spend }));
const bad = fc.oneof(
  good.map((row) => ({ ...row, spend: '12,30' })),
  good.map((row) => ({ ...row, campaign_id: 12 })),
  good.map((row) => ({ ...row, unknown_field: 'é' })),
  fc.constant('text'),
);
const page = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.array(fc.oneof({ weight: 5, arbitrary: good }, bad), { maxLength: 8 }),
  },
  { weight: 1, arbitrary: fc.constant('torn' as const) },
);
const scope: fc.Arbitrary<CampaignScope> = fc.oneof(
  fc.constant({ kind: 'all' as const }),
  fc.subarray(['1', '2', '3']).map((ids) => ({ kind: 'in' as const, ids })),
  fc.subarray(['1', '2', '3']).map((ids) => ({ kind: 'not_in' as const, ids })),
);

/** An answer; `corrects` is the place in quarantine of the record it mends, if it does. */
const sketch = fc.record({
  days: fc.tuple(day, day),
  campaigns: scope,
  complete: fc.boolean(),
  object: fc.constantFrom(null, null, null, '77'),
  corrects: fc.option(fc.nat({ max: 3 }), { freq: 6 }),
  pages: fc.array(page, { minLength: 0, maxLength: 2 }),
  isRunAfter: fc.boolean(),
});

describe('folding only what is new', () => {
  it('gives the files, counts and memory that folding everything gives', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(sketch, { minLength: 2, maxLength: 7 }), async (sketches) => {
        const lake = temporaryLake();
        for (const each of sketches) {
          const [since, until] = [...each.days].sort() as [string, string];
          const record = listQuarantine(lake, {})[each.corrects ?? -1];
          land(lake, { ...each, since, until, corrects: record?.id ?? null });
          if (each.isRunAfter) await foldAll(lake);
        }
        const reports = await foldAll(lake);
        const step = { files: fingerprints(lake, ['raw', 'quarantine']), tasks: remembered(lake) };
        for (const zone of ['raw', 'quarantine']) rmSync(join(lake.home, 'zones', zone), gone);
        rmSync(join(lake.home, 'cache'), gone);
        const all = await foldAll(lake);
        expect(step).toEqual({
          files: fingerprints(lake, ['raw', 'quarantine']),
          tasks: remembered(lake),
        });
        if (reports[0]?.done === all[0]?.done) {
          expect(reports[0]?.counts).toEqual(all[0]?.counts);
          expect(reports[0]?.notes).toEqual(all[0]?.notes);
        }
        rmSync(lake.home, gone);
      }),
      { numRuns: 25 },
    );
  });

  it('reads no page of an answer that is folded already', async () => {
    const lake = await lakeWithOneAnswer();
    const copy = temporaryLake();
    cpSync(lake.home, copy.home, { recursive: true });
    removePages(lake);
    for (const each of [lake, copy]) {
      land(each, answer([row('1', '2026-10-02', '3.00')], { since: '2026-10-02' }));
      const reports = await foldAll(each);
      expect(reports[0]?.notes).toEqual([]);
      // Two of the rows are the answers themselves, in the lake's log; three are added as versions.
      expect(reports[0]?.counts).toMatchObject({ in: 5, added: 3, out: 7, superseded: 1 });
    }
    expect(fingerprints(lake, ['raw'])).toEqual(fingerprints(copy, ['raw']));
  });

  it.each([
    ['the raw file was changed', 'raw'],
    ['the sidecar was changed', 'lineage'],
    ['the cache is gone', 'cache'],
    ['an older answer came up', 'landing'],
  ])('folds everything when %s', async (_, what) => {
    const lake = await lakeWithOneAnswer();
    const partition = { account_id: '1', month: '2026-10' };
    const raw = rawFile(lake, dataset, partition);
    if (what === 'raw') change(raw, '"1.00"', '"9.00"');
    if (what === 'lineage') change(raw.replace('.ndjson', '.lineage.csv'), 'EUR', 'USD');
    if (what === 'cache') rmSync(join(lake.home, 'cache'), gone);
    if (what === 'landing') landBefore(lake);
    land(lake, answer([row('1', '2026-10-02', '3.00')], { since: '2026-10-02' }));
    await foldAll(lake);
    const found = fingerprints(lake, ['raw', 'quarantine']);
    rmSync(join(lake.home, 'cache'), gone);
    rmSync(join(lake.home, 'zones', 'raw'), gone);
    await foldAll(lake);
    expect(found).toEqual(fingerprints(lake, ['raw', 'quarantine']));
    expect(readFileSync(raw, 'utf8').split('\n')).toHaveLength(3);
  });
});

const gone = { recursive: true, force: true };

function row(campaign: string, date: string, spend: string): Record<string, string> {
  return { campaign_id: campaign, date_start: date, date_stop: date, spend };
}

function answer(page: readonly unknown[], more: Partial<Answer> = {}): Answer {
  return {
    since: '2026-10-01',
    until: '2026-10-31',
    campaigns: { kind: 'all' },
    complete: true,
    object: null,
    corrects: null,
    pages: [page],
    ...more,
  };
}

async function lakeWithOneAnswer(): Promise<Lake> {
  const lake = temporaryLake();
  land(lake, answer([row('1', '2026-10-01', '1.00'), row('1', '2026-10-02', '2.00')]));
  await foldAll(lake);
  return lake;
}

function change(path: string, from: string, to: string): void {
  writeFileSync(path, readFileSync(path, 'utf8').replace(from, to));
}

function removePages(lake: Lake): void {
  const folder = landingDir(lake, dataset, '1');
  for (const name of readdirSync(folder)) rmSync(join(folder, name, 'page-00001.json'));
}

/** An answer for another campaign that is stamped before the one that is there, which withdraws it. */
function landBefore(lake: Lake): void {
  const other = temporaryLake();
  const campaigns: CampaignScope = { kind: 'in', ids: ['5'] };
  land(other, answer([row('5', '2026-10-01', '5.00')], { campaigns }), '2026-11-01T06:00:00.000Z');
  const [from, to] = [landingDir(other, dataset, '1'), landingDir(lake, dataset, '1')];
  cpSync(from, to, { recursive: true });
}
