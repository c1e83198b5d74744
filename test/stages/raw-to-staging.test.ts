import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeCsv } from '../../src/csv.ts';
import type { Dataset } from '../../src/dataset.ts';
import { formatLineage, LINEAGE_COLUMNS } from '../../src/fold/lineage.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { silent } from '../../src/progress.ts';
import { listQuarantine } from '../../src/quarantine.ts';
import {
  addsUp,
  type Selection,
  type StageContext,
  type Task,
  type TaskOutcome,
} from '../../src/stage.ts';
import { rawToStaging } from '../../src/stages/raw-to-staging.ts';
import { type Lake, lineageFile, rawFile, stagingFile } from '../../src/zone.ts';
import { temporaryLake } from '../helpers/lake.ts';
import { lineage } from '../helpers/raw.ts';

const MONTH = { account_id: '1', month: '2026-10' };
const AD_DAY = datasetNamed('insights_ad_day');
const CAMPAIGN_DAY = datasetNamed('insights_campaign_day');

function datasetNamed(name: string): Dataset {
  const dataset = DATASETS.find((one) => one.name === name);
  if (dataset === undefined) throw new Error(name);
  return dataset;
}

/** Writes a raw file with its sidecar, as landing-to-raw would. */
function putRaw(lake: Lake, records: readonly unknown[], into = { dataset: AD_DAY, at: MONTH }) {
  const raw = rawFile(lake, into.dataset, into.at);
  mkdirSync(dirname(raw), { recursive: true });
  writeFileSync(raw, records.map((record) => `${JSON.stringify(record)}\n`).join(''));
  const sidecar = [
    LINEAGE_COLUMNS.join(','),
    ...records.map((_, at) => formatLineage(lineage({ row: at + 1 }))),
  ];
  writeFileSync(lineageFile(lake, into.dataset, into.at), `${sidecar.join('\n')}\n`);
}

function day(ad: string, date: string, more: Readonly<Record<string, unknown>> = {}): unknown {
  return { ad_id: ad, date_start: date, date_stop: date, impressions: '10', ...more };
}

/** Plans and does the stage as a run does, and remembers what is fresh. */
function runner(lake: Lake) {
  const memory = new Map<string, TaskOutcome & { readonly fingerprint: string }>();
  const contextOf = (selection: Selection): StageContext => ({
    lake,
    datasets: DATASETS,
    selection,
    progress: silent,
    outputsOf: (id) => memory.get(id)?.outputs ?? [],
    fingerprintOf: (id) => memory.get(id)?.fingerprint ?? null,
    memoryOf: () => null,
  });
  const plan = async (selection: Selection = {}): Promise<readonly Task[]> =>
    rawToStaging.plan(contextOf(selection));
  const run = async (selection: Selection = {}): Promise<readonly TaskOutcome[]> => {
    const outcomes: TaskOutcome[] = [];
    for (const task of await plan(selection)) {
      if (task.state === 'fresh') continue;
      const outcome = await rawToStaging.execute(contextOf(selection), task);
      expect(addsUp(outcome.counts), task.id).toBe(true);
      memory.set(task.id, { ...outcome, fingerprint: task.fingerprint });
      outcomes.push(outcome);
    }
    return outcomes;
  };
  return { plan, run };
}

function rowsOf(lake: Lake, dataset = AD_DAY, at = MONTH): readonly Record<string, unknown>[] {
  const [head = [], ...rows] = decodeCsv(readFileSync(stagingFile(lake, dataset, at)));
  return rows.map((row) => Object.fromEntries(head.map((name, index) => [name, row[index]])));
}

describe('raw-to-staging', () => {
  it('writes one sorted file per raw file, and then has nothing to do', async () => {
    const lake = temporaryLake();
    putRaw(lake, [day('9', '2026-10-02'), day('10', '2026-10-02'), day('9', '2026-10-01')]);
    const { plan, run } = runner(lake);
    expect((await plan()).map((task) => [task.id, task.state])).toEqual([
      ['raw-to-staging/insights_ad_day/account_id=1/month=2026-10', 'missing'],
    ]);
    const [outcome] = await run();
    expect(outcome?.counts).toMatchObject({ in: 3, out: 3, quarantined: 0 });
    expect(outcome?.outputs).toMatchObject([{ rows: 3, changed: true }]);
    expect(rowsOf(lake).map((row) => [row.date, row.ad_id])).toEqual([
      ['2026-10-01', '9'],
      ['2026-10-02', '10'],
      ['2026-10-02', '9'],
    ]);
    const before = statSync(stagingFile(lake, AD_DAY, MONTH)).mtimeMs;
    expect((await plan()).map((task) => task.state)).toEqual(['fresh']);
    expect(await run()).toEqual([]);
    expect(statSync(stagingFile(lake, AD_DAY, MONTH)).mtimeMs).toBe(before);
  });

  it('gives the same bytes for raw records in any order', async () => {
    const lake = temporaryLake();
    const records = ['1', '2', '3', '4', '5'].flatMap((ad) => [
      day(ad, '2026-10-01', { spend: `${ad}.10` }),
      day(ad, '2026-10-02'),
    ]);
    putRaw(lake, records);
    await runner(lake).run();
    const bytes = readFileSync(stagingFile(lake, AD_DAY, MONTH), 'utf8');
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(records, { minLength: 10 }), async (shuffled) => {
        putRaw(lake, shuffled);
        await runner(lake).run();
        expect(readFileSync(stagingFile(lake, AD_DAY, MONTH), 'utf8')).toBe(bytes);
      }),
      { numRuns: 10 },
    );
  });

  it('does a partition again when raw, its lineage or the file itself changed', async () => {
    const lake = temporaryLake();
    putRaw(lake, [day('1', '2026-10-01')]);
    const { plan, run } = runner(lake);
    await run();
    const states = async () => (await plan()).map((task) => task.state);
    putRaw(lake, [day('1', '2026-10-01', { spend: '5' })]);
    expect(await states()).toEqual(['stale']);
    await run();
    expect(rowsOf(lake)[0]).toMatchObject({ spend: '5' });
    writeFileSync(
      lineageFile(lake, AD_DAY, MONTH),
      `${LINEAGE_COLUMNS.join(',')}\n${formatLineage(lineage({ pulled_on: '2026-10-21' }))}\n`,
    );
    expect(await states()).toEqual(['stale']);
    await run();
    expect(rowsOf(lake)[0]).toMatchObject({ pulled_on: '2026-10-21' });
    rmSync(stagingFile(lake, AD_DAY, MONTH));
    expect(await states()).toEqual(['missing']);
  });

  it('quarantines what the staging contract refuses, and the rest goes on', async () => {
    const lake = temporaryLake();
    const fraction = { actions: [{ action_type: 'comment', value: '1.5' }] };
    putRaw(lake, [day('1', '2026-10-01', fraction), day('2', '2026-10-01')]);
    const { run } = runner(lake);
    const [outcome] = await run();
    expect(outcome?.counts).toMatchObject({ in: 2, out: 1, quarantined: 1 });
    expect(rowsOf(lake).map((row) => row.ad_id)).toEqual(['2']);
    expect(listQuarantine(lake, {})).toMatchObject([
      { zone: 'staging', dataset: 'insights_ad_day', row: 1, pointer: '/comments' },
    ]);
    putRaw(lake, [day('1', '2026-10-01'), day('2', '2026-10-01')]);
    await run();
    expect(listQuarantine(lake, {})).toEqual([]);
  });

  it('refuses a second row with the same key, and takes an exact repetition once', async () => {
    const lake = temporaryLake();
    putRaw(lake, [
      day('1', '2026-10-01', { spend: '1' }),
      day('1', '2026-10-01', { spend: '1' }),
      day('1', '2026-10-01', { spend: '2' }),
    ]);
    const [outcome] = await runner(lake).run();
    expect(outcome?.counts).toMatchObject({ in: 3, out: 1, superseded: 1, quarantined: 1 });
    expect(rowsOf(lake).map((row) => row.spend)).toEqual(['1']);
    const [refused] = listQuarantine(lake, {});
    expect(refused?.reason).toMatch(/second row with the key account_id 1, date 2026-10-01/);
  });

  it('keeps rows apart that differ only in a breakdown that was not sent, NULL first', async () => {
    const lake = temporaryLake();
    const into = { dataset: datasetNamed('insights_country_day'), at: MONTH };
    const row = { campaign_id: '1', date_start: '2026-10-01', date_stop: '2026-10-01' };
    putRaw(lake, [{ ...row, country: 'DE' }, { ...row, country: '' }, row], into);
    await runner(lake).run();
    const countries = rowsOf(lake, into.dataset).map((one) => one.country);
    expect(countries).toEqual([null, '', 'DE']);
  });

  it('accounts for records that become many rows or none', async () => {
    const lake = temporaryLake();
    const into = { dataset: datasetNamed('pixel_events_hour'), at: MONTH };
    const bucket = (hour: string, names: readonly string[]) => ({
      start_time: `2026-10-01T${hour}:00:00+0200`,
      data: names.map((value) => ({ value, count: 1 })),
    });
    putRaw(lake, [bucket('09', ['b', 'a', 'c']), bucket('10', [])], into);
    writeFileSync(
      lineageFile(lake, into.dataset, MONTH),
      `${[LINEAGE_COLUMNS.join(','), ...[1, 2].map((row) => formatLineage(lineage({ row, object_id: '7' })))].join('\n')}\n`,
    );
    const [outcome] = await runner(lake).run();
    expect(outcome?.counts).toMatchObject({ in: 2, added: 1, out: 3 });
    expect(rowsOf(lake, into.dataset).map((row) => row.event)).toEqual(['a', 'b', 'c']);
  });

  it('writes a file without rows when all were refused', async () => {
    const lake = temporaryLake();
    putRaw(lake, [day('1', '2026-10-01', { spend: '1234567890123.00' })]);
    const { plan, run } = runner(lake);
    expect((await run())[0]?.counts).toMatchObject({ in: 1, out: 0, quarantined: 1 });
    expect(rowsOf(lake)).toEqual([]);
    expect((await plan()).map((task) => task.state)).toEqual(['fresh']);
  });

  it('removes what it made of a raw file that is gone', async () => {
    const lake = temporaryLake();
    putRaw(lake, [day('1', '2026-10-01', { spend: '1234567890123' })]);
    const { plan, run } = runner(lake);
    await run();
    rmSync(rawFile(lake, AD_DAY, MONTH));
    rmSync(lineageFile(lake, AD_DAY, MONTH));
    expect((await plan()).map((task) => task.state)).toEqual(['stale']);
    expect((await run())[0]).toMatchObject({ outputs: [], counts: { in: 0, out: 0 } });
    expect(existsSync(stagingFile(lake, AD_DAY, MONTH))).toBe(false);
    expect(listQuarantine(lake, {})).toEqual([]);
    expect(await plan()).toEqual([]);
  });

  it.each([
    ['has more lines', (lake: Lake) => writeFileSync(rawFile(lake, AD_DAY, MONTH), '{}\n{}\n')],
    ['has fewer lines', (lake: Lake) => writeFileSync(rawFile(lake, AD_DAY, MONTH), '')],
    ['is not JSON', (lake: Lake) => writeFileSync(rawFile(lake, AD_DAY, MONTH), '{"ad_id":\n')],
    ['has lost its sidecar', (lake: Lake) => rmSync(lineageFile(lake, AD_DAY, MONTH))],
  ])('stops with a remedy when raw %s, and leaves staging as it was', async (_, damage) => {
    const lake = temporaryLake();
    putRaw(lake, [day('1', '2026-10-01')]);
    const { run } = runner(lake);
    await run();
    const before = readFileSync(stagingFile(lake, AD_DAY, MONTH));
    damage(lake);
    await expect(run()).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      remedy: expect.stringContaining('landing-to-raw'),
    });
    expect(readFileSync(stagingFile(lake, AD_DAY, MONTH))).toEqual(before);
  });

  it('says in how many rows the reported ratios are not what their parts give', async () => {
    const lake = temporaryLake();
    const wrong = { clicks: '1', spend: '2.00', cpc: '9' };
    putRaw(lake, [day('1', '2026-10-01', wrong), day('2', '2026-10-01')]);
    expect((await runner(lake).run())[0]?.notes).toEqual([
      expect.stringMatching(/^insights_ad_day: in 1 row .*reported_agrees/),
    ]);
  });

  it('is narrowed by account, dataset and days', async () => {
    const lake = temporaryLake();
    for (const account_id of ['1', '2']) {
      for (const month of ['2026-09', '2026-10']) {
        putRaw(lake, [], { dataset: AD_DAY, at: { account_id, month } });
        putRaw(lake, [], { dataset: CAMPAIGN_DAY, at: { account_id, month } });
      }
    }
    const { plan } = runner(lake);
    const count = async (selection: Selection) => (await plan(selection)).length;
    expect(await count({})).toBe(8);
    expect(await count({ accounts: ['2'] })).toBe(4);
    expect(await count({ datasets: ['insights_ad_day'] })).toBe(4);
    expect(await count({ since: '2026-10-05' })).toBe(4);
    expect(await count({ until: '2026-09-01', accounts: ['1'] })).toBe(2);
  });

  it('takes a name of 10 MB', async () => {
    const lake = temporaryLake();
    const name = `a,"b"\n${'x'.repeat(10_000_000)}`;
    putRaw(lake, [day('1', '2026-10-01', { ad_name: name }), day('2', '2026-10-01')]);
    await runner(lake).run();
    expect(rowsOf(lake).map((row) => row.ad_name === name)).toEqual([true, false]);
  });
});
