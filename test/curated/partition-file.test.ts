import { afterAll, describe, expect, it } from 'vitest';
import { closeIdle } from '../../src/workspace.ts';
import {
  curatedBytes,
  curator,
  putStaging,
  quiet,
  type StagingRow,
} from '../helpers/curated-lake.ts';
import { temporaryLake } from '../helpers/lake.ts';

const DAYS = 20;
/** With so many ads, a month has more rows than are sorted without looking. */
const ADS = 850;

describe('a file of a large month', () => {
  afterAll(() => closeIdle());

  it('has the same bytes in whatever order the rows lie in staging', async () => {
    const rows = month();
    const last = rows.length - 1;
    const swapped = [...rows.slice(0, last - 1), ...rows.slice(last - 1).reverse()];
    const expected = await fileOf(rows);
    expect(await fileOf(swapped)).toBe(expected);
    expect(await fileOf([...rows].reverse())).toBe(expected);
  }, 60_000);
});

/** Rows in the order of the key. */
function month(): readonly StagingRow[] {
  return Array.from({ length: DAYS * ADS }, (_, index) =>
    quiet({
      date: `2026-01-${String(Math.floor(index / ADS) + 1).padStart(2, '0')}`,
      campaign_id: '11',
      ad_id: String(1000 + (index % ADS)),
      spend: String(index),
    }),
  );
}

async function fileOf(rows: readonly StagingRow[]): Promise<string | undefined> {
  const lake = temporaryLake();
  putStaging(lake, { 'insights_ad_day/1/2026-01': rows });
  await curator(lake)({ tables: ['ad_day'] });
  return curatedBytes(lake).get('metaads/ad_day/account_id=1/month=2026-01.parquet');
}
