-- Grain: one row per ad account and period that figures are summed over: the last 7, 14, 28 and 90
-- complete days, each calendar month with a row, and all days there are. Both ends belong to it.
with days as (
  select distinct account_id, date
  from curated.campaign_day
),

spans as (
  select account_id, min(date) as first_day, max(date) as last_day
  from days
  group by account_id
),

months as (
  select distinct account_id, cast(date_trunc('month', date) as date) as since
  from days
),

lengths as (
  select '7d' as period, 7 as length
  union all
  select '14d', 14
  union all
  select '28d', 28
  union all
  select '90d', 90
),

final as (
  select
    spans.account_id as account_id,
    lengths.period as period,
    account_days.last_complete_day - (lengths.length - 1) as since,
    account_days.last_complete_day as until
  from spans
  inner join intermediate.account_days as account_days
    on account_days.account_id = spans.account_id
  cross join lengths
  union all
  select
    account_id,
    'month',
    since,
    cast(since + interval '1 month' - interval '1 day' as date)
  from months
  union all
  select account_id, 'lifetime', first_day, last_day
  from spans
)

select * from final
