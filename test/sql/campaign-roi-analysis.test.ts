import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/window.ts';
import { builtRows } from '../helpers/built-model.ts';
import { quiet, type StagingFiles, type StagingRow } from '../helpers/curated-lake.ts';

const DAY = '2026-01-10';
const SETTLED = { pulled_on: '2026-03-01' };

function day(campaign: string, date: string, more: StagingRow = {}): StagingRow {
  return quiet({ campaign_id: campaign, date, ...SETTLED, ...more });
}

function sales(spend: string, purchases: string, value: string): StagingRow {
  return {
    spend,
    purchases,
    purchase_value: value,
    purchases_source: 'omni_purchase',
    impressions: 1000,
    clicks: 20,
    link_clicks: 10,
  };
}

function lakeOf(rows: readonly StagingRow[], more: StagingFiles = {}): StagingFiles {
  return { 'insights_campaign_day/1/2026-01': rows, ...more };
}

function ask(files: StagingFiles, columns: string, where = "period = 'lifetime'") {
  return builtRows(
    files,
    `select ${columns} from curated.campaign_roi_analysis where ${where} order by account_id, campaign_id, period, since`,
  );
}

describe('the periods of campaign_roi_analysis', () => {
  it('are the last 7, 14, 28 and 90 complete days, each month and all days, both ends inclusive', async () => {
    const rows = await ask(
      lakeOf([
        day('10', '2025-12-31', { spend: '1' }),
        day('10', '2026-01-04', { spend: '2' }),
        day('10', '2026-01-10', { spend: '4' }),
      ]),
      'period, cast(since as varchar) as since, cast(until as varchar) as until, spend',
      'true',
    );
    expect(rows.map((row) => Object.values(row).join(' '))).toEqual([
      '14d 2025-12-28 2026-01-10 7.000000',
      '28d 2025-12-14 2026-01-10 7.000000',
      '7d 2026-01-04 2026-01-10 6.000000',
      '90d 2025-10-13 2026-01-10 7.000000',
      'lifetime 2025-12-31 2026-01-10 7.000000',
      'month 2025-12-01 2025-12-31 1.000000',
      'month 2026-01-01 2026-01-31 6.000000',
    ]);
  });

  it('add up to campaign_day, per account, in each of them', async () => {
    const rows = Array.from({ length: 120 }, (_, at) =>
      day(String(10 + (at % 4)), addDays('2025-10-20', at % 80), {
        ...sales(`${at}.${at % 10}7`, String(at % 5), `${at * 3}.01`),
      }),
    );
    const unique = [
      ...new Map(rows.map((row) => [`${row.campaign_id} ${row.date}`, row])).values(),
    ];
    const [found] = await builtRows(
      lakeOf(unique),
      `with facts as (
        select p.period, p.since, sum(d.spend) as spend, sum(d.conversions) as conversions, sum(d.purchase_value) as value, sum(d.clicks) as clicks
        from curated.campaign_day as d
        inner join intermediate.account_periods as p on p.account_id = d.account_id and d.date between p.since and p.until
        group by p.period, p.since
      ), told as (
        select period, since, sum(spend) as spend, sum(conversions) as conversions, sum(purchase_value) as value, sum(clicks) as clicks
        from curated.campaign_roi_analysis group by period, since
      )
      select count(*) as periods, count(case when facts.spend = told.spend and facts.conversions = told.conversions
        and facts.value = told.value and facts.clicks = told.clicks then 1 end) as equal,
        sum(case when told.period = 'lifetime' then told.spend end) = (select sum(spend) from curated.campaign_day) as lifetime,
        sum(case when told.period = 'month' then told.value end) = (select sum(purchase_value) from curated.campaign_day) as months
      from facts inner join told on told.period = facts.period and told.since = facts.since`,
    );
    expect(found).toEqual({ periods: '9', equal: '9', lifetime: true, months: true });
  });
});

describe('the figures of campaign_roi_analysis', () => {
  it('are ratios of sums, worked out by hand', async () => {
    const files = lakeOf([
      day('10', DAY, {
        ...sales('10', '1', '30'),
        purchase_value_1d_click: '20',
        purchase_value_7d_click: '25',
        purchase_value_28d_click: '28',
        purchase_value_1d_view: '5',
        purchase_value_1d_ev: '0',
        leads: '4',
        add_to_cart: '5',
        landing_page_views: 8,
      }),
      day('10', addDays(DAY, 1), {
        ...sales('30', '3', '50'),
        leads: '0',
        add_to_cart: '3',
        landing_page_views: 2,
        purchase_value_7d_click: null,
      }),
      day('20', DAY, sales('40', '0', '0')),
    ]);
    const [row, other] = await ask(
      files,
      'roas, roas_7d_click, cpa, cpc, cpm, ctr, cvr, aov, cost_per_link_click, cost_per_lead, cost_per_add_to_cart, cost_per_landing_page_view, cost_per_view_content, share_of_spend, share_of_value, efficiency, days, share_unsettled',
    );
    expect(row).toEqual({
      roas: 2,
      roas_7d_click: null,
      cpa: 10,
      cpc: 1,
      cpm: 20,
      ctr: 0.02,
      cvr: 0.2,
      aov: 20,
      cost_per_link_click: 2,
      cost_per_lead: 10,
      cost_per_add_to_cart: 5,
      cost_per_landing_page_view: 4,
      cost_per_view_content: null,
      share_of_spend: 0.5,
      share_of_value: 1,
      efficiency: 2,
      days: '2',
      share_unsettled: 0,
    });
    expect(other).toMatchObject({ roas: 0, cpa: null, aov: null, efficiency: 0 });
    const [first] = await ask(
      files,
      'roas, roas_1d_click, roas_7d_click, roas_28d_click, roas_1d_view, roas_1d_ev, roas_7d_click_1d_view',
      `campaign_id = '10' and period = 'month'`,
    );
    expect(first).toMatchObject({ roas: 2, roas_1d_click: null });
  });

  it('have ROAS by window where each day knows its window, and 0 of a day without any purchase', async () => {
    const [row] = await ask(
      lakeOf([
        day('10', DAY, {
          ...sales('10', '1', '30'),
          purchase_value_1d_click: '20',
          purchase_value_7d_click: '25',
          purchase_value_28d_click: '28',
          purchase_value_1d_view: '5',
          purchase_value_1d_ev: '1',
        }),
        day('10', addDays(DAY, 1), { spend: '10', impressions: 5 }),
      ]),
      'roas, roas_1d_click, roas_7d_click, roas_28d_click, roas_1d_view, roas_1d_ev, roas_7d_click_1d_view',
    );
    expect(row).toEqual({
      roas: 1.5,
      roas_1d_click: 1,
      roas_7d_click: 1.25,
      roas_28d_click: 1.4,
      roas_1d_view: 0.25,
      roas_1d_ev: 0.05,
      roas_7d_click_1d_view: 1.5,
    });
  });

  it('are NULL where there is nothing to divide by, and unknown where a day is', async () => {
    const rows = await ask(
      lakeOf(
        [
          day('10', DAY, { purchases: '1', purchase_value: '5' }),
          day('20', DAY, { ...sales('5', '1', '5'), clicks: 0, link_clicks: 0, impressions: 0 }),
          day('30', DAY, { spend: null }),
          day('30', addDays(DAY, 1), { spend: '3' }),
        ],
        {
          'insights_campaign_day/2/2026-01': [
            day('40', DAY, { ...sales('5', '1', '5'), account_id: '2' }),
            day('50', DAY, { spend: '5', purchase_value: null, account_id: '2' }),
          ],
        },
      ),
      'campaign_id, spend, roas, cpc, cpm, ctr, cvr, share_of_spend, recommendation, evidence',
    );
    expect(rows).toMatchObject([
      {
        spend: '0.000000',
        roas: null,
        cpc: null,
        share_of_spend: null,
        recommendation: 'too little data',
        evidence: 'It spent nothing.',
      },
      {
        spend: '5.000000',
        roas: 1,
        cpc: null,
        cpm: null,
        ctr: null,
        cvr: null,
        recommendation: 'too little data',
      },
      {
        spend: null,
        roas: null,
        recommendation: 'too little data',
        evidence: 'A figure of one of its days is unknown.',
      },
      {
        roas: 1,
        recommendation: 'too little data',
        evidence: 'A figure of the account is unknown, or it spent nothing.',
      },
      { evidence: 'A figure of one of its days is unknown.' },
    ]);
  });

  it('never mix accounts nor currencies', async () => {
    const rows = await ask(
      {
        'insights_campaign_day/1/2026-01': [day('10', DAY, sales('10', '1', '30'))],
        'insights_campaign_day/2/2026-01': [
          day('20', DAY, { ...sales('90', '1', '90'), account_id: '2', currency: 'EUR' }),
        ],
      },
      'currency, share_of_spend, share_of_value, efficiency, spend_usd',
    );
    expect(rows).toEqual([
      {
        currency: 'USD',
        share_of_spend: 1,
        share_of_value: 1,
        efficiency: 1,
        spend_usd: '10.000000',
      },
      { currency: 'EUR', share_of_spend: 1, share_of_value: 1, efficiency: 1, spend_usd: null },
    ]);
  });

  it('are none without data', async () => {
    expect(await ask({}, '*')).toEqual([]);
  });
});

describe('what the last 20 % of the spend returned', () => {
  const halves = (high: StagingRow) =>
    Array.from({ length: 14 }, (_, at) =>
      day('10', addDays('2026-01-01', at), at % 2 === 0 ? sales('10', '2', '30') : high),
    );

  it('follows from the days with more and with less spend', async () => {
    const [row] = await ask(
      lakeOf(halves(sales('40', '2', '60'))),
      'spend_elasticity, marginal_roas, marginal_note',
    );
    // Value doubles where spend is fourfold: ln 2 / ln 4. ROAS 630 / 350; 1.8 x (1 - 0.8 ^ 0.5) / 0.2.
    expect(row).toEqual({
      spend_elasticity: 0.5,
      marginal_roas: 0.950155281,
      marginal_note: null,
    });
  });

  it.each([
    ['spend hardly differs between days', halves(sales('11', '2', '60'))],
    ['fewer than 20 conversions on settled days', halves(sales('40', '0', '0'))],
    ['fewer than 14 settled days with spend', halves(sales('40', '2', '60')).slice(1)],
    ['a half of the days has no value', halves(sales('40', '3', '0'))],
  ])('is not said when: %s', async (note, rows) => {
    const [row] = await ask(lakeOf(rows), 'marginal_roas, marginal_note');
    expect(row).toEqual({ marginal_roas: null, marginal_note: note });
  });
});

describe('the recommendation', () => {
  it('follows the rules, the first that holds', async () => {
    const rows = await ask(
      lakeOf([
        day('10', DAY, sales('200', '40', '700')),
        day('11', DAY, sales('100', '10', '120')),
        day('12', DAY, sales('200', '2', '20')),
        day('13', DAY, sales('4', '0', '0')),
        day('14', DAY, { ...sales('100', '0', '0'), objective: 'OUTCOME_LEADS' }),
        day('15', DAY, sales('100', '7', '60')),
      ]),
      'campaign_id, recommendation, evidence',
    );
    expect(Object.fromEntries(rows.map((row) => [row.campaign_id, row.recommendation]))).toEqual({
      10: 'scale',
      11: 'hold',
      12: 'stop',
      13: 'too little data',
      14: 'hold',
      15: 'fix',
    });
    expect(rows[2]?.evidence).toBe(
      "ROAS 0.10, of the account 1.28. 2 purchases for 200.00 USD; at the account's cost per purchase it would be 16.8. 0 % of the spend is not settled.",
    );
  });

  it('is not to scale what returned less with the last of its spend', async () => {
    const best = Array.from({ length: 14 }, (_, at) =>
      day(
        '10',
        addDays('2026-01-01', at),
        at < 7 ? sales('10', '2', '90') : sales('40', '2', '40'),
      ),
    );
    const rows = await ask(
      lakeOf([...best, day('20', DAY, sales('350', '10', '100'))]),
      'recommendation, marginal_roas < 1 as is_low',
      "campaign_id = '10' and period = 'lifetime'",
    );
    expect(rows).toEqual([{ recommendation: 'hold', is_low: true }]);
  });

  it('is to wait while most of the spend is not settled and nothing says what it will come to', async () => {
    const rows = await ask(
      lakeOf([day('10', DAY, { ...sales('100', '20', '300'), pulled_on: addDays(DAY, 1) })]),
      'recommendation, roas_matured, is_settled, share_unsettled, marginal_note',
    );
    expect(rows).toEqual([
      {
        recommendation: 'wait: not settled',
        roas_matured: null,
        is_settled: false,
        share_unsettled: 1,
        marginal_note: 'fewer than 14 settled days with spend',
      },
    ]);
  });
});

const ORDER = {
  source: 'shop',
  amount: '100',
  currency: 'USD',
  is_sold: true,
  batch_id: 'a',
  pulled_on: '2026-12-01',
};

function order(id: string, on: string, more: StagingRow): StagingRow {
  return { ...ORDER, order_id: id, day: on, ...more };
}

describe('what the shop knows of a campaign', () => {
  const facts = [day('10', DAY, sales('40', '2', '60')), day('20', DAY, sales('60', '0', '0'))];
  const orders = [
    order('1', DAY, { campaign_id: '10', customer_key: 'a' }),
    order('2', addDays(DAY, 20), { customer_key: 'a', amount: '50' }),
    order('3', addDays(DAY, 89), { customer_key: 'a', amount: '30' }),
    order('7', addDays(DAY, 90), { customer_key: 'a', amount: '7' }),
    order('4', DAY, { campaign_id: '10', customer_key: 'b', amount: '60', refunded: '10' }),
    order('5', DAY, { campaign_id: '10', customer_key: 'c', is_sold: false }),
    order('6', '2026-12-01', { customer_key: 'z', amount: '1' }),
  ];

  it('is ROAS by orders, cost of a new customer and what he comes to, worked out by hand', async () => {
    const [row, other] = await ask(
      lakeOf(facts, { 'orders/all/2026-01': orders }),
      'orders, order_revenue, order_roas, blended_roas, new_customers, cac, ltv_30d, ltv_90d, ltv_365d, ltv_to_cac, ltv_to_cac_days, orders_note',
      "period = 'month'",
    );
    expect(row).toEqual({
      orders: '2',
      order_revenue: '150.000000',
      order_roas: 3.75,
      blended_roas: 1.5,
      new_customers: '2',
      cac: 20,
      ltv_30d: 100,
      ltv_90d: 115,
      ltv_365d: null,
      ltv_to_cac: 5.75,
      ltv_to_cac_days: '90',
      orders_note: null,
    });
    expect(other).toMatchObject({
      orders: '0',
      order_roas: 0,
      cac: null,
      orders_note: 'no order names this campaign',
    });
  });

  it('is missing with a reason', async () => {
    const note = async (rows: readonly StagingRow[]) => {
      const [row] = await ask(
        lakeOf(facts, { 'orders/all/2026-01': rows }),
        'cac, orders_note, blended_roas, blended_note',
      );
      return row;
    };
    expect(await note([])).toMatchObject({
      cac: null,
      orders_note: 'no orders in the lake',
      blended_note: 'no sales in the lake',
    });
    expect(await note([order('1', DAY, { campaign_id: '10' })])).toMatchObject({
      cac: null,
      orders_note: 'orders that do not say whose they are',
    });
    expect(await note([order('1', DAY, { campaign_id: '10', currency: 'EUR' })])).toMatchObject({
      orders_note: 'orders in another currency',
      blended_roas: null,
      blended_note: `no rate for EUR on or within 7 days before ${DAY}`,
    });
  });

  it('and people away from the web know more of it', async () => {
    const offline = [
      {
        source: 'crm',
        day: DAY,
        value: '40',
        currency: 'USD',
        campaign_id: '10',
        batch_id: 'a',
        pulled_on: DAY,
      },
      {
        source: 'crm',
        day: '2025-12-31',
        value: '9',
        currency: 'USD',
        campaign_id: '10',
        batch_id: 'a',
        pulled_on: DAY,
      },
    ];
    const [row, other] = await ask(
      lakeOf(facts, { 'offline_conversions/all/2026-01': offline }),
      'offline_conversions, offline_value, roas, roas_with_offline, offline_note',
    );
    expect(row).toEqual({
      offline_conversions: '1',
      offline_value: '40.000000',
      roas: 1.5,
      roas_with_offline: 2.5,
      offline_note: null,
    });
    expect(other).toMatchObject({ offline_conversions: '0', roas_with_offline: 0 });
    const [none] = await ask(lakeOf(facts), 'roas_with_offline, offline_note');
    expect(none).toEqual({
      roas_with_offline: null,
      offline_note: 'no offline conversions in the lake',
    });
  });
});
