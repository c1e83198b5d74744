import { describe, expect, it } from 'vitest';
import { lakeSummary } from '../src/summary.ts';
import { curator, putStaging, quiet } from './helpers/curated-lake.ts';
import { temporaryLake } from './helpers/lake.ts';

describe('the summary of accounts', () => {
  it('is empty before curated was built', async () => {
    expect(await lakeSummary(temporaryLake())).toEqual({ accounts: [], quality: null });
  });

  it('gives each account its own sums in its own currency, and says until when they are settled', async () => {
    const lake = temporaryLake();
    const one = (date: string, spend: string, pulled_on: string) =>
      quiet({ date, campaign_id: '1', spend, purchase_value: '3', purchases: '1', pulled_on });
    putStaging(lake, {
      'insights_campaign_day/1/2026-01': [
        one('2026-01-01', '1.10', '2026-02-01'),
        one('2026-01-20', '2.20', '2026-02-17'),
        one('2026-01-21', '3.30', '2026-02-17'),
        one('2026-02-16', '0.40', '2026-02-17'),
      ],
      'insights_campaign_day/2/2026-02': [
        quiet({
          account_id: '2',
          currency: 'EUR',
          date: '2026-02-16',
          campaign_id: '9',
          spend: '7',
        }),
      ],
      'ad_accounts/1/all': [{ account_id: '1', account_name: 'Synthetic', currency: 'USD' }],
      'batches/1/all': [
        {
          account_id: '1',
          batch_id: 'a',
          dataset: 'insights_campaign_day',
          campaigns_kind: 'all',
          until: '2026-02-16',
          today: '2026-02-17',
          currency: 'USD',
        },
      ],
    });
    await curator(lake)({ tables: ['ad_accounts', 'data_quality'] });
    const { accounts } = await lakeSummary(lake);
    const [first, second] = accounts;
    expect(first).toEqual({
      account_id: '1',
      account_name: 'Synthetic',
      currency: 'USD',
      timezone: 'UTC',
      settled_until: '2026-01-20',
      last_28_days: {
        since: '2026-01-20',
        until: '2026-02-16',
        spend: '5.9',
        spend_usd: '5.9',
        spend_usd_note: null,
        conversions: '3',
        purchase_value: '9',
        roas: 1.5254237288,
      },
      all_days: {
        since: '2026-01-01',
        until: '2026-02-16',
        spend: '7',
        spend_usd: '7',
        spend_usd_note: null,
        conversions: '4',
        purchase_value: '12',
        roas: 1.7142857143,
      },
    });
    expect(second).toMatchObject({
      account_id: '2',
      settled_until: null,
      last_28_days: {
        spend: '7',
        spend_usd: null,
        spend_usd_note: 'no rate for EUR on or within 7 days before 2026-02-16',
        roas: 0,
      },
    });
  });
});
