import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { StageReport } from '../src/run.ts';
import { type Sandbox, sandboxTruth, startSandbox, type TruthRow } from '../src/sandbox/index.ts';
import { addsUp } from '../src/stage.ts';
import { keptLake } from './helpers/lake.ts';
import { pullAndRun, rowsOf } from './helpers/world.ts';

const today = '2026-11-20';
const window = { since: '2026-10-08', until: '2026-11-19' };
const lake = keptLake();
let sandbox: Sandbox;
let reports: readonly StageReport[];
let truth: readonly TruthRow[];

beforeAll(async () => {
  sandbox = await startSandbox({ today });
  reports = await pullAndRun(sandbox, { lake, today, firstPullDays: 43 });
  truth = sandboxTruth({ today, ...window });
}, 120_000);

afterAll(() => sandbox.close());

describe('the lake against the sandbox’s own truth', () => {
  it('agrees exactly, per campaign and day, in spend, impressions, clicks, purchases and value', async () => {
    const rows = await rowsOf(
      lake,
      `select account_id, campaign_id, date::varchar as date, currency, spend::varchar as spend,
        impressions::varchar as impressions, clicks::varchar as clicks,
        conversions::varchar as purchases, purchase_value::varchar as purchase_value
      from campaign_day order by account_id, date, campaign_id`,
    );
    expect(rows.length).toBeGreaterThan(300);
    expect(rows.map(canonical)).toEqual(truth.map(canonical));
  });

  it('agrees in the sum of the ads', async () => {
    const rows = await rowsOf(
      lake,
      `select campaign_id, date::varchar as date, sum(spend)::varchar as spend, sum(conversions)::varchar as purchases
      from ad_day group by campaign_id, date order by date, campaign_id`,
    );
    const expected = [...truth]
      .sort((a, b) => (`${a.date}${a.campaign_id}` < `${b.date}${b.campaign_id}` ? -1 : 1))
      .map(({ campaign_id, date, spend, purchases }) => ({ campaign_id, date, spend, purchases }));
    expect(rows.map(canonical)).toEqual(expected.map(canonical));
  });

  it('keeps every id, character for character', async () => {
    const rows = await rowsOf(lake, 'select distinct campaign_id from campaign_day order by 1');
    const ids = [...new Set(truth.map((row) => row.campaign_id))].sort();
    expect(rows.map((row) => row.campaign_id)).toEqual(ids);
    expect(ids.every((id) => /^\d{18}$/.test(id))).toBe(true);
    expect(ids.some((id) => BigInt(Number(id)) !== BigInt(id))).toBe(true);
  });

  it('accounts for every row in every stage', () => {
    for (const report of reports) {
      expect(addsUp(report.counts), `${report.stage} ${JSON.stringify(report.counts)}`).toBe(true);
      expect(report.counts.quarantined).toBe(0);
    }
  });

  it('has US dollars for every account, from the rate of the day', async () => {
    const rows = await rowsOf(
      lake,
      `select currency, count(*) as n, count(spend_usd) as with_usd,
        bool_and(currency <> 'USD' or spend_usd = spend) as same
      from campaign_day group by currency order by currency`,
    );
    expect(rows.map((row) => row.currency)).toEqual(['EUR', 'JPY', 'USD']);
    for (const row of rows) {
      expect(row.with_usd).toBe(row.n);
      expect(row.same).toBe(true);
    }
  });
});

function canonical(row: object): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(row).map(([name, value]) => [
      name,
      typeof value === 'string' && /^-?\d+\.\d+$/.test(value) ? value.replace(/\.?0+$/, '') : value,
    ]),
  );
}
