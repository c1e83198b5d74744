import { appendFileSync, cpSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contractAt } from '../../src/contract.ts';
import { decodeCsv } from '../../src/csv.ts';
import { MODELS } from '../../src/model.ts';
import { runQuery } from '../../src/query/query.ts';
import {
  curatedBytes,
  curatedText,
  curator,
  type Making,
  parquetRows,
  putStaging,
  quiet,
  type StagingFiles,
} from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';

const ID = '120210000000000017';

const FILES: StagingFiles = {
  'insights_campaign_day/1/2026-01': [
    quiet({ date: '2026-01-30', campaign_id: ID, spend: '10.1', clicks: 3, impressions: 7 }),
    quiet({ date: '2026-01-31', campaign_id: '22', spend: '0.7', purchase_value: '2.1' }),
  ],
  'insights_campaign_day/1/2026-02': [
    quiet({ date: '2026-02-01', campaign_id: ID, spend: '0.2', impressions: 1 }),
  ],
  'insights_campaign_day/2/2026-02': [
    quiet({ account_id: '2', currency: 'EUR', date: '2026-02-01', campaign_id: '9', spend: '5' }),
  ],
  'insights_ad_day/1/2026-01': [
    quiet({ date: '2026-01-30', campaign_id: ID, ad_id: '501', spend: '10.1' }),
  ],
  'campaigns/1/all': [
    { account_id: '1', campaign_id: ID, campaign_name: '=1+1, "quoted"\nünïcode 🎯' },
  ],
  'ads/1/all': [{ account_id: '1', campaign_id: ID, ad_set_id: '401', ad_id: '501' }],
};

/** Enough for a test that is about one table or another, not about all. */
const FEW: Making = {
  tables: [
    ...['campaign_day', 'ad_day', 'campaigns', 'ads'],
    ...['metaads_campaigns_daily', 'metaads_campaigns_performance_log'],
  ],
};

describe('staging-to-curated', () => {
  it('writes every table, one partition file per account and month', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const done = await curator(lake)();
    const names = [...curatedBytes(lake).keys()];
    expect(names.filter((name) => !name.startsWith('marketing/'))).toEqual([
      'metaads/ad_accounts.parquet',
      'metaads/ad_day/account_id=1/month=2026-01.parquet',
      'metaads/ad_sets.parquet',
      'metaads/ads.parquet',
      'metaads/campaign_day/account_id=1/month=2026-01.parquet',
      'metaads/campaign_day/account_id=1/month=2026-02.parquet',
      'metaads/campaign_day/account_id=2/month=2026-02.parquet',
      'metaads/campaigns.parquet',
      'metaads/metaads_campaigns_daily.csv',
      'metaads/metaads_campaigns_daily.parquet',
      'metaads/metaads_campaigns_performance_log.csv',
      'metaads/metaads_campaigns_performance_log.parquet',
      'views.sql',
    ]);
    expect(done.get('campaign_day')?.counts).toMatchObject({ in: 4, added: 0, out: 4 });
    expect(done.get('metaads_campaigns_daily')?.counts).toMatchObject({ in: 4, added: -1, out: 3 });
  });

  it('writes valid empty tables when there is no data at all', async () => {
    const lake = temporaryLake();
    await curator(lake)();
    for (const model of MODELS) {
      const answer = await runQuery(lake, `select * from ${model.name}`, { format: 'csv' });
      const columns = contractAt(`curated/${model.name}.schema.json`).columns;
      expect(answer.text, model.name).toBe(`${columns.join(',')}\n`);
    }
    expect(curatedText(lake, 'metaads_campaigns_daily.csv')).toMatch(/^campaign_id,.*\n$/);
    expect(await parquetRows(lake, 'metaads_campaigns_daily.parquet')).toEqual([]);
  });

  it('has nothing to do and rewrites nothing when it runs again', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const run = curator(lake);
    await run();
    expect((await run()).size).toBe(0);
    const parquet = join(lake.home, 'zones/curated/metaads/campaigns.parquet');
    const before = statSync(parquet).ino;
    const again = await curator(lake)();
    expect(again.size).toBe(MODELS.filter(({ isOfDump }) => isOfDump !== true).length + 1);
    const outputs = [...again.values()].flatMap((outcome) => outcome.outputs);
    expect(outputs.filter((output) => output.changed)).toEqual([]);
    expect(statSync(parquet).ino).toBe(before);
  });

  it('makes a file again that somebody removed', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const run = curator(lake);
    await run();
    const before = curatedBytes(lake);
    rmSync(
      join(lake.home, 'zones/curated/metaads/campaign_day/account_id=2/month=2026-02.parquet'),
    );
    rmSync(join(lake.home, 'zones/curated/metaads/metaads_campaigns_daily.csv'));
    expect([...(await run()).keys()]).toEqual(['campaign_day', 'metaads_campaigns_daily']);
    expect(curatedBytes(lake)).toEqual(before);
  });

  it('writes only the partitions whose rows changed', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const run = curator(lake);
    await run(FEW);
    putStaging(lake, {
      'insights_campaign_day/2/2026-02': [
        quiet({
          account_id: '2',
          currency: 'EUR',
          date: '2026-02-01',
          campaign_id: '9',
          spend: '6',
        }),
      ],
    });
    const outputs = (await run(FEW)).get('campaign_day')?.outputs ?? [];
    expect(outputs.filter((output) => output.changed).map((output) => output.path)).toEqual([
      'zones/curated/metaads/campaign_day/account_id=2/month=2026-02.parquet',
    ]);
  });

  it('leaves the file of a partition alone that has the same rows, unless its bytes were changed', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const run = curator(lake);
    await run(FEW);
    const february = 'zones/curated/metaads/campaign_day/account_id=1/month=2026-02.parquet';
    appendFileSync(join(lake.home, february), 'changed');
    putStaging(lake, {
      'insights_campaign_day/2/2026-02': [
        quiet({ account_id: '2', date: '2026-02-01', campaign_id: '9', spend: '6' }),
      ],
    });
    const outputs = (await run(FEW)).get('campaign_day')?.outputs ?? [];
    expect(outputs.map((output) => [output.path.slice(-27), output.changed])).toEqual([
      ['_id=1/month=2026-01.parquet', false],
      ['_id=1/month=2026-02.parquet', true],
      ['_id=2/month=2026-02.parquet', true],
    ]);
    const stepwise = curatedBytes(lake);
    await curator(lake)(FEW);
    expect(curatedBytes(lake)).toEqual(stepwise);
    const other = temporaryLake();
    cpSync(join(lake.home, 'zones/staging'), join(other.home, 'zones/staging'), {
      recursive: true,
    });
    await curator(other)(FEW);
    const partitions = (bytes: ReadonlyMap<string, string>) =>
      [...bytes].filter(([name]) => name.endsWith('.parquet'));
    expect(partitions(stepwise)).toEqual(partitions(curatedBytes(other)));
  });

  it('writes the months whose trailing sums reach back into the month that changed', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const run = curator(lake);
    await run(FEW);
    putStaging(lake, {
      'insights_campaign_day/1/2026-01': [
        quiet({ date: '2026-01-30', campaign_id: ID, spend: '11.1', clicks: 3, impressions: 7 }),
        quiet({ date: '2026-01-31', campaign_id: '22', spend: '0.7', purchase_value: '2.1' }),
      ],
    });
    const outputs = (await run(FEW)).get('campaign_day')?.outputs ?? [];
    expect(outputs.filter(({ changed }) => changed).map(({ path }) => path.slice(-27))).toEqual([
      '_id=1/month=2026-01.parquet',
      '_id=1/month=2026-02.parquet',
    ]);
  });

  it('removes the file of a partition that has no rows any more', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const run = curator(lake);
    await run();
    putStaging(lake, { 'insights_campaign_day/2/2026-02': [] });
    await run();
    const names = [...curatedBytes(lake).keys()];
    expect(names.filter((name) => name.includes('account_id=2'))).toEqual([]);
  });

  it('gives the same bytes for the same rows in any order and any split into files', async () => {
    const one = temporaryLake();
    putStaging(one, FILES);
    await curator(one)();
    const other = temporaryLake();
    const rows = Object.entries(FILES)
      .filter(([address]) => address.startsWith('insights_campaign_day/1'))
      .flatMap(([, each]) => each)
      .reverse();
    putStaging(other, {
      ...FILES,
      'insights_campaign_day/1/2026-01': [],
      'insights_campaign_day/1/2026-02': rows,
    });
    await curator(other)();
    const [left, right] = [one, other].map((lake) => new Map(curatedBytes(lake)));
    left?.delete('views.sql');
    right?.delete('views.sql');
    expect(right).toEqual(left);
  });

  it('is narrowed by dataset and model names, not by accounts', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const done = await curator(lake)({ accounts: ['1'], datasets: ['campaign_day', 'ads'] });
    expect([...done.keys()]).toContain('campaign_day');
    expect([...done.keys()]).toContain('ads');
    expect([...done.keys()]).not.toContain('ad_sets');
    expect(done.get('campaign_day')?.counts.out).toBe(4);
  });

  it('says which currency lacks exchange rates, and for which days', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    expect((await curator(lake)(FEW)).get('campaign_day')?.notes).toEqual([
      'No dollar figures for 1 campaign days in EUR, 2026-02-01 to 2026-02-01: drop rates into zones/landing/internal/fx_rates.',
    ]);
    const rate = { date: '2026-01-31', currency: 'EUR', usd_per_unit: '1.1' };
    putStaging(lake, { 'fx_rates/all/all': [rate] });
    expect((await curator(lake)(FEW)).get('campaign_day')?.notes).toEqual([]);
  });

  it('refuses two rows for one key and leaves the files as they were', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    const run = curator(lake);
    await run(FEW);
    const before = curatedBytes(lake);
    const row = quiet({ date: '2026-02-01', campaign_id: ID, spend: '0.2', impressions: 1 });
    putStaging(lake, { 'insights_campaign_day/1/2026-02': [row, row] });
    await expect(run(FEW)).rejects.toMatchObject({ code: 'ACCOUNTING' });
    expect(curatedBytes(lake)).toEqual(before);
  });

  it('names the staging file that does not fit its contract', async () => {
    const lake = temporaryLake();
    putStaging(lake, {
      'insights_campaign_day/1/2026-01': [
        quiet({ date: '2026-01-30', campaign_id: ID, spend: 'twelve' }),
      ],
    });
    await expect(curator(lake)()).rejects.toMatchObject({
      code: 'FILE_UNREADABLE',
      message: expect.stringMatching(/month=2026-01\.csv/),
    });
  });

  it('writes CSV and Parquet that say the same, ids and decimals included', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    await curator(lake)(FEW);
    for (const name of ['metaads_campaigns_daily', 'metaads_campaigns_performance_log']) {
      const [first = [], ...lines] = decodeCsv(curatedText(lake, `${name}.csv`));
      const head = first.map(String);
      const rows = await parquetRows(lake, `${name}.parquet`);
      expect(rows.length).toBe(lines.length);
      expect(rows.length).toBeGreaterThan(2);
      for (const [index, row] of rows.entries()) {
        const cells = Object.fromEntries(head.map((key, at) => [key, lines[index]?.[at] ?? null]));
        expect(Object.keys(row)).toEqual(head);
        for (const key of head) expect(asCell(row[key], cells[key] ?? null), key).toBe(true);
      }
    }
  });

  it('writes partitions whose ids and money another reader reads exactly', async () => {
    const lake = temporaryLake();
    putStaging(lake, FILES);
    await curator(lake)(FEW);
    const [row] = await parquetRows(lake, 'campaign_day/account_id=1/month=2026-01.parquet');
    expect(row).toMatchObject({
      account_id: '1',
      campaign_id: ID,
      campaign_name: '=1+1, "quoted"\nünïcode 🎯',
      date: new Date('2026-01-30T00:00:00Z'),
      spend: 10.1,
      clicks: 3n,
      is_settled: true,
      currency: 'USD',
    });
  });
});

/**
 * True when a Parquet value is the one that the CSV cell says. hyparquet gives decimals as floats
 * made by a multiplication, so numbers may differ in their last bits.
 */
function asCell(value: unknown, cell: string | null): boolean {
  if (value === null || value === undefined) return cell === null;
  if (value instanceof Date) return value.toISOString().slice(0, 10) === cell;
  if (typeof value === 'number') return cell !== null && Math.abs(value - Number(cell)) < 1e-9;
  return String(value) === cell;
}
