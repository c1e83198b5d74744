-- Grain: one row per ad account, level and object of budget_objects with spend in the lake: its sums up to the
-- newest complete day. A day without a row is one without spend. NULL where a day's spend is unknown.
with objects as (
  select account_id, level, object_id, as_of, month_start, start_day, daily_budget
  from intermediate.budget_objects
),

spends as (
  select account_id, 'account' as level, account_id as object_id, date, spend
  from curated.campaign_day
  union all
  select account_id, 'campaign', campaign_id, date, spend
  from curated.campaign_day
  union all
  select account_id, 'ad_set', ad_set_id, date, spend
  from curated.ad_day
),

days as (
  select
    spends.account_id as account_id,
    spends.level as level,
    spends.object_id as object_id,
    spends.date as date,
    objects.as_of - spends.date as age,
    objects.as_of as as_of,
    objects.month_start as month_start,
    objects.start_day as start_day,
    objects.daily_budget as daily_budget,
    sum(spends.spend) as spend,
    count(*) - count(spends.spend) as unknowns
  from spends
  inner join objects
    on objects.account_id = spends.account_id
    and objects.level = spends.level
    and objects.object_id = spends.object_id
  where spends.date <= objects.as_of
  group by
    spends.account_id,
    spends.level,
    spends.object_id,
    spends.date,
    objects.as_of,
    objects.month_start,
    objects.start_day,
    objects.daily_budget
),

sums as (
  select
    account_id,
    level,
    object_id,
    max(as_of) as as_of,
    min(date) as first_date,
    min(case when spend > 0 then date end) as first_day,
    max(case when spend > 0 then date end) as last_day,
    sum(unknowns) as unknowns,
    sum(case when age < 28 then unknowns end) as unknowns_28d,
    sum(spend) as spend_all,
    sum(case when date >= coalesce(start_day, date) then spend end) as spend_life,
    sum(case when date >= month_start then spend end) as spend_month,
    sum(case when age < 7 then spend end) as spend_7d,
    sum(case when age < 14 then spend end) as spend_14d,
    sum(case when age < 28 then spend end) as spend_28d,
    sum(case when age < 28 then cast(spend as double) * cast(spend as double) end) as squares_28d,
    count(case when age < 28 and spend > 1.75 * daily_budget then 1 end) as days_beyond
  from days
  group by account_id, level, object_id
),

counted as (
  select
    sums.*,
    case when first_day is not null then least(28, as_of - first_day + 1) end as days_28d,
    case when first_day is not null then least(14, as_of - first_day + 1) end as days_14d
  from sums
),

final as (
  select
    account_id,
    level,
    object_id,
    first_date,
    first_day,
    last_day,
    case when unknowns = 0 then coalesce(spend_life, 0) end as spend_life,
    case when unknowns = 0 then coalesce(spend_month, 0) end as spend_month,
    case when unknowns_28d = 0 or unknowns_28d is null then coalesce(spend_7d, 0) end as spend_7d,
    case when unknowns_28d = 0 or unknowns_28d is null then coalesce(spend_28d, 0) end as spend_28d,
    days_28d,
    days_14d,
    days_beyond,
    case when coalesce(unknowns_28d, 0) = 0
      then cast(coalesce(spend_14d, 0) as double) / nullif(days_14d, 0)
    end as daily_mean,
    case when coalesce(unknowns_28d, 0) = 0 and days_28d > 1
      then greatest(
        0,
        (
          coalesce(squares_28d, 0)
          - cast(coalesce(spend_28d, 0) as double) * cast(coalesce(spend_28d, 0) as double) / days_28d
        ) / nullif(days_28d - 1, 0)
      )
    end as daily_variance
  from counted
)

select * from final
