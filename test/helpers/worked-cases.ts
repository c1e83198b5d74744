import type { CaseName } from './case-lake.ts';

/** A question about a model, and what it answers in each case: one text for each row, worked out by hand. */
export interface Worked {
  readonly model: string;
  /** Its first column is the account (or the month) that says which case a row is of. */
  readonly ask: string;
  readonly rows: Readonly<Record<CaseName, readonly string[]>>;
}

const NONE = {
  'one day': [],
  'zero spend': [],
  'zero clicks': [],
  'one campaign': [],
  'mixed currencies': [],
  'unsettled days only': [],
} as const;

/** Spend, spend in dollars, ROAS and CPC of the last day, ROAS of 28 days, CTR, whether all is settled. */
const DAYS = {
  'one day': ['1 10 10 3 0.5 3 0.02 true'],
  'zero spend': ['28 0 0 – 0 – 0.02 true'],
  'zero clicks': ['28 280 280 0 – 0 0 true'],
  'one campaign': ['28 350 350 2.5 0.8 2.8 0.02 true'],
  'mixed currencies': ['28 280 280 3 0.5 3 0.02 true', '28 280 350 3 0.5 3 0.02 true'],
  'unsettled days only': ['7 70 70 3 0.5 3 0.02 false'],
};

const daysOf = (model: string) => `select account_id, count(*), sum(spend), sum(spend_usd),
  max_by(roas, date), max_by(cpc, date), max_by(roas_28d, date), max_by(ctr, date), bool_and(is_settled)
  from ${model} group by account_id`;

/** Days, spend in dollars, purchases, value. */
const SUMS = {
  'one day': ['1 10 2 30'],
  'zero spend': ['28 0 56 840'],
  'zero clicks': ['28 280 0 0'],
  'one campaign': ['28 350 56 980'],
  'mixed currencies': ['28 280 56 840', '28 350 56 840'],
  'unsettled days only': ['7 70 14 210'],
};

/** Every model with every case. */
export const WORKED: readonly Worked[] = [
  { model: 'campaign_day', ask: daysOf('campaign_day'), rows: DAYS },
  { model: 'ad_day', ask: daysOf('ad_day'), rows: DAYS },
  ...(['campaigns', 'ad_sets', 'ads'] as const).map((model) => ({
    model,
    ask: `select account_id, count(*), min(effective_status) from ${model} group by account_id`,
    rows: {
      'one day': ['1 ACTIVE'],
      'zero spend': ['1 ACTIVE'],
      'zero clicks': ['1 ACTIVE'],
      'one campaign': ['1 ACTIVE'],
      'mixed currencies': ['1 ACTIVE', '1 ACTIVE'],
      'unsettled days only': ['1 ACTIVE'],
    },
  })),
  {
    model: 'ad_accounts',
    ask: 'select account_id, last_complete_day, spend, spend_usd_28d, roas_28d, currency from ad_accounts',
    rows: {
      'one day': ['2026-01-10 10 10 3 USD'],
      'zero spend': ['2026-02-28 0 0 – USD'],
      'zero clicks': ['2026-03-28 280 280 0 USD'],
      'one campaign': ['2026-04-28 350 350 2.8 USD'],
      'mixed currencies': ['2026-05-28 280 280 3 USD', '2026-05-28 280 350 3 EUR'],
      'unsettled days only': ['2026-06-07 70 70 3 USD'],
    },
  },
  {
    model: 'metaads_campaigns_daily',
    ask: `select left(campaign_id, 1), total_spend_usd, total_clicks, avg_cpc, avg_ctr, total_conversions, roas
      from metaads_campaigns_daily`,
    rows: {
      'one day': ['10 20 0.5 0.02 2 3'],
      'zero spend': ['0 560 0 0.02 56 –'],
      'zero clicks': ['280 0 – 0 0 0'],
      'one campaign': ['350 560 0.625 0.02 56 2.8'],
      'mixed currencies': ['280 560 0.5 0.02 56 3', '350 560 0.625 0.02 56 3'],
      'unsettled days only': ['70 140 0.5 0.02 14 3'],
    },
  },
  {
    model: 'metaads_campaigns_performance_log',
    ask: `select left(campaign_id, 1), count(*), sum(spend_usd), max_by(cpc, date), max_by(roas_daily, date)
      from metaads_campaigns_performance_log group by all`,
    rows: {
      'one day': ['1 10 0.5 3'],
      'zero spend': ['28 0 0 –'],
      'zero clicks': ['28 280 – 0'],
      'one campaign': ['28 350 0.8 2.5'],
      'mixed currencies': ['28 280 0.5 3', '28 350 0.625 3'],
      'unsettled days only': ['7 70 0.5 3'],
    },
  },
  // It is made only once a dump of the account has landed.
  { model: 'tidy_metaads', ask: 'select account_id from tidy_metaads', rows: NONE },
  {
    model: 'audience_insights_aggregated',
    ask: `select account_id, value, spend, spend_share, ctr, cpa, roas, roas_index, is_settled
      from audience_insights_aggregated where period = 'lifetime' and dimension = 'country'`,
    rows: {
      'one day': ['DE 10 1 0.02 5 3 100 true'],
      'zero spend': ['DE 0 – 0.02 0 – – true'],
      'zero clicks': ['DE 280 1 0 – 0 – true'],
      'one campaign': ['DE 350 1 0.02 6.25 2.8 100 true'],
      'mixed currencies': ['DE 280 1 0.02 5 3 100 true', 'DE 280 1 0.02 5 3 100 true'],
      'unsettled days only': ['DE 70 1 0.02 5 3 100 false'],
    },
  },
  {
    model: 'pixel_funnel_day',
    ask: `select account_id, count(*), sum(spend), sum(purchases), sum(purchase_value), bool_and(is_settled)
      from pixel_funnel_day group by account_id`,
    rows: {
      'one day': ['1 10 2 30 true'],
      'zero spend': ['28 0 56 840 true'],
      'zero clicks': ['28 280 0 0 true'],
      'one campaign': ['28 350 56 980 true'],
      'mixed currencies': ['28 280 56 840 true', '28 280 56 840 true'],
      'unsettled days only': ['7 70 14 210 false'],
    },
  },
  // Five metrics a day, of campaigns and of ads; nobody asked about ad sets.
  {
    model: 'reconciliation_day',
    ask: `select account_id, count(case when is_within then 1 end), count(case when not is_within then 1 end),
      count(case when level = 'ad_set' then reason end) from reconciliation_day group by account_id`,
    rows: {
      'one day': ['10 0 5'],
      'zero spend': ['280 0 140'],
      'zero clicks': ['280 0 140'],
      'one campaign': ['280 0 140'],
      'mixed currencies': ['280 0 140', '280 0 140'],
      'unsettled days only': ['70 0 35'],
    },
  },
  {
    model: 'restatement_day',
    ask: `select account_id, count(*), max(version), min(days_after), max(days_after), sum(spend), sum(purchase_value)
      from restatement_day group by account_id`,
    rows: {
      'one day': ['1 1 40 40 10 30'],
      'zero spend': ['28 1 40 67 0 840'],
      'zero clicks': ['28 1 40 67 280 0'],
      'one campaign': ['28 1 40 67 350 980'],
      'mixed currencies': ['28 1 40 67 280 840', '28 1 40 67 280 840'],
      'unsettled days only': ['7 1 1 7 70 210'],
    },
  },
  {
    model: 'maturity_curve',
    ask: `select account_id, metric, days_after, days, share_known, is_enough from maturity_curve
      where metric = 'purchase_value'`,
    rows: NONE,
  },
  {
    model: 'roas_matured',
    ask: `select account_id, basis, count(*), sum(purchase_value_matured), max(roas_matured)
      from roas_matured group by account_id, basis`,
    rows: {
      'one day': ['settled 1 30 3'],
      'zero spend': ['settled 28 840 –'],
      'zero clicks': ['settled 28 0 0'],
      'one campaign': ['settled 28 980 3.3333333333'],
      'mixed currencies': ['settled 28 840 3', 'settled 28 840 3'],
      'unsettled days only': ['too few settled days 7 – –'],
    },
  },
  {
    model: 'ad_performance_day',
    ask: `select account_id, count(*), sum(spend_usd), sum(conversions), sum(conversions_value)
      from ad_performance_day group by account_id`,
    rows: SUMS,
  },
  {
    model: 'country_performance_day',
    ask: `select account_id, count(*), sum(spend_usd), sum(conversions), sum(conversions_value)
      from country_performance_day group by account_id`,
    rows: SUMS,
  },
  // Sales of 50 on the last day of each month; a day between the first and the last sale has sold nothing.
  {
    model: 'channel_day',
    ask: `select 'month ' || month(date), count(*), sum(spend_usd), sum(revenue_usd), max_by(mer, date), max_by(halo_revenue_usd, date)
      from channel_day group by all`,
    rows: {
      'one day': ['1 10 50 5 20'],
      'zero spend': ['28 0 50 – 20'],
      'zero clicks': ['28 280 50 5 50'],
      'one campaign': ['28 350 50 3.125 10'],
      'mixed currencies': ['28 630 112.5 5 45'],
      'unsettled days only': ['7 70 50 5 20'],
    },
  },
  // Only the accounts of May were asked when the newest answer of all came.
  {
    model: 'data_quality',
    ask: `select account_id, coalesce(string_agg(case when not holds then check_name end, ' '), 'all hold')
      from data_quality group by account_id`,
    rows: {
      'one day': ['account_is_current'],
      'zero spend': ['account_is_current'],
      'zero clicks': ['account_is_current'],
      'one campaign': ['account_is_current'],
      'mixed currencies': ['all hold', 'all hold'],
      'unsettled days only': ['account_is_current'],
    },
  },
  {
    model: 'creative_content',
    ask: 'select account_id, creative_name, text, words from creative_content',
    rows: {
      'one day': ['Red – –'],
      'zero spend': ['Red – –'],
      'zero clicks': ['Red – –'],
      'one campaign': ['Red – –'],
      'mixed currencies': ['Red – –', 'Red – –'],
      'unsettled days only': ['Red – –'],
    },
  },
  {
    model: 'campaign_history',
    ask: 'select account_id, days_live, spend_28d, spend_before, roas_28d, best_roas, share_of_best from campaign_history',
    rows: {
      'one day': ['1 10 0 3 – –'],
      'zero spend': ['28 0 0 – – –'],
      'zero clicks': ['28 280 0 0 – –'],
      'one campaign': ['28 350 0 2.8 2.8 1'],
      'mixed currencies': ['28 280 0 3 3 1', '28 280 0 3 3 1'],
      'unsettled days only': ['7 70 0 3 – –'],
    },
  },
  {
    model: 'benchmark_comparison',
    ask: 'select account_id, value, difference, is_better, place from benchmark_comparison',
    rows: {
      'one day': ['0.02 0.25 true within the usual range'],
      'zero spend': ['0.02 0.25 true within the usual range'],
      'zero clicks': ['0 -1 false below the usual range'],
      'one campaign': ['0.02 0.25 true within the usual range'],
      'mixed currencies': [
        '0.02 0.25 true within the usual range',
        '0.02 0.25 true within the usual range',
      ],
      'unsettled days only': ['0.02 0.25 true within the usual range'],
    },
  },
  {
    model: 'campaign_roi_analysis',
    ask: `select account_id, spend, spend_usd, roas, cpa, cpc, cpm, ctr, cvr, aov, share_of_spend, share_unsettled, recommendation
      from campaign_roi_analysis where period = 'lifetime'`,
    rows: {
      'one day': ['10 10 3 5 0.5 10 0.02 0.1 15 1 0 too little data'],
      'zero spend': ['0 0 – 0 0 0 0.02 0.1 15 – – too little data'],
      'zero clicks': ['280 280 0 – – 10 0 – – 1 0 too little data'],
      'one campaign': ['350 350 2.8 6.25 0.625 12.5 0.02 0.1 17.5 1 0 hold'],
      'mixed currencies': [
        '280 280 3 5 0.5 10 0.02 0.1 15 1 0 hold',
        '280 350 3 5 0.5 10 0.02 0.1 15 1 0 hold',
      ],
      'unsettled days only': ['70 70 3 5 0.5 10 0.02 0.1 15 1 1 wait: not settled'],
    },
  },
  // Nothing is unusual that is like every other day, and a day without history is not judged.
  { model: 'anomalies', ask: 'select account_id, metric from anomalies', rows: NONE },
  // No account was asked again: data is late from the day after the last one on.
  {
    model: 'performance_alerts',
    ask: 'select account_id, rule, severity, state, opened_on from performance_alerts',
    rows: {
      'one day': ['data_late warning open 2026-01-11'],
      'zero spend': ['data_late warning open 2026-03-01'],
      'zero clicks': ['data_late warning open 2026-03-29'],
      'one campaign': ['data_late warning open 2026-04-29'],
      'mixed currencies': [
        'data_late warning open 2026-05-29',
        'data_late warning open 2026-05-29',
      ],
      'unsettled days only': ['data_late warning open 2026-06-08'],
    },
  },
  {
    model: 'attribution',
    ask: `select 'month ' || cast(right(period, 2) as integer), currency, channel, orders, revenue, count(*)
      from attribution where period <> 'lifetime' and level = 'channel' group by all`,
    rows: {
      'one day': ['USD Social 1 50 8'],
      'zero spend': ['USD Social 1 50 8'],
      'zero clicks': ['USD Social 1 50 8'],
      'one campaign': ['USD Social 1 50 8'],
      'mixed currencies': ['EUR Social 1 50 8', 'USD Social 1 50 8'],
      'unsettled days only': ['USD Social 1 50 8'],
    },
  },
  {
    model: 'creative_performance',
    ask: `select account_id, spend, ctr, cvr, cpc, cpa, roas, rank_spend, rank_roas from creative_performance
      where period = 'lifetime'`,
    rows: {
      'one day': ['10 0.02 0.1 0.5 5 3 1 1'],
      'zero spend': ['0 0.02 0.1 0 0 – 1 –'],
      'zero clicks': ['280 0 – – – 0 1 –'],
      'one campaign': ['350 0.02 0.1 0.625 6.25 2.8 1 1'],
      'mixed currencies': ['280 0.02 0.1 0.5 5 3 1 1', '280 0.02 0.1 0.5 5 3 1 1'],
      'unsettled days only': ['70 0.02 0.1 0.5 5 3 1 1'],
    },
  },
  // Of fatigue there is age alone: 20 points for 90 days.
  {
    model: 'creative_fatigue',
    ask: 'select account_id, days, ctr, ctr_change, fatigue_score, recommendation from creative_fatigue',
    rows: {
      'one day': ['1 0.02 – – too little data'],
      'zero spend': ['28 0.02 0 6.222222 fresh'],
      'zero clicks': ['28 0 – – too little data'],
      'one campaign': ['28 0.02 0 6.222222 fresh'],
      'mixed currencies': ['28 0.02 0 6.222222 fresh', '28 0.02 0 6.222222 fresh'],
      'unsettled days only': ['7 0.02 0 1.555556 fresh'],
    },
  },
  // A budget of 12 a day, held against 7 days, 84, or as many as there was spend on; one at least.
  {
    model: 'budget_pacing',
    ask: `select account_id, budget, spend, spend_due, pacing, status from budget_pacing
      where level = 'campaign' and kind = 'daily'`,
    rows: {
      'one day': ['12 10 12 0.8333333333 on track'],
      'zero spend': ['12 0 12 0 no spend'],
      'zero clicks': ['12 70 84 0.8333333333 on track'],
      'one campaign': ['12 91 84 1.0833333333 over'],
      'mixed currencies': ['12 70 84 0.8333333333 on track', '12 70 84 0.8333333333 on track'],
      'unsettled days only': ['12 70 84 0.8333333333 on track'],
    },
  },
  {
    model: 'response_curves',
    ask: 'select account_id, days, basis, elasticity, round(scale, 4), roas from response_curves',
    rows: {
      'one day': ['1 fewer than 14 settled days with spend – – 3'],
      'zero spend': [],
      'zero clicks': ['28 fewer than 10 settled days with value – – 0'],
      'one campaign': ['28 fitted 0.5 10 2.8'],
      'mixed currencies': [
        '28 spend hardly differs between days – – 3',
        '28 spend hardly differs between days – – 3',
      ],
      'unsettled days only': [],
    },
  },
  {
    model: 'budget_allocation',
    ask: 'select account_id, spend_per_day, change_per_day, basis, account_gain_per_day, advice from budget_allocation',
    rows: {
      'one day': ['10 0 fewer than 14 settled days with spend – keep: too little is known'],
      'zero spend': [],
      'zero clicks': ['10 0 fewer than 10 settled days with value – keep: too little is known'],
      'one campaign': ['12.5 0 no other campaign to share with – keep: too little is known'],
      'mixed currencies': [
        '10 0 spend hardly differs between days – keep: too little is known',
        '10 0 spend hardly differs between days – keep: too little is known',
      ],
      'unsettled days only': [
        '10 0 fewer than 14 settled days with spend – keep: too little is known',
      ],
    },
  },
  // The next 7 days are like the last ones; without settled days nothing is known of value.
  {
    model: 'forecast_day',
    ask: `select account_id, metric, total from forecast_day
      where days_ahead = 7 and metric in ('spend', 'roas')`,
    rows: {
      'one day': [],
      'zero spend': ['spend 0', 'roas –'],
      'zero clicks': ['spend 70', 'roas 0'],
      'one campaign': ['spend 87.5', 'roas 2.8'],
      'mixed currencies': ['spend 70', 'roas 3', 'spend 70', 'roas 3'],
      'unsettled days only': ['spend 70'],
    },
  },
  {
    model: 'prediction_comparisons',
    ask: 'select account_id, actual_roas, roas_error, actual_ctr, ctr_error, accuracy_score, status from prediction_comparisons',
    rows: {
      'one day': ['3 -1 0.02 0 83.333333 settled'],
      'zero spend': ['– – 0.02 0 100 settled'],
      'zero clicks': ['0 2 0 0.02 0 settled'],
      'one campaign': ['2.5 -0.5 0.02 0 90 settled'],
      'mixed currencies': ['3 -1 0.02 0 83.333333 settled', '3 -1 0.02 0 83.333333 settled'],
      'unsettled days only': ['3 -1 0.02 0 83.333333 provisional'],
    },
  },
];
