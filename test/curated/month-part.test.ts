import { afterAll, describe, expect, it } from 'vitest';
import { type Part, partsOf } from '../../src/curated/month-part.ts';
import type { Unit } from '../../src/curated/month-unit.ts';
import type { InputFile } from '../../src/staging/file.ts';
import { addDays, daysOf } from '../../src/window.ts';
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

const MONTHS = ['2026-01', '2026-02'];

describe('a month that is made in parts', () => {
  afterAll(() => closeIdle());

  it('is the same bytes as one that is made at once, however many parts there are', async () => {
    for (const [tables, partBytes] of [
      [['campaign_day', 'ad_day', 'restatement_day'], 4001],
      [['ad_performance_day'], 30_011],
    ] as const) {
      const inParts = await made(start(), { tables, partBytes });
      expect(inParts, `${partBytes} bytes`).toEqual(await made(start(), { tables }));
    }
  }, 60_000);

  it('is the same bytes where it has several row groups, in whatever order its rows lie in staging', async () => {
    const name = 'insights_ad_day/1/2026-01';
    const rows = manyAds(700);
    const tables = ['ad_day', 'ad_performance_day'];
    const other = { 'google_report/7/2026-01': [exported('2026-01', 1)] };
    const files = { ...other, [name]: rows };
    const atOnce = await made(files, { tables });
    expect(await made(files, { tables, partBytes: 300_001 })).toEqual(atOnce);
    const reversed = { ...other, [name]: [...rows].reverse() };
    expect(await made(reversed, { tables, partBytes: 500_001 })).toEqual(atOnce);
  }, 60_000);

  it('is, where it is made again, the same bytes as if all were made anew', async () => {
    const lake = temporaryLake();
    putStaging(lake, start());
    const run = curator(lake);
    const how = { tables: ['ad_day'], partBytes: 9001 };
    await run(how);
    const changes = {
      'insights_ad_day/1/2026-01': ads('1', '2026-01', 3),
      'fx_rates/all/all': [rate('2026-02', '1.7')],
    };
    putStaging(lake, changes);
    await run(how);
    expect(tablesOf(lake)).toEqual(await made({ ...start(), ...changes }, { tables: how.tables }));
  }, 60_000);

  it('is made at once where rows of another month lie in its file', async () => {
    const { 'insights_ad_day/1/2026-02': rows = [], ...others } = start();
    const together = [...ads('1', '2026-01', 0), ...rows];
    const misfiled = { ...others, 'insights_ad_day/1/2026-01': together };
    const tables = ['ad_day'];
    expect(await made(misfiled, { tables, partBytes: 9001 })).toEqual(
      await made(start(), { tables }),
    );
  }, 60_000);
});

describe('parts', () => {
  it('are one where a month is small, and where several are made together', () => {
    const whole = [{ accounts: [null, null], days: null }];
    expect(partsOf([unit({ '1': 90 })], 100)).toEqual(whole);
    expect(partsOf([unit({ '1': 900 }), unit({ '2': 900 })], 100)).toEqual(whole);
    expect(partsOf([unit({})], 100)).toEqual(whole);
  });

  it('are accounts that are small together, and days of one that is large, in order', () => {
    const parts = partsOf([unit({ '3': 250, '1': 40, '2': 50, '4': 30, '5': 60, '6': 20 })], 100);
    expect(parts.map(textOf)).toEqual([
      '..3 all days',
      '3..4 2026-02-01..2026-02-10',
      '3..4 2026-02-11..2026-02-20',
      '3..4 2026-02-21..2026-02-28',
      '4..6 all days',
      '6.. all days',
    ]);
  });

  it('hold each day of each account once, whatever the sizes', () => {
    for (const partBytes of [1, 3, 10, 33, 100, 1000]) {
      const parts = partsOf([unit({ '10': 120, '2': 7, '30': 31, '31': 0, '4': 99 })], partBytes);
      for (const account of ['0', '10', '19', '2', '30', '31', '4', '5', 'unknown']) {
        for (const day of daysOf({ since: '2026-02-01', until: '2026-02-28' })) {
          expect(parts.filter((part) => holds(part, account, day))).toHaveLength(1);
        }
      }
    }
  });
});

function textOf({ accounts: [from, to], days }: Part): string {
  return `${from ?? ''}..${to ?? ''} ${days === null ? 'all days' : `${days.since}..${days.until}`}`;
}

function holds({ accounts: [from, to], days }: Part, account: string, day: string): boolean {
  return (
    (from === null || account >= from) &&
    (to === null || account < to) &&
    (days === null || (day >= days.since && day <= days.until))
  );
}

/** A month of February of accounts with files of so many bytes. */
function unit(bytesOf: Readonly<Record<string, number>>): Unit {
  const files = Object.entries(bytesOf).map(
    ([account, bytes]): InputFile => ({
      path: '',
      name: `${account}.csv`,
      sha256: '',
      bytes,
      account,
      month: '2026-02',
    }),
  );
  const beside = new Map([['staging.insights_ad_day', files]]);
  return { scope: null, month: '2026-02', own: [], needed: [], beside, print: '' };
}

async function made(
  files: StagingFiles,
  how: { readonly tables: readonly string[]; readonly partBytes?: number },
): Promise<ReadonlyMap<string, string>> {
  const lake = temporaryLake();
  putStaging(lake, files);
  await curator(lake)(how);
  return tablesOf(lake);
}

/** Every curated file but the views, which say where the lake lies. */
function tablesOf(lake: Lake): ReadonlyMap<string, string> {
  return new Map([...curatedBytes(lake)].filter(([name]) => name !== 'views.sql'));
}

/** Two accounts, one in euros, at both levels, with days and ads that come and go, and an export. */
function start(): StagingFiles {
  const facts = ['1', '2'].flatMap((account) =>
    MONTHS.flatMap((month, index) => [
      [`insights_ad_day/${account}/${month}`, ads(account, month, index)] as const,
      [`insights_campaign_day/${account}/${month}`, campaigns(account, month, index)] as const,
      [`campaign_day_versions/${account}/${month}`, versions(account, month)] as const,
    ]),
  );
  return {
    ...Object.fromEntries(facts),
    'campaigns/2/all': [campaign('Spring')],
    'fx_rates/all/all': [rate('2026-01', '1.1'), rate('2026-02', '1.2')],
    'google_report/7/2026-02': [1, 2, 3].map((row) => exported('2026-02', row)),
  };
}

/** Every ad on some of the days; the figures of no two rows are alike. */
function ads(account: string, month: string, shift: number): readonly StagingRow[] {
  return daysIn(month).flatMap((date, day) =>
    [1, 2, 3, 4]
      .filter((ad) => (day + ad + shift) % 3 > 0)
      .map((ad) =>
        quiet({
          ...placed(account, date),
          ad_id: `${account}9${ad}`,
          campaign_id: `${account}7`,
          spend: `${day * 10 + ad + shift}.25`,
          purchases: `${(day + ad) % 4}`,
          impressions: day * 100 + ad,
        }),
      ),
  );
}

function campaigns(account: string, month: string, shift: number): readonly StagingRow[] {
  return daysIn(month)
    .filter((_, day) => (day + shift) % 5 > 0)
    .map((date, day) =>
      quiet({ ...placed(account, date), campaign_id: `${account}7`, spend: `${day + shift}.5` }),
    );
}

/** Each day's figures as two pulls knew them. */
function versions(account: string, month: string): readonly StagingRow[] {
  return daysIn(month).flatMap((date, day) =>
    [1, 2].map((pull) => ({
      account_id: account,
      date,
      campaign_id: `${account}7`,
      batch_id: `20260${3 + pull}01T000000000Z-0`,
      known_on: `2026-0${3 + pull}-01`,
      page: '0001.json',
      row: day,
      state: 'known',
      currency: 'USD',
      spend: `${day * pull}.5`,
    })),
  );
}

function manyAds(count: number): readonly StagingRow[] {
  return daysIn('2026-01').flatMap((date, day) =>
    Array.from({ length: count - day }, (_, ad) =>
      quiet({
        ...placed('1', date),
        ad_id: `${1_000_000 + ad}`,
        spend: `${(ad * 7 + day) % 1000}.1`,
      }),
    ),
  );
}

function placed(account: string, date: string): StagingRow {
  return { account_id: account, currency: account === '1' ? 'USD' : 'EUR', date };
}

function daysIn(month: string): readonly string[] {
  return Array.from({ length: 28 }, (_, day) => addDays(`${month}-01`, day));
}

function campaign(campaign_name: string): StagingRow {
  return { account_id: '2', campaign_id: '27', campaign_name, pulled_on: '2026-03-30' };
}

function rate(month: string, usd_per_unit: string): StagingRow {
  return { date: `${month}-15`, currency: 'EUR', usd_per_unit };
}

function exported(month: string, row: number): StagingRow {
  return {
    platform: 'google',
    account_id: '7',
    date_start: `${month}-0${row}`,
    date_stop: `${month}-0${row}`,
    level: 'campaign',
    object_key: '71',
    occurrence: 1,
    currency: 'EUR',
    spend: `${row}`,
    impressions: 10,
    clicks: 1,
    pulled_on: '2026-03-20',
  };
}
