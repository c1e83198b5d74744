import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Engine, type JsonRow, openEngine } from '../../src/duckdb/duckdb.ts';
import { type SectionName, sectionSql } from '../../src/report/section.ts';

let engine: Engine;

beforeAll(async () => {
  engine = await openEngine({ threads: 1, memory: '256MB', spillInto: null });
});

afterAll(() => engine.close());

const SPAN = {
  account_id: '1',
  since: '2026-10-20',
  until: '2026-11-16',
  before: '2026-09-22',
  middle: '2026-11-03',
  period: '28d',
};

/** Answers a query of the report over tables that are made by hand. */
async function answer(
  name: SectionName,
  tables: Readonly<Record<string, string>>,
): Promise<readonly JsonRow[]> {
  for (const [table, select] of Object.entries(tables)) {
    await engine.connection.run(`create or replace table ${table} as ${select}`);
  }
  const sql = sectionSql(name);
  const used = Object.entries(SPAN).filter(([key]) => sql.includes(`$${key}`));
  const reader = await engine.connection.runAndReadAll(sql, Object.fromEntries(used));
  return reader.getRowObjectsJson();
}

describe('the attribution windows of an account', () => {
  const day = (date: string, columns: string) =>
    `select '1' as account_id, date '${date}' as date, 10.00 as spend, '7d_click' as attribution_setting, ${columns}`;
  const windows = (source: string, purchases: string, value: string) =>
    [
      `${purchases} as conversions, ${value} as purchase_value`,
      `${source} as conversions_source, ${source} as purchase_value_source`,
      ...['1d_click', '7d_click', '28d_click', '1d_view', '1d_ev'].map((window) => {
        const isAsked = window.endsWith('click');
        const known = source === 'null' || !isAsked ? 'null' : purchases;
        const worth = source === 'null' || !isAsked ? 'null' : value;
        return `cast(${known} as decimal(18, 6)) as conversions_${window}, cast(${worth} as decimal(18, 6)) as purchase_value_${window}`;
      }),
    ].join(', ');
  const bought = windows("'omni_purchase'", '2.0', '50.00');
  const nothing = windows('null', '0.0', '0.00');

  it('count a day without any purchase as one without purchases in each window that was asked for', async () => {
    const days = [day('2026-11-01', bought), day('2026-11-02', nothing)].join(' union all ');
    const [row] = await answer('attribution', { campaign_day: days });
    expect(row).toMatchObject({ conversions: '2.0', attribution_settings: '7d_click' });
    expect(Number(row?.purchase_value_7d_click)).toBe(50);
    expect(row?.purchase_value_1d_view).toBeNull();
  });

  it('are unknown when a day with purchases lacks a window that others have', async () => {
    const lacking = bought.replace(
      'cast(2.0 as decimal(18, 6)) as conversions_7d_click',
      'cast(null as decimal(18, 6)) as conversions_7d_click',
    );
    const days = [day('2026-11-01', bought), day('2026-11-02', lacking)].join(' union all ');
    const [row] = await answer('attribution', { campaign_day: days });
    expect(row?.conversions_7d_click).toBeNull();
    expect(Number(row?.conversions_1d_click)).toBe(4);
  });
});

describe('the advice of the report', () => {
  const running = `select '1' as account_id, '77' as campaign_id, date '2026-11-01' as date, 5.00 as spend
    union all select '1', '78', date '2026-11-01', 0.00`;
  const roi = (rows: ReadonlyArray<readonly [campaign: string, period: string, advice: string]>) =>
    rows
      .map(
        ([campaign, period, advice]) =>
          `select '1' as account_id, '${campaign}' as campaign_id, 'C' as campaign_name, '${period}' as period,
          '${advice}' as recommendation, date '2026-10-01' as since, date '2026-11-16' as until, 5.0 as spend,
          1.0 as conversions, 9.0 as purchase_value, 1.8 as roas, null as roas_matured, 5.0 as cpa,
          null as marginal_roas, 0.5 as share_of_spend, 0.5 as share_of_value, 0.0 as share_unsettled,
          null as order_roas, 'because' as evidence`,
      )
      .join(' union all ');

  it('is of the shortest span, from the report’s own on, that comes to a verdict', async () => {
    const rows = await answer('recommendations', {
      campaign_day: running,
      campaign_roi_analysis: roi([
        ['77', '7d', 'stop'],
        ['77', '28d', 'wait: not settled'],
        ['77', '90d', 'fix'],
        ['77', 'lifetime', 'scale'],
      ]),
    });
    expect(rows).toMatchObject([{ campaign_id: '77', period: '90d', recommendation: 'fix' }]);
  });

  it('is of the report’s own span when no other comes to one, and of no campaign that spent nothing', async () => {
    const rows = await answer('recommendations', {
      campaign_day: running,
      campaign_roi_analysis: roi([
        ['77', '28d', 'too little data'],
        ['77', '90d', 'wait: not settled'],
        ['78', '28d', 'stop'],
      ]),
    });
    expect(rows).toMatchObject([{ campaign_id: '77', period: '28d' }]);
  });
});

describe('the audiences of the report', () => {
  it('are those of the month that most of its days are in and that is there', async () => {
    const columns = `'1' as account_id, 'device' as dimension, 'x' as value, 'x' as value_name, date '2026-11-01' as first_day,
      date '2026-11-16' as last_day, 1.0 as spend, 1.0 as spend_share, 1 as impressions, 1 as clicks, 1.0 as conversions,
      1.0 as purchase_value, 'all' as conversions_told, 1.0 as ctr, 1.0 as cpc, 1.0 as cpa, 1.0 as roas, 100.0 as roas_index,
      100.0 as ctr_index, true as is_settled`;
    const months = (names: readonly string[]) =>
      names.map((name) => `select '${name}' as period, ${columns}`).join(' union all ');
    const table = (names: readonly string[]) => ({ audience_insights_aggregated: months(names) });
    const both = await answer('audiences', table(['2026-10', '2026-11', 'lifetime']));
    expect(both.map(({ period }) => period)).toEqual(['2026-11']);
    const older = await answer('audiences', table(['2026-10', 'lifetime']));
    expect(older.map(({ period }) => period)).toEqual(['2026-10']);
  });
});

describe('the alerts of the report', () => {
  it('are all that are open, and those that ended within its days; the open and the worst first', async () => {
    const alert = (id: string, state: string, severity: string, from: string, to: string) =>
      `select '${id}' as alert_id, 'ctr_drop' as rule, '${severity}' as severity, '${state}' as state, '1' as account_id,
      'campaign' as level, '77' as subject_id, 'C' as campaign_name, date '${from}' as opened_on, date '${to}' as last_seen_on,
      null as resolved_on, null as resolution, 1 as days, 1.0 as value, 1.0 as expected, 'w' as what, 'e' as evidence,
      'a' as advice, null as note`;
    const rows = await answer('alerts', {
      performance_alerts: [
        alert('old', 'resolved', 'critical', '2026-09-01', '2026-10-19'),
        alert('ended', 'resolved', 'critical', '2026-10-01', '2026-10-20'),
        alert('warned', 'open', 'warning', '2026-06-01', '2026-11-16'),
        alert('known', 'acknowledged', 'critical', '2026-11-01', '2026-11-16'),
        alert('worst', 'open', 'critical', '2026-11-01', '2026-11-16'),
      ].join(' union all '),
    });
    expect(rows.map((row) => row.alert_id)).toEqual(['worst', 'warned', 'known', 'ended']);
  });
});
