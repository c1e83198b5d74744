import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { land } from '../src/landing/land.ts';
import { DATASETS } from '../src/pipeline.ts';
import type { Lake } from '../src/zone.ts';
import { curator } from './helpers/curated-lake.ts';
import { temporaryLake } from './helpers/lake.ts';
import { isLong } from './helpers/long.ts';
import { rowsOf, runAll, stageAll } from './helpers/world.ts';

const now = '2026-11-20T12:00:00.000Z';

function landRecords(lake: Lake, name: string, records: readonly unknown[]): void {
  const dataset = DATASETS.find((one) => one.name === name);
  if (dataset === undefined) throw new Error(name);
  const folder = join(lake.home, 'saved');
  mkdirSync(folder, { recursive: true });
  const file = join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify({ data: records }));
  land({
    lake,
    dataset,
    accountId: '1',
    files: [file],
    now,
    today: null,
    timezone: 'Asia/Tokyo',
    currency: 'USD',
    dryRun: false,
  });
}

const NAMES = [
  'plain',
  'comma, "quote" and \'apostrophe\'',
  'line\nbreak\r\nand tab\t',
  '=HYPERLINK("http://x.test")',
  '+1',
  '-1',
  '@SUM(1)',
  '  spaces around  ',
  '',
  '""',
  'NULL',
  'null',
  '\\N',
  '\\',
  '\\"',
  '{"a":1}',
  '[1,2]',
  '%00',
  '; drop table campaigns; --',
  "'; attach '/etc/passwd'",
  '<script>alert(1)</script>',
  '../../etc/passwd',
  '$(id)',
  '`id`',
  'emoji 🎸👨‍👩‍👧',
  'العربية',
  '日本語',
  'e\u0301 and é',
  '\u202Eright to left',
  'nul \u0000 inside',
  'bell \u0007',
  'line\u2028separator',
  '\u{10FFFF}',
];

describe('names', () => {
  it('pass through all zones as they are, whatever they hold', async () => {
    const lake = temporaryLake();
    const id = (index: number): string => `12021000000000${String(index).padStart(4, '0')}`;
    landRecords(
      lake,
      'campaigns',
      NAMES.map((name, index) => ({ id: id(index), name, objective: name })),
    );
    landRecords(
      lake,
      'insights_campaign_day',
      NAMES.map((_, index) => ({
        campaign_id: id(index),
        date_start: '2026-10-01',
        date_stop: '2026-10-01',
        spend: '1.00',
        impressions: '1',
      })),
    );
    await runAll(lake);
    const rows = await rowsOf(
      lake,
      'select campaign_id, campaign_name from campaign_day order by campaign_id',
    );
    expect(rows.map((row) => row.campaign_name)).toEqual(NAMES);
    const daily = await rowsOf(
      lake,
      'select campaign_name from metaads_campaigns_daily order by campaign_id',
    );
    expect(daily.map((row) => row.campaign_name)).toEqual(NAMES);
  });

  it('may be ten megabytes long', async () => {
    const lake = temporaryLake();
    const name = 'ñ,"'.repeat(2_500_000);
    landRecords(lake, 'campaigns', [{ id: '7', name }]);
    landRecords(lake, 'insights_campaign_day', [
      {
        campaign_id: '7',
        date_start: '2026-10-01',
        date_stop: '2026-10-01',
        spend: '1.00',
        impressions: '1',
      },
    ]);
    await stageAll(lake);
    // The long form makes every table with it.
    await curator(lake)(isLong ? {} : { tables: ['campaign_day'] });
    const rows = await rowsOf(
      lake,
      "select length(campaign_name) as n, md5(campaign_name) as h, md5(repeat('ñ,\"', 2500000)) as e from campaign_day",
    );
    expect(rows[0]?.h).toBe(rows[0]?.e);
  });
});
