import { describe, expect, test } from 'vitest';
import { sandboxFxRates, sandboxTruth } from '../../src/sandbox/index.ts';
import { actionOf, rows, withSandbox } from './ask.ts';

const SPAN = { since: '2026-01-05', until: '2026-03-20' };

describe('the printed truth', () => {
  test.each(['2026-03-20', '2026-02-01', '2026-04-30'])(
    'is what insights say of every campaign and day on %s',
    async (today) => {
      await withSandbox({ today, seed: 3 }, async (sandbox) => {
        const truth = sandboxTruth({ seed: 3, today, ...SPAN });
        expect(truth.length).toBeGreaterThan(300);
        for (const id of sandbox.accountIds) {
          const found = await rows(sandbox, `act_${id}`, { level: 'campaign', time_range: SPAN });
          const said = found.map((row) => ({
            account_id: row.account_id,
            campaign_id: row.campaign_id,
            date: row.date_start,
            spend: row.spend,
            impressions: row.impressions,
            clicks: row.clicks,
            purchases: actionOf(row, 'omni_purchase') ?? '0',
            purchase_value: actionOf(row, 'omni_purchase', 'action_values') ?? '0',
          }));
          const key = (row: { date: unknown; campaign_id: unknown }) =>
            `${row.date} ${row.campaign_id}`;
          const sorted = said.sort((a, b) => (key(a) < key(b) ? -1 : 1));
          const own = truth.filter((row) => row.account_id === id);
          expect(own.map(({ currency: _, ...row }) => row)).toEqual(sorted);
        }
      });
    },
  );

  test('is sorted by account, date and campaign, and says each pair once', () => {
    const truth = sandboxTruth({ today: '2026-03-20', ...SPAN });
    const keys = truth.map((row) => [row.account_id, row.date, row.campaign_id].join(' '));
    expect(keys).toEqual([...keys].sort());
    expect(new Set(keys).size).toBe(keys.length);
    expect(new Set(truth.map((row) => row.currency))).toEqual(new Set(['USD', 'EUR', 'JPY']));
  });
});

describe('exchange rates', () => {
  test('have one row per calendar day and currency, whatever the seed', () => {
    const lines = sandboxFxRates('2026-02-27', '2026-03-02').trimEnd().split('\n');
    expect(lines[0]).toBe('date,currency,usd_per_unit');
    expect(lines).toHaveLength(1 + 4 * 2);
    expect(lines[1]).toMatch(/^2026-02-27,EUR,1\.\d{6}$/);
    expect(lines[8]).toMatch(/^2026-03-02,JPY,0\.00\d{6}$/);
  });

  test('are the same over HTTP, where they need no token', async () => {
    await withSandbox({ today: '2026-03-20' }, async (sandbox) => {
      const response = await fetch(
        `${sandbox.url}/sandbox/fx_rates.csv?since=2026-01-01&until=2026-01-31`,
      );
      expect(await response.text()).toBe(sandboxFxRates('2026-01-01', '2026-01-31'));
      const bad = await fetch(`${sandbox.url}/sandbox/fx_rates.csv?since=yesterday`);
      expect(bad.status).toBe(400);
      await bad.text();
    });
  });
});
