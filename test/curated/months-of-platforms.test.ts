import { cpSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { closeIdle } from '../../src/workspace.ts';
import type { Lake } from '../../src/zone.ts';
import {
  curatedBytes,
  curator,
  putStaging,
  quiet,
  type StagingFiles,
  type StagingRow,
} from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';

const ALONE = { tables: ['ad_performance_day'] };
const [JANUARY, FEBRUARY, MARCH] = ['2026-01', '2026-02', '2026-03'];

describe('ad_performance_day, which is made month by month', () => {
  afterAll(() => closeIdle());

  it('writes a month again whatever it is made of changes, no other, and is as if all were made anew', async () => {
    const lake = temporaryLake();
    putStaging(lake, start());
    const run = curator(lake);
    await run(ALONE);
    for (const { what, files, months } of CHANGES) {
      putStaging(lake, files);
      expect(written(await run(ALONE)), what).toEqual(months);
      if (what === 'a rate') expect(tableOf(lake)).toEqual(await fromNothing(lake));
    }
    rmSync(join(lake.home, 'zones/staging/google/google_report/account_id=7/month=2026-02.csv'));
    expect(written(await run(ALONE)), 'an export is gone').toEqual(['google/2026-02']);
    expect(tableOf(lake)).toEqual(await fromNothing(lake));
  }, 120_000);

  it('is made in one piece, each time, where a file of ad sets holds rows of another month', async () => {
    const { 'insights_ad_set_day/1/2026-02': rows = [], ...others } = start();
    const lake = temporaryLake();
    putStaging(lake, { ...others, 'insights_ad_set_day/1/2026-03': rows });
    const run = curator(lake);
    await run(ALONE);
    const rates = { 'fx_rates/all/all': [rate(FEBRUARY, '1.4')] };
    putStaging(lake, rates);
    await run(ALONE);
    const right = temporaryLake();
    putStaging(right, { ...start(), ...rates });
    await curator(right)(ALONE);
    expect(tableOf(lake)).toEqual(tableOf(right));
  });
});

/** Months that were written, as `<platform>/<month>`; of files that are gone, those of their neighbours. */
function written(done: Awaited<ReturnType<ReturnType<typeof curator>>>): readonly string[] {
  const outputs = done.get('ad_performance_day')?.outputs ?? [];
  return outputs
    .filter(({ changed }) => changed)
    .map(({ path }) => path.replace(/^.*platform=(\w+)\/month=(.*)\.parquet$/, '$1/$2'));
}

function tableOf(lake: Lake): ReadonlyMap<string, string> {
  const files = [...curatedBytes(lake)];
  return new Map(files.filter(([name]) => name.includes('/ad_performance_day/')));
}

async function fromNothing(lake: Lake): Promise<ReadonlyMap<string, string>> {
  const other = temporaryLake();
  cpSync(join(lake.home, 'zones/staging'), join(other.home, 'zones/staging'), { recursive: true });
  await curator(other)(ALONE);
  return tableOf(other);
}

/** January is told by ads, February by ad sets, March by campaigns; the second account is in euros. */
function start(): StagingFiles {
  return {
    [`insights_ad_day/1/${JANUARY}`]: [adRow('1', '31', '10')],
    [`insights_campaign_day/1/${JANUARY}`]: [campaignRow('10', `${JANUARY}-05`)],
    [`insights_ad_set_day/1/${FEBRUARY}`]: [adSetRow('22', '6'), adSetRow('23', '4')],
    [`insights_campaign_day/1/${FEBRUARY}`]: [campaignRow('10', `${FEBRUARY}-05`)],
    [`insights_campaign_day/1/${MARCH}`]: [campaignRow('10', `${MARCH}-05`)],
    [`insights_ad_day/2/${FEBRUARY}`]: [
      { ...adRow('2', '41', '7'), date: `${FEBRUARY}-05`, currency: 'EUR' },
    ],
    [`google_report/7/${JANUARY}`]: [exported(JANUARY, { currency: 'USD' })],
    [`google_report/7/${FEBRUARY}`]: [exported(FEBRUARY, {})],
    [`google_report/unknown/${FEBRUARY}`]: [
      exported(FEBRUARY, { account_id: 'unknown', object_key: '12', campaign_id: '12' }),
    ],
    'ads/1/all': [{ account_id: '1', ad_id: '31', campaign_id: '11', pulled_on: '2026-03-01' }],
    'fx_rates/all/all': [rate(JANUARY, '1.1'), rate(FEBRUARY, '1.2')],
  };
}

interface Change {
  readonly what: string;
  readonly files: StagingFiles;
  /** What must be written for it. */
  readonly months: readonly string[];
}

const CHANGES: readonly Change[] = [
  {
    what: 'figures',
    files: { [`insights_ad_set_day/1/${FEBRUARY}`]: [adSetRow('22', '7'), adSetRow('23', '4')] },
    months: ['meta/2026-02'],
  },
  {
    what: 'a row that was withdrawn',
    files: { [`insights_ad_set_day/1/${FEBRUARY}`]: [adSetRow('22', '11')] },
    months: ['meta/2026-02'],
  },
  {
    what: 'the name of an ad set',
    files: { 'ad_sets/1/all': [{ account_id: '1', ad_set_id: '22', ad_set_name: 'Renamed' }] },
    months: ['meta/2026-02'],
  },
  {
    what: 'the name of a campaign',
    files: { 'campaigns/1/all': [campaign({ effective_status: 'PAUSED' })] },
    months: ['meta/2026-01', 'meta/2026-02', 'meta/2026-03'],
  },
  {
    what: 'the status of a campaign',
    files: { 'campaigns/1/all': [campaign({ effective_status: 'ACTIVE' })] },
    months: ['meta/2026-03'],
  },
  {
    what: 'the status of an ad',
    files: {
      'ads/1/all': [
        { account_id: '1', ad_id: '31', campaign_id: '11', effective_status: 'PAUSED' },
      ],
    },
    months: ['meta/2026-01'],
  },
  {
    what: 'a campaign that was only asked for again',
    files: {
      'campaigns/1/all': [campaign({ effective_status: 'ACTIVE', pulled_on: '2026-03-09' })],
    },
    months: [],
  },
  {
    what: 'a rate',
    files: { 'fx_rates/all/all': [rate(JANUARY, '1.1'), rate(FEBRUARY, '1.3')] },
    months: ['google/2026-02', 'meta/2026-02'],
  },
  {
    what: 'a level that is not complete any more',
    files: { [`insights_campaign_day/1/${JANUARY}`]: [campaignRow('12', `${JANUARY}-05`)] },
    months: ['meta/2026-01'],
  },
  {
    what: 'an answer that is known now',
    files: { 'batches/1/all': [answer(MARCH)] },
    months: ['meta/2026-03'],
  },
  {
    what: 'the name of an account',
    files: {
      'ad_accounts/2/all': [{ account_id: '2', account_name: 'Renamed', currency: 'EUR' }],
    },
    months: ['meta/2026-02'],
  },
  {
    what: 'an export of a day that was pulled',
    files: {
      [`meta_report/1/${MARCH}`]: [
        exported(MARCH, { platform: 'meta', account_id: '1', object_key: '11', spend: '3' }),
      ],
    },
    months: [],
  },
  {
    what: 'a preference for exports',
    files: { 'preferences/all/all': [{ name: 'prefer', subject: 'meta', value: 'exports' }] },
    months: ['meta/2026-03'],
  },
  {
    what: 'an export whose ids tell the account of another month',
    files: {
      [`google_report/8/${MARCH}`]: [
        exported(MARCH, { account_id: '8', object_key: '12', campaign_id: '12' }),
      ],
    },
    months: ['google/2026-02', 'google/2026-03'],
  },
  {
    what: 'a pull of days that had been exported',
    files: { [`google_insights/7/${JANUARY}`]: [exported(JANUARY, { spend: '5' })] },
    months: ['google/2026-01'],
  },
];

function adRow(account_id: string, ad_id: string, spend: string): StagingRow {
  return quiet({ account_id, date: `${JANUARY}-05`, campaign_id: '11', ad_id, spend });
}

function adSetRow(ad_set_id: string, spend: string): StagingRow {
  return quiet({ date: `${FEBRUARY}-05`, campaign_id: '11', ad_set_id, spend });
}

function campaignRow(spend: string, date: string): StagingRow {
  return quiet({ date, campaign_id: '11', spend });
}

function campaign(more: StagingRow): StagingRow {
  return { account_id: '1', campaign_id: '11', campaign_name: 'Named', ...more };
}

function exported(month: string, more: StagingRow): StagingRow {
  return {
    platform: 'google',
    account_id: '7',
    date_start: `${month}-05`,
    date_stop: `${month}-05`,
    level: 'campaign',
    object_key: '71',
    occurrence: 1,
    currency: 'EUR',
    spend: '1',
    impressions: 10,
    clicks: 1,
    pulled_on: '2026-03-20',
    ...more,
  };
}

function rate(month: string, usd_per_unit: string): StagingRow {
  return { date: `${month}-04`, currency: 'EUR', usd_per_unit };
}

/** An answer that brought what campaigns did on the day of a month; its rows say when they were pulled. */
function answer(month: string): StagingRow {
  return {
    account_id: '1',
    batch_id: '20260301T000000000Z-0',
    dataset: 'insights_campaign_day',
    source: 'api',
    since: `${month}-05`,
    until: `${month}-05`,
    campaigns_kind: 'all',
    complete: true,
    today: '2026-03-01',
    landed_at: '2026-03-01T00:00:00.000Z',
    pages: 1,
    rows: 1,
  };
}
