import { describe, expect, it } from 'vitest';
import { quiet, type StagingRow } from '../helpers/curated-lake.ts';
import { curatedRows } from '../helpers/curated-rows.ts';

const SELECT = `select date, spend, spend_usd, purchase_value_usd, usd_per_unit, fx_date, fx_note
  from campaign_day order by account_id, date`;

const euro = (more: StagingRow) =>
  quiet({ account_id: '2', currency: 'EUR', campaign_id: '9', ...more });

describe('dollar figures', () => {
  it('are the spend itself in a dollar account, without any rate', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({ date: '2026-01-10', campaign_id: '1', spend: '1.234567' }),
        ],
      },
      SELECT,
    );
    expect(rows).toEqual([
      {
        date: '2026-01-10',
        spend: '1.234567',
        spend_usd: '1.234567',
        purchase_value_usd: '0',
        usd_per_unit: '1',
        fx_date: null,
        fx_note: null,
      },
    ]);
  });

  it('use the last rate on or before the day, at most 7 days old, and say which', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/2/2026-01': [
          euro({ date: '2026-01-09', spend: '10' }),
          euro({ date: '2026-01-10', spend: '10', purchase_value: '3' }),
          euro({ date: '2026-01-12', spend: '10' }),
          euro({ date: '2026-01-19', spend: '10' }),
          euro({ date: '2026-01-20', spend: '10' }),
        ],
        'fx_rates/all/all': [
          { date: '2026-01-10', currency: 'EUR', usd_per_unit: '1.1' },
          { date: '2026-01-12', currency: 'EUR', usd_per_unit: '1.2' },
          { date: '2026-01-12', currency: 'JPY', usd_per_unit: '0.0067' },
        ],
      },
      SELECT,
    );
    expect(rows.map((row) => [row.date, row.spend_usd, row.fx_date, row.fx_note])).toEqual([
      ['2026-01-09', null, null, 'no rate for EUR on or within 7 days before 2026-01-09'],
      ['2026-01-10', '11', '2026-01-10', null],
      ['2026-01-12', '12', '2026-01-12', null],
      ['2026-01-19', '12', '2026-01-12', null],
      ['2026-01-20', null, null, 'no rate for EUR on or within 7 days before 2026-01-20'],
    ]);
    expect(rows[1]?.purchase_value_usd).toBe('3.3');
  });

  it('are rounded half away from zero to 6 places, from an exact product', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/2/2026-01': [
          euro({ date: '2026-01-01', spend: '0.000001' }),
          euro({ date: '2026-01-02', spend: '123456789012.345679' }),
        ],
        'fx_rates/all/all': [
          { date: '2026-01-01', currency: 'EUR', usd_per_unit: '0.5' },
          { date: '2026-01-02', currency: 'EUR', usd_per_unit: '1.0812345678' },
        ],
      },
      SELECT,
    );
    const exact = (123456789012345679n * 10812345678n + 5_000_000_000n) / 10_000_000_000n;
    const text = `${exact / 1_000_000n}.${String(exact % 1_000_000n).padStart(6, '0')}`;
    expect(rows.map((row) => row.spend_usd)).toEqual(['0.000001', text.replace(/0+$/, '')]);
  });

  it('are 0 without any rate when nothing was spent', async () => {
    const rows = await curatedRows(
      { 'insights_campaign_day/2/2026-01': [euro({ date: '2026-01-01', purchase_value: '5' })] },
      SELECT,
    );
    expect(rows).toMatchObject([
      {
        spend_usd: '0',
        purchase_value_usd: null,
        fx_note: 'no rate for EUR on or within 7 days before 2026-01-01',
      },
    ]);
  });

  it('are unknown when the currency is, and the currency comes from the account if not from the row', async () => {
    const rows = await curatedRows(
      {
        'insights_campaign_day/1/2026-01': [
          quiet({ date: '2026-01-01', campaign_id: '1', spend: '1', currency: null }),
        ],
        'insights_campaign_day/2/2026-01': [
          euro({ date: '2026-01-01', spend: '1', currency: null }),
        ],
        'insights_campaign_day/3/2026-01': [
          quiet({
            account_id: '3',
            date: '2026-01-01',
            campaign_id: '3',
            spend: '1',
            currency: null,
          }),
        ],
        'ad_accounts/2/all': [{ account_id: '2', account_name: 'Euro', currency: 'USD' }],
        'batches/3/all': [
          {
            account_id: '3',
            batch_id: '20260101T000000000Z-a',
            dataset: 'insights_campaign_day',
            currency: 'USD',
          },
        ],
      },
      SELECT,
    );
    expect(rows.map((row) => [row.spend_usd, row.fx_note])).toEqual([
      [null, 'currency unknown'],
      ['1', null],
      ['1', null],
    ]);
  });
});
