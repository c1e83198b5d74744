-- Grain: one row per check and ad account of which it judged something. The checks are in `src/sql/checks`, what
-- is asked of them in quality_rules.
--   score of a check   100 * rows that hold / rows judged
--   score of a table   the average over its dimensions of the average of their checks, over all accounts: see
--                      the view data_quality_score
with rules as (
  select * from intermediate.quality_rules
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
