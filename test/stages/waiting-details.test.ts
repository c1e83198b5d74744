import { beforeAll, describe, expect, it } from 'vitest';
import { listBatches } from '../../src/landing/batch.ts';
import { datasetNamed } from '../../src/platforms/meta/named.ts';
import { turnOf } from '../../src/platforms/meta/weekly.ts';
import { startSandbox } from '../../src/sandbox/index.ts';
import { worldSource } from '../../src/sandbox/world-source.ts';
import { addDays, daysBetween } from '../../src/window.ts';
import { sandboxConfig } from '../helpers/extract.ts';
import { keptLake } from '../helpers/lake.ts';
import { pullAndRun, rowsOf } from '../helpers/world.ts';

/** One account whose ads fill more than two pages a lookback. */
const SIZE = { accounts: 1, campaigns: 24, inactive: 0.3, on: '2026-03-20' };
const ACCOUNT = worldSource({ seed: 1, size: SIZE }).accounts[0]?.id ?? '';
const AD_DAY = 'insights_ad_day';
const CONFIG = sandboxConfig({ url: 'http://127.0.0.1:9', token: 'synthetic', accountIds: [] });
/** Ads had their turn three days ago, with all else. */
const TODAY = addDays(
  turnOf({ config: CONFIG, accountId: ACCOUNT, today: SIZE.on }, datasetNamed(AD_DAY)) ?? '',
  3,
);
const FACTS = ['insights_account_day', 'insights_campaign_day', AD_DAY];
const SELECTION = { datasets: ['ad_accounts', 'campaigns', 'ad_sets', 'ads', ...FACTS] };
const TABLES = [
  ...['ad_accounts', 'campaign_day', 'reconciliation_day', 'performance_alerts'],
  ...['data_quality', 'channel_day'],
];

const lake = keptLake();

beforeAll(async () => {
  for (const today of [addDays(TODAY, -3), TODAY]) {
    const sandbox = await startSandbox({ today, size: SIZE });
    const sketch = { lake, today, firstPullDays: 34, selection: SELECTION };
    await pullAndRun(sandbox, sketch, TABLES);
    await sandbox.close();
  }
}, 240_000);

describe('a large account whose old ads wait for their day of the week', () => {
  it('is one, or this test would say nothing', () => {
    const ads = listBatches(lake, datasetNamed(AD_DAY), ACCOUNT);
    const since = ads.filter(({ today }) => today === TODAY).map(({ scope }) => scope.since);
    expect(daysBetween(since.sort()[0] ?? '', TODAY)).toBeLessThan(14);
  });

  it('is settled, complete and in time, by its campaigns', async () => {
    // Campaigns that sleep were asked about three days ago, too.
    const accounts = await rowsOf(lake, 'select settled_until, last_complete_day from ad_accounts');
    expect(accounts).toEqual([
      { settled_until: addDays(TODAY, -31), last_complete_day: addDays(TODAY, -1) },
    ]);
    const late = `select * from performance_alerts where rule = 'data_late' and state = 'open'`;
    expect(await rowsOf(lake, late)).toEqual([]);
    const failing = `select distinct check_name from data_quality where not holds and check_name in
      ('days_asked', 'account_is_current', 'levels_reconcile', 'breakdowns_sum', 'ad_names_known')`;
    expect(await rowsOf(lake, failing)).toEqual([]);
  });

  it('is judged on what its ads delivered, and not on conversions that came in since', async () => {
    const old = `level = 'ad' and date between '${addDays(TODAY, -26)}' and '${addDays(TODAY, -8)}'`;
    const rows = await rowsOf(
      lake,
      `select metric in ('spend', 'impressions', 'clicks') as is_delivery, is_within, reason,
        count(*) as days from reconciliation_day where ${old} and account_value <> 0
        group by all order by all`,
    );
    const told = rows.map(({ is_delivery, is_within, reason }) => [is_delivery, is_within, reason]);
    expect(told).toContainEqual([false, null, 'asked on different days, and not settled']);
    const delivered = told.filter(([isDelivery]) => isDelivery);
    expect(delivered.length).toBeGreaterThan(0);
    for (const [, isWithin, reason] of delivered) expect([isWithin, reason]).toEqual([true, null]);
    const wrong = 'select * from reconciliation_day where not is_within';
    expect(await rowsOf(lake, wrong)).toEqual([]);
  });

  it('has by channel the conversions of each campaign as they were asked for last', async () => {
    const rows = await rowsOf(
      lake,
      `with levels as (
        select 'campaign' as level, date, campaign_id, pulled_on, conversions from campaign_day
        union all
        select 'ad', date, campaign_id, max(pulled_on), sum(conversions)
        from ad_performance_day where level = 'ad' group by date, campaign_id
      ), days as (
        select date, campaign_id, arg_max(conversions, pulled_on) as newest,
          sum(conversions) filter (where level = 'ad') as by_ad
        from levels group by date, campaign_id
      )
      select date, attributed_conversions as by_channel, sum(newest) as newest, sum(by_ad) as by_ad
      from channel_day inner join days using (date) group by all`,
    );
    expect(rows.filter((row) => row.by_channel !== row.newest)).toEqual([]);
    expect(rows.filter((row) => row.by_ad !== row.newest).length).toBeGreaterThan(0);
  });
});
