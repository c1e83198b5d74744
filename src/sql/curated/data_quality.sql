-- Grain: one row per check and ad account of which it judged something. What a check looks at, and row by
-- row what it found, is in `src/sql/checks`; here is what each is about, and which share of the rows must hold:
--   score of a check      100 * rows that hold / rows judged
--   score of a table      the average over its dimensions of the average of their checks, over all accounts:
--                         `data_quality_score`
with rules as (
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
),

judged as (
  select 'figures_present' as check_name, account_id, is_ok, rows from checks.figures_present
  union all
  select 'names_known' as check_name, account_id, is_ok, rows from checks.names_known
  union all
  select 'ad_names_known' as check_name, account_id, is_ok, rows from checks.ad_names_known
  union all
  select 'days_asked' as check_name, account_id, is_ok, rows from checks.days_asked
  union all
  select 'rates_known' as check_name, account_id, is_ok, rows from checks.rates_known
  union all
  select 'ratios_as_reported' as check_name, account_id, is_ok, rows from checks.ratios_as_reported
  union all
  select 'conversions_within_clicks' as check_name, account_id, is_ok, rows from checks.conversions_within_clicks
  union all
  select 'spend_within_budget' as check_name, account_id, is_ok, rows from checks.spend_within_budget
  union all
  select 'clicks_with_impressions' as check_name, account_id, is_ok, rows from checks.clicks_with_impressions
  union all
  select 'value_with_conversions' as check_name, account_id, is_ok, rows from checks.value_with_conversions
  union all
  select 'campaigns_listed' as check_name, account_id, is_ok, rows from checks.campaigns_listed
  union all
  select 'levels_reconcile' as check_name, account_id, is_ok, rows from checks.levels_reconcile
  union all
  select 'breakdowns_sum' as check_name, account_id, is_ok, rows from checks.breakdowns_sum
  union all
  select 'account_is_current' as check_name, account_id, is_ok, rows from checks.account_is_current
  union all
  select 'one_account_each' as check_name, account_id, is_ok, rows from checks.one_account_each
  union all
  select 'reach_within_impressions' as check_name, account_id, is_ok, rows from checks.reach_within_impressions
  union all
  select 'clicks_within_impressions' as check_name, account_id, is_ok, rows from checks.clicks_within_impressions
  union all
  select 'no_future_day' as check_name, account_id, is_ok, rows from checks.no_future_day
  union all
  select 'ids_intact' as check_name, account_id, is_ok, rows from checks.ids_intact
),

tallies as (
  select
    check_name,
    account_id,
    cast(sum(rows) as bigint) as judged,
    cast(sum(case when is_ok then 0 else rows end) as bigint) as failing
  from judged
  group by check_name, account_id
),

final as (
  select
    rules.table_name as table_name,
    rules.dimension as dimension,
    rules.check_name as check_name,
    tallies.account_id as account_id,
    rules.what as what,
    tallies.judged as judged,
    tallies.failing as failing,
    rules.must_hold as must_hold,
    tallies.judged - tallies.failing >= tallies.judged * rules.must_hold as holds,
    round(100 * cast(tallies.judged - tallies.failing as double) / tallies.judged, 4) as score
  from tallies
  inner join rules on rules.check_name = tallies.check_name
)

select * from final
