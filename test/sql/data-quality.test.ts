import { beforeAll, describe, expect, it } from 'vitest';
import { builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';

const PLAIN: StagingRow = {
  spend: '10.00',
  impressions: 6000,
  reach: 5000,
  clicks: 12,
  purchases: '2',
  purchases_7d_click: '1',
  purchase_value: '30',
  reported_agrees: true,
};

/** A campaign day of an account; the campaign's id begins with that of the account. */
function day(account: string, at: number, more: StagingRow = {}): StagingRow {
  const campaign_id = `${account}1`;
  const date = `2026-01-${String(at).padStart(2, '0')}`;
  const campaign_name = `name of ${campaign_id}`;
  return quiet({ account_id: account, date, campaign_id, campaign_name, ...PLAIN, ...more });
}

/** Ten plain days of one campaign, the first of which is changed. */
function tenDays(account: string, change: StagingRow = {}): readonly StagingRow[] {
  return Array.from({ length: 10 }, (_, at) => day(account, at + 1, at === 0 ? change : {}));
}

function listed(account: string, more: StagingRow = {}): StagingRow {
  const campaign_id = `${account}1`;
  const updated_time = '2025-12-01T00:00:00Z';
  return {
    account_id: account,
    campaign_id,
    campaign_name: `name of ${campaign_id}`,
    daily_budget: '10',
    updated_time,
    ...more,
  };
}

function asked(account: string, since: string, until: string, today: string): StagingRow {
  return {
    account_id: account,
    batch_id: `${account} ${since}`,
    dataset: 'insights_campaign_day',
    source: 'api',
    since,
    until,
    campaigns_kind: 'all',
    complete: true,
    today,
    landed_at: `${today}T12:00:00.000Z`,
    pages: 1,
  };
}

type Judged = readonly [judged: number, failing: number, holds: unknown];

/** One thing that is wrong with one day of ten, and what the check says of the account. */
const CASES: readonly (readonly [check: string, change: StagingRow, expected: Judged])[] = [
  ['figures_present', { impressions: null }, [10, 1, false]],
  ['ratios_as_reported', { reported_agrees: false }, [10, 1, false]],
  ['conversions_within_clicks', { purchases_7d_click: '13' }, [10, 1, false]],
  ['conversions_within_clicks', { purchases_7d_click: null }, [9, 0, true]],
  ['conversions_within_clicks', { clicks: null }, [9, 0, true]],
  ['clicks_with_impressions', { clicks: 0 }, [10, 1, false]],
  ['clicks_with_impressions', { clicks: 0, impressions: 4999, reach: 1 }, [9, 0, true]],
  ['clicks_with_impressions', { impressions: 0, reach: 0 }, [10, 1, false]],
  ['value_with_conversions', { purchases: '0' }, [10, 1, false]],
  ['reach_within_impressions', { reach: 6001 }, [10, 1, false]],
  ['reach_within_impressions', { reach: null }, [9, 0, true]],
  ['no_future_day', { pulled_on: '2025-12-31' }, [10, 1, false]],
  ['spend_within_budget', { spend: '17.51' }, [10, 1, false]],
  ['spend_within_budget', { spend: '17.50' }, [10, 0, true]],
  ['rates_known', { currency: 'EUR' }, [10, 1, false]],
];

function withoutCampaign(row: StagingRow): StagingRow {
  const { campaign_id: _id, campaign_name: _name, ...rest } = row;
  return rest;
}

const accountOf = (at: number): string => String(10 + at);
const [SOUND, ROUNDED, WHOLE, NAMELESS, LATE_BUDGET, APART] = [
  '1',
  '2',
  '3',
  '4',
  '5',
  '6',
] as const;

const IDS = ['10', '20', '30', '40', '50', '60'].map((end) => `1202100000000000${end}`);

const FILES: StagingFiles = {
  'insights_campaign_day/1/2026-01': tenDays(SOUND),
  'insights_campaign_day/2/2026-01': IDS.map((id) => day(ROUNDED, 5, { campaign_id: id })),
  'insights_campaign_day/3/2026-01': [...IDS, '120210000000000971'].map((id) =>
    day(WHOLE, 5, { campaign_id: `9${id.slice(1)}` }),
  ),
  'insights_campaign_day/4/2026-01': [
    ...tenDays(NAMELESS),
    day(NAMELESS, 5, { campaign_id: '49', campaign_name: null }),
  ],
  'insights_campaign_day/5/2026-01': tenDays(LATE_BUDGET, { spend: '99' }),
  'insights_campaign_day/6/2026-01': tenDays(APART),
  'insights_account_day/6/2026-01': [withoutCampaign(day(APART, 1, { spend: '11' }))],
  'insights_country_day/6/2026-01': tenDays(APART, { spend: '8.90' }).map((row) => ({
    ...row,
    country: 'DE',
  })),
  'insights_device_day/6/2026-01': tenDays(APART).map((row) => ({
    ...row,
    device_platform: 'mobile',
  })),
  ...Object.fromEntries(
    CASES.map(([, change], at) => [
      `insights_campaign_day/${accountOf(at)}/2026-01`,
      tenDays(accountOf(at), change),
    ]),
  ),
  'campaigns/1/all': [listed(SOUND)],
  'campaigns/4/all': [listed(NAMELESS)],
  'campaigns/5/all': [listed(LATE_BUDGET, { updated_time: '2026-01-08T00:00:00Z' })],
  ...Object.fromEntries(
    CASES.map((_, at) => [`campaigns/${accountOf(at)}/all`, [listed(accountOf(at))]]),
  ),
  'batches/1/all': [asked(SOUND, '2026-01-01', '2026-01-10', '2026-01-14')],
  'batches/4/all': [
    asked(NAMELESS, '2026-01-01', '2026-01-04', '2026-01-05'),
    asked(NAMELESS, '2026-01-03', '2026-01-05', '2026-01-06'),
    asked(NAMELESS, '2026-01-07', '2026-01-10', '2026-01-11'),
  ],
};

async function judge(files: StagingFiles): Promise<ReadonlyMap<string, Judged>> {
  const rows = await builtRows(files, 'select * from curated.data_quality');
  return new Map(
    rows.map((row) => [
      `${String(row.check_name)} of ${String(row.account_id)}`,
      [Number(row.judged), Number(row.failing), row.holds],
    ]),
  );
}

describe('data_quality', () => {
  let found: ReadonlyMap<string, Judged>;
  beforeAll(async () => {
    found = await judge(FILES);
  });

  it('finds nothing wrong where nothing is, and judges what is there', () => {
    const own = [...found].filter(([key]) => key.endsWith(` of ${SOUND}`));
    expect(Object.fromEntries(own)).toEqual({
      'figures_present of 1': [10, 0, true],
      'names_known of 1': [10, 0, true],
      'rates_known of 1': [10, 0, true],
      'ratios_as_reported of 1': [10, 0, true],
      'spend_within_budget of 1': [10, 0, true],
      'conversions_within_clicks of 1': [10, 0, true],
      'clicks_with_impressions of 1': [10, 0, true],
      'clicks_within_impressions of 1': [10, 0, true],
      'value_with_conversions of 1': [10, 0, true],
      'campaigns_listed of 1': [10, 0, true],
      'one_account_each of 1': [10, 0, true],
      'reach_within_impressions of 1': [10, 0, true],
      'no_future_day of 1': [10, 0, true],
      'ids_intact of 1': [10, 0, true],
      'days_asked of 1': [1, 0, true],
      'account_is_current of 1': [1, 0, true],
    });
  });

  it.each(CASES.map((one, at) => [...one, at] as const))(
    '%s says of ten days, one with %j: %j',
    (check, _change, expected, at) => {
      expect(found.get(`${check} of ${accountOf(at)}`)).toEqual(expected);
    },
  );

  it('judges no day of an older budget', () => {
    expect(found.get(`spend_within_budget of ${LATE_BUDGET}`)).toEqual([1, 0, true]);
  });

  it('sees ids that were numbers once by their last digit', () => {
    expect(found.get(`ids_intact of ${ROUNDED}`)).toEqual([6, 6, false]);
    expect(found.get(`ids_intact of ${WHOLE}`)).toEqual([7, 0, true]);
  });

  it('sees days that nobody asked for, and an account that was left behind', () => {
    expect(found.get(`days_asked of ${NAMELESS}`)).toEqual([3, 1, false]);
    expect(found.get(`account_is_current of ${NAMELESS}`)).toEqual([1, 1, false]);
  });

  it('sees a campaign without a name and one that is not listed', () => {
    expect(found.get(`names_known of ${NAMELESS}`)).toEqual([11, 1, false]);
    expect(found.get(`campaigns_listed of ${NAMELESS}`)).toEqual([11, 1, false]);
    expect(found.has(`campaigns_listed of ${APART}`)).toBe(false);
  });

  it('holds levels against the account, and breakdowns against the campaigns', () => {
    expect(found.get(`levels_reconcile of ${APART}`)?.slice(1)).toEqual([1, false]);
    expect(found.get(`breakdowns_sum of ${APART}`)).toEqual([2, 1, false]);
  });

  it('sees a campaign under two accounts', async () => {
    const twice = tenDays('1').map((row) => ({ ...row, account_id: '2' }));
    const both = await judge({
      'insights_campaign_day/1/2026-01': tenDays('1'),
      'insights_campaign_day/2/2026-01': twice,
    });
    expect(both.get('one_account_each of 1')).toEqual([10, 10, false]);
  });

  it('judges nothing in an empty lake', async () => {
    expect([...(await judge({}))]).toEqual([]);
  });
});
