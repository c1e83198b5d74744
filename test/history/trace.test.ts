import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { trace } from '../../src/history/trace.ts';
import { landBatch } from '../../src/landing/batch.ts';
import { META_DATASETS } from '../../src/platforms/meta/datasets.ts';
import { adlake } from '../helpers/command-line.ts';
import { keptLake } from '../helpers/lake.ts';
import { runAll } from '../helpers/world.ts';

const lake = keptLake();
const [SHOP, TOUR, DAY] = ['120210000000000011', '120210000000000012', '2026-10-01'];
type Row = Readonly<Record<string, unknown>>;

function row(id: string, spend: string, count: string): Row {
  return {
    campaign_id: id,
    campaign_name: id === SHOP ? 'Shop\n"sale"' : 'Tour',
    date_start: DAY,
    date_stop: DAY,
    spend,
    impressions: '1000',
    clicks: '20',
    actions: [{ action_type: 'omni_purchase', value: count }],
    action_values: [{ action_type: 'omni_purchase', value: `${count}0.50` }],
  };
}

function land(today: string, rows: readonly Row[]): void {
  const dataset = META_DATASETS.find(({ name }) => name === 'insights_campaign_day');
  if (dataset === undefined) throw new Error('no dataset');
  landBatch(lake, dataset, {
    head: {
      dataset: dataset.name,
      account_id: '1001',
      object_id: null,
      source: 'api',
      scope: { since: DAY, until: DAY, campaigns: { kind: 'all' }, complete: true },
      today,
      api_version: 'v26.0',
      request: {},
      timezone: 'America/New_York',
      currency: 'USD',
    },
    pages: [{ bytes: Buffer.from(JSON.stringify({ data: rows })), rows: rows.length }],
    now: `${today}T12:00:00.000Z`,
  });
}

beforeAll(async () => {
  land('2026-10-02', [row(TOUR, '5.00', '1'), row(SHOP, '10.10', '1')]);
  land('2026-10-03', [row(TOUR, '5.00', '1'), row(SHOP, '10.10', '1')]);
  land('2026-10-04', [row(TOUR, '5.00', '1'), row(SHOP, '12,30', '2')]);
  land('2026-10-30', [row(SHOP, '10.10', '3')]);
  await runAll(lake);
});

describe('a trace', () => {
  it('leads from the curated figure to the record of landing, through every zone', async () => {
    const [found, ...others] = await trace(lake, {
      level: 'campaign',
      id: SHOP,
      date: DAY,
      metric: 'conversions',
    });
    expect(others).toEqual([]);
    expect(found).toMatchObject({
      account_id: '1001',
      currency: 'USD',
      is_settled: true,
      agrees: true,
      curated: {
        file: join(
          'zones',
          'curated',
          'metaads',
          'campaign_day',
          'account_id=1001',
          'month=2026-10.parquet',
        ),
        values: { conversions: '3' },
      },
      staging: { row: 1, values: { conversions: '3' } },
      raw: { row: 1 },
      landing: { page: 'page-00001.json', row: 1, asked_on: '2026-10-30' },
    });
    const page = JSON.parse(
      readFileSync(
        join(lake.home, found?.landing?.folder ?? '', found?.landing?.page ?? ''),
        'utf8',
      ),
    ) as { readonly data: readonly Row[] };
    expect(page.data[(found?.landing?.row ?? 0) - 1]).toEqual(row(SHOP, '10.10', '3'));
    expect(JSON.parse(found?.raw?.record ?? '')).toEqual(row(SHOP, '10.10', '3'));
  });

  it('has every version that was received, with what was refused and why', async () => {
    const [found] = await trace(lake, {
      level: 'campaign',
      id: SHOP,
      date: DAY,
      metric: 'purchase_value',
    });
    expect(
      found?.versions.map(({ asked_on, state, values, is_same, row: at }) => [
        asked_on,
        state,
        values?.purchase_value ?? null,
        is_same,
        at,
      ]),
    ).toEqual([
      ['2026-10-02', 'sent', '10.50', false, 2],
      ['2026-10-03', 'sent', '10.50', true, 2],
      ['2026-10-04', 'refused', null, false, 2],
      ['2026-10-30', 'sent', '30.50', false, 1],
    ]);
    expect(found?.versions[2]?.reasons).toEqual([expect.stringContaining('/spend')]);
  });

  it('of what was withdrawn ends at the answer that did not bring it', async () => {
    const [found] = await trace(lake, { level: 'campaign', id: TOUR, date: DAY, metric: null });
    expect(found).toMatchObject({
      curated: null,
      staging: null,
      raw: null,
      landing: null,
      agrees: null,
    });
    expect(found?.versions.map(({ state }) => state)).toEqual([
      'sent',
      'sent',
      'sent',
      'withdrawn',
    ]);
  });

  it('of a ratio is that of its parts', async () => {
    const [found] = await trace(lake, { level: 'campaign', id: SHOP, date: DAY, metric: 'roas' });
    expect(found?.curated?.values).toEqual({ purchase_value: '30.5', spend: '10.1' });
  });
});

describe('adlake trace', () => {
  it('tells it in plain English', async () => {
    const told = await adlake([
      'trace',
      '--lake',
      lake.home,
      '--campaign',
      SHOP,
      '--date',
      DAY,
      '--metric',
      'spend',
    ]);
    expect(told.stderr).toBe('');
    const text = told.stdout.replaceAll(/\d{8}T\d{9}Z-[0-9a-f]{8}/g, 'BATCH');
    expect(text).toBe(
      `campaign ${SHOP} "Shop \\"sale\\"", account 1001, on ${DAY}, in USD
Settled: it was pulled 28 or more days after, and changes no more.

curated  zones/curated/metaads/campaign_day/account_id=1001/month=2026-10.parquet
         spend 10.1
staging  zones/staging/meta/insights_campaign_day/account_id=1001/month=2026-10.csv, row 1
         spend 10.1
raw      zones/raw/meta/insights_campaign_day/account_id=1001/month=2026-10.ndjson, line 1
landing  zones/landing/meta/insights_campaign_day/account_id=1001/BATCH/page-00001.json, record 1
         asked for on 2026-10-30, landed at 2026-10-30T12:00:00.000Z

What landing holds, read again just now, is what the tables say.

`.concat(text.slice(text.indexOf('Received:'))),
    );
    expect(text.slice(text.indexOf('Received:'))).toMatch(
      /^Received: 4 answers, 3 times something new\.\nasked on .*\n2026-10-02 +2026-10-03 +10\.10 .*BATCH page-00001\.json 2\n2026-10-04 .*refused by the contract: \/spend .*\n2026-10-30 .*10\.10 +BATCH page-00001\.json 1\n$/,
    );
  });

  it('says so when a table was changed by hand', async () => {
    const path = join(
      lake.home,
      'zones',
      'staging',
      'meta',
      'insights_campaign_day',
      'account_id=1001',
      'month=2026-10.csv',
    );
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.replace('10.10', '99.10'));
    const told = await adlake(['trace', '--lake', lake.home, '--campaign', SHOP, '--date', DAY]);
    writeFileSync(path, text);
    expect(told.stdout).toContain('The zones do not agree.');
  });

  it.each([
    [['--campaign', SHOP], '--date must be a day'],
    [['--campaign', SHOP, '--date', '2026-02-30'], '--date must be a day'],
    [['--date', DAY], 'One campaign or one ad must be named'],
    [['--campaign', '9', '--date', DAY], 'Nothing was ever received of campaign 9'],
    [['--campaign', SHOP, '--date', DAY, '--metric', 'conversons'], 'Did you mean conversions?'],
    [['--campaign', SHOP, '--date', DAY, '--metric', 'spend_28d'], 'from other days'],
  ])('says what is missing: %j', async (argv, words) => {
    const told = await adlake(['trace', '--lake', lake.home, ...argv]);
    expect(told.exitCode).toBe(78);
    expect(told.stderr).toContain(words);
  });
});
