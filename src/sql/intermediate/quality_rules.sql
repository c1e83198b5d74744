-- Grain: one row per check: which table and dimension it is about, which share of its rows must hold, and what
-- holds then. What a check looks at, row by row, is in `src/sql/checks`.
with final as (
  select
    'figures_present' as check_name,
    'campaign_day' as table_name,
    'completeness' as dimension,
    cast(0.99 as decimal(4, 2)) as must_hold,
    'spend, impressions and clicks are known' as what
  union all
  select 'names_known', 'campaign_day', 'completeness', 0.95, 'campaigns have a name'
  union all
  select 'ad_names_known', 'ad_day', 'completeness', 0.95, 'ads have a name'
  union all
  select 'days_asked', 'campaign_day', 'completeness', 1, 'no day was left out between the first and the last that was asked for'
  union all
  select 'rates_known', 'campaign_day', 'completeness', 1, 'what was spent can be told in US dollars'
  union all
  select 'ratios_as_reported', 'campaign_day', 'accuracy', 0.95, 'CPC, CPM and CTR are those of the API'
  union all
  select 'conversions_within_clicks', 'campaign_day', 'accuracy', 0.95, 'purchases after a click are not more than the clicks'
  union all
  select 'spend_within_budget', 'campaign_day', 'accuracy', 0.95, 'a day costs at most 1.75 times the daily budget'
  union all
  select 'clicks_with_impressions', 'campaign_day', 'accuracy', 0.95, '5,000 impressions bring a click, and clicks have impressions'
  union all
  select 'value_with_conversions', 'campaign_day', 'consistency', 0.99, 'a purchase value comes with a purchase'
  union all
  select 'campaigns_listed', 'campaign_day', 'consistency', 0.95, 'campaigns with figures are in the list of campaigns'
  union all
  select 'levels_reconcile', 'reconciliation_day', 'consistency', 1, 'campaigns, ad sets and ads add up to the account'
  union all
  select 'breakdowns_sum', 'audience_insights_aggregated', 'consistency', 0.95, 'the parts of a breakdown add up to the campaigns'
  union all
  select 'account_is_current', 'campaign_day', 'timeliness', 1, 'every account was asked about when the others were'
  union all
  select 'one_account_each', 'campaign_day', 'uniqueness', 1, 'a campaign belongs to one account'
  union all
  select 'reach_within_impressions', 'campaign_day', 'validity', 1, 'not more people are reached than there are impressions'
  union all
  select 'clicks_within_impressions', 'ad_performance_day', 'validity', 0.99, 'not more clicks than impressions, on every platform'
  union all
  select 'no_future_day', 'campaign_day', 'validity', 1, 'no day that had not begun'
  union all
  select 'ids_intact', 'campaign_day', 'validity', 1, 'ids are whole'
)

select * from final
