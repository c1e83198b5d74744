import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import type { Dataset } from '../../src/dataset.ts';
import { correct, land } from '../../src/landing/land.ts';
import { DATASETS } from '../../src/pipeline.ts';
import { silent } from '../../src/progress.ts';
import { findQuarantined, listQuarantine } from '../../src/quarantine.ts';
import { runStages } from '../../src/run.ts';
import { type Lake, rawFile, stagingFile } from '../../src/zone.ts';
import { temporaryLake } from '../helpers/lake.ts';

const now = '2026-11-20T12:00:00.000Z';

function datasetNamed(name: string): Dataset {
  const dataset = DATASETS.find((one) => one.name === name);
  if (dataset === undefined) throw new Error(name);
  return dataset;
}

function landPages(
  lake: Lake,
  name: string,
  pages: readonly (string | Buffer)[],
  accountId = '1',
): void {
  const folder = join(lake.home, 'saved');
  mkdirSync(folder, { recursive: true });
  const files = pages.map((page, index) => {
    const file = join(folder, `${name}-${index}.json`);
    writeFileSync(file, page);
    return file;
  });
  land({
    lake,
    dataset: datasetNamed(name),
    accountId,
    files,
    now,
    today: null,
    timezone: null,
    currency: null,
    dryRun: false,
  });
}

async function toStaging(lake: Lake): Promise<void> {
  await runStages({
    lake,
    selection: {},
    progress: silent,
    stages: ['landing-to-raw', 'raw-to-staging'],
  });
}

function rawLines(lake: Lake, name: string, month: string, account_id = '1'): readonly string[] {
  const path = rawFile(lake, datasetNamed(name), { account_id, month });
  return existsSync(path) ? readFileSync(path, 'utf8').trimEnd().split('\n') : [];
}

function day(campaign: string, more: object = {}): object {
  return {
    campaign_id: campaign,
    date_start: '2026-10-01',
    date_stop: '2026-10-01',
    spend: '1.50',
    impressions: '3',
    ...more,
  };
}

describe('captured pages', () => {
  it.each([
    ['a page', JSON.stringify({ data: [day('1'), day('2')], paging: {} })],
    ['a list of pages', JSON.stringify([{ data: [day('1')] }, { data: [day('2')] }])],
    ['a list of rows', JSON.stringify([day('1'), day('2')], null, 2)],
    ['a row a line', `${JSON.stringify(day('1'))}\n${JSON.stringify(day('2'))}\n`],
    [
      'entities with nested insights',
      JSON.stringify({
        data: [{ id: '1', insights: { data: [day('1'), day('2')] } }, { id: '3' }],
      }),
    ],
  ])('land as %s and flow through the stages', async (_, text) => {
    const lake = temporaryLake();
    landPages(lake, 'insights_campaign_day', [text]);
    await toStaging(lake);
    expect(rawLines(lake, 'insights_campaign_day', '2026-10')).toHaveLength(2);
  });

  it('leave the token behind', async () => {
    const lake = temporaryLake();
    const next = 'https://graph.facebook.com/v26.0/act_1/insights?access_token=EAAcanary&after=x';
    landPages(lake, 'insights_campaign_day', [
      JSON.stringify({ data: [day('1')], paging: { next } }),
    ]);
    await toStaging(lake);
    const found = grepLake(lake, 'EAAcanary');
    expect(found).toBe('');
  });

  it('that are broken go to quarantine, and the rest goes on', async () => {
    const lake = temporaryLake();
    const whole = JSON.stringify({ data: [day('1')] });
    landPages(lake, 'insights_campaign_day', [
      whole,
      whole.slice(0, 30),
      '<html>',
      '',
      JSON.stringify({ error: { code: 190 } }),
    ]);
    await toStaging(lake);
    expect(rawLines(lake, 'insights_campaign_day', '2026-10')).toHaveLength(1);
    expect(
      listQuarantine(lake, {})
        .map((one) => one.reason.slice(0, 20))
        .sort(),
    ).toEqual([
      'the page is an error',
      'the page is empty',
      'the page is not JSON',
      'the page is not JSON',
    ]);
  });

  it('keep a field the contract does not know, and the run says so once', async () => {
    const lake = temporaryLake();
    const later = { date_start: '2026-11-01', date_stop: '2026-11-01' };
    const records = [day('1', { brand_new: '1' }), day('1', { brand_new: '2', ...later })];
    landPages(lake, 'insights_campaign_day', [JSON.stringify({ data: records })]);
    const [report] = await runStages({ lake, selection: {}, progress: silent });
    expect(report?.notes).toEqual([
      'insights_campaign_day: came with "brand_new", a field the contract does not know (kept in raw)',
    ]);
    expect(rawLines(lake, 'insights_campaign_day', '2026-10')[0]).toContain('"brand_new":"1"');
  });

  it('that are mended by a person leave quarantine', async () => {
    const lake = temporaryLake();
    landPages(lake, 'insights_campaign_day', [
      JSON.stringify({ data: [day('1', { spend: '12,30' })] }),
    ]);
    await toStaging(lake);
    const id = listQuarantine(lake, {})[0]?.id ?? '';
    const record = findQuarantined(lake, id);
    if (record === null) throw new Error('not found');
    const dataset = datasetNamed('insights_campaign_day');
    correct(lake, dataset, { record, changes: [{ pointer: '/spend', value: '12.30' }], now });
    await toStaging(lake);
    expect(listQuarantine(lake, {})).toEqual([]);
    expect(rawLines(lake, 'insights_campaign_day', '2026-10')[0]).toContain('"spend":"12.30"');
  });
});

const ENTITY_ACCOUNT = '10152412627713995';
const recordings = fileURLToPath(
  new URL('../../shared/fixtures/graph-recordings', import.meta.url),
);

describe.skipIf(!existsSync(recordings))('recorded answers of a production extractor', () => {
  it('arrive whole: every ad, ad set and campaign', async () => {
    const lake = temporaryLake();
    for (const [edge, name, table] of [
      ['/ads', 'ads', 'ads'],
      ['/adsets', 'ad_sets', 'adsets'],
      ['/campaigns', 'campaigns', 'campaigns'],
    ] as const) {
      landPages(lake, name, pagesOf('ads.json', edge), ENTITY_ACCOUNT);
      await toStaging(lake);
      const ids = rawLines(lake, name, 'all', ENTITY_ACCOUNT).map(
        (line) => (JSON.parse(line) as { id: string }).id,
      );
      const names = rawLines(lake, name, 'all', ENTITY_ACCOUNT).map(
        (line) => (JSON.parse(line) as { name: string }).name,
      );
      const rows = tableOf('ads', table);
      expect(ids.sort()).toEqual(rows.map((row) => row[0]).sort());
      expect(names.sort()).toEqual(rows.map((row) => row[4]).sort());
    }
    expect(grepLake(lake)).toBe('');
  });

  it('arrive whole: every insight row, with the sums of the tables made of them', async () => {
    const lake = temporaryLake();
    landPages(lake, 'insights_ad_day', pagesOf('adsinsights.json', ''));
    await toStaging(lake);
    const rows = tableOf('adsinsights', 'ads_insights');
    const days = new Map(rows.map((row) => [`${row[6]} ${row[8]}`, row]));
    const months = [...new Set(rows.map((row) => row[8]?.slice(0, 7) ?? ''))];
    const landed = months
      .flatMap((month) => rawLines(lake, 'insights_ad_day', month))
      .map((line) => JSON.parse(line) as Record<string, string>);
    expect(landed.map((row) => `${row.ad_id} ${row.date_start}`).sort()).toEqual(
      [...days.keys()].sort(),
    );
    for (const [field, column] of [
      ['clicks', 7],
      ['impressions', 10],
      ['reach', 11],
    ] as const) {
      expect(sum(landed.map((row) => row[field]))).toBe(
        sum([...days.values()].map((row) => row[column])),
      );
    }
    for (const row of landed) {
      expect(row.spend).toBe(days.get(`${row.ad_id} ${row.date_start}`)?.[12]);
    }
    const staged = months.reduce((count, month) => count + stagedRows(lake, month), 0);
    expect(staged).toBe(days.size);
    expect(grepLake(lake)).toBe('');
    expect(listQuarantine(lake, {})).toEqual([]);
  });
});

function pagesOf(file: string, edge: string): readonly string[] {
  const list = JSON.parse(readFileSync(join(recordings, 'recordings', file), 'utf8')) as {
    request: { url: string };
    response: { body: unknown };
  }[];
  return list
    .filter((one) => new URL(one.request.url).pathname.endsWith(edge))
    .map((one) => JSON.stringify(one.response.body));
}

function tableOf(folder: string, table: string): readonly (readonly string[])[] {
  const path = join(recordings, folder, 'out', 'tables', table);
  const [file] = execFileSync('ls', [path], { encoding: 'utf8' }).trim().split('\n');
  return parse(readFileSync(join(path, file ?? '')));
}

function stagedRows(lake: Lake, month: string): number {
  const path = stagingFile(lake, datasetNamed('insights_ad_day'), { account_id: '1', month });
  return (parse(readFileSync(path)) as unknown[]).length - 1;
}

function sum(values: readonly (string | undefined)[]): number {
  return values.reduce((total, value) => total + Number(value), 0);
}

function grepLake(lake: Lake, secret = 'XXTOKENXX'): string {
  const script = 'grep -rl "$2" "$1/zones" || true';
  return execFileSync('sh', ['-c', script, 'sh', lake.home, secret], { encoding: 'utf8' }).trim();
}
