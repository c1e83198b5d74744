import { describe, expect, it } from 'vitest';
import { contractAt } from '../../../src/contract.ts';
import { staged } from '../../helpers/raw.ts';

describe('an exchange rate', () => {
  it('keeps its digits', () => {
    const rate = { date: '2026-10-01', currency: 'JPY', usd_per_unit: '0.0066412345' };
    expect(staged('fx_rates', rate)).toEqual([rate]);
  });

  it('is rounded to ten places when somebody gives more', () => {
    const rate = { date: '2026-10-01', currency: 'EUR', usd_per_unit: '1.17040000005000001' };
    expect(staged('fx_rates', rate)[0]?.usd_per_unit).toBe('1.1704000001');
  });

  it.each(['0', '0.000', '-1', '1,17', '', '1e3'])('of %j is refused', (usd_per_unit) => {
    const rate = { date: '2026-10-01', currency: 'EUR', usd_per_unit };
    expect(contractAt('raw/fx_rates.schema.json').check(rate)).not.toEqual([]);
  });
});

describe('a batch', () => {
  const batch = {
    batch_id: '20261020T060000000Z-abcdef01',
    dataset: 'insights_ad_day',
    account_id: '1',
    object_id: null,
    source: 'api',
    scope: {
      since: '2026-10-01',
      until: '2026-10-07',
      campaigns: { kind: 'not_in', ids: ['5', '6'] },
      complete: true,
    },
    today: '2026-10-20',
    landed_at: '2026-10-20T06:00:00.120Z',
    api_version: 'v26.0',
    request: { level: 'ad' },
    timezone: 'Europe/Berlin',
    currency: 'EUR',
    pages: [
      { file: 'page-00001.json', sha256: 'x', bytes: 1, rows: 100 },
      { file: 'page-00002.json', sha256: 'y', bytes: 1, rows: 7 },
    ],
  };

  it('says what was asked and how much came', () => {
    expect(contractAt('raw/batches.schema.json').check(batch)).toEqual([]);
    expect(staged('batches', batch)[0]).toMatchObject({
      since: '2026-10-01',
      until: '2026-10-07',
      campaigns_kind: 'not_in',
      campaigns_count: 2,
      complete: true,
      landed_at: '2026-10-20T06:00:00.12Z',
      pages: 2,
      rows: 107,
    });
  });

  it('of all campaigns counts none, and does not guess the rows of an unreadable page', () => {
    const scope = { since: null, until: null, campaigns: { kind: 'all' }, complete: false };
    const pages = [...batch.pages, { file: 'p', sha256: 'z', bytes: 0, rows: null }];
    expect(staged('batches', { ...batch, scope, pages })[0]).toMatchObject({
      since: null,
      campaigns_count: null,
      complete: false,
      pages: 3,
      rows: null,
    });
  });
});
