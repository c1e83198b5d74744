-- Grain: one row per account or campaign, metric and complete day that could be judged: how far the
-- day lies from what was to be expected, in units of its usual spread (a robust z-score).
-- Expected: the median of the 42 days before, as far as they are final, each freed of its weekday, with the
-- weekday of the day. Spread: 1.4826 times the median of how far these days lay from what was
-- expected of them; never under 5 %, nor under what counting alone would make. Ten days are the least,
-- and three of the same weekday.
with days as (
  select
    metric_day.*,
    coalesce(metric_weekday.lean, of_spend.lean, 0) as lean,
    coalesce(metric_weekday.is_known, of_spend.is_known, true) as is_weekday_known
  from intermediate.metric_day as metric_day
  left join intermediate.metric_weekday as metric_weekday
    on metric_weekday.account_id = metric_day.account_id
    and metric_weekday.date = metric_day.date
    and metric_weekday.metric = metric_day.metric
  left join intermediate.metric_weekday as of_spend
    on of_spend.account_id = metric_day.account_id
    and of_spend.date = metric_day.date
    and of_spend.metric = 'spend'
    and metric_day.metric = 'reach'
),

levelled as (
  select
    days.*,
    count(case when is_usable then 1 end) over before as history_days,
    median(case when is_usable then size - lean end) over before as middle
  from days
  window before as (
    partition by account_id, level, subject_id, metric
    order by date
    range between interval 42 days preceding and interval 1 day preceding
  )
),

distances as (
  select
    levelled.*,
    case when history_days >= 10 then size - lean - middle end as distance
  from levelled
),

spread as (
  select
    distances.*,
    count(case when is_usable then distance end) over before as spread_days,
    1.4826 * median(case when is_usable then abs(distance) end) over before as usual
  from distances
  window before as (
    partition by account_id, level, subject_id, metric
    order by date
    range between interval 42 days preceding and interval 1 day preceding
  )
),

-- Events that come by themselves spread by 1 over the root of their number.
counted as (
  select
    spread.*,
    exp(middle + lean) as expected,
    coalesce(counted, exp(middle + lean) * times) as events
  from spread
  where history_days >= 10 and spread_days >= 10
),

scaled as (
  select
    counted.*,
    sqrt(
      power(
        greatest(
          usual,
          0.05,
          case when metric in ('ctr', 'cpc', 'conversions', 'roas') then 1 / sqrt(events) else 0 end
        ),
        2
      )
      + power(unsureness, 2)
    ) as scale
  from counted
  where events >= 5 and is_weekday_known
),

final as (
  select
    account_id,
    level,
    subject_id,
    metric,
    date,
    currency,
    basis,
    value,
    expected,
    history_days,
    scale as spread,
    distance / scale as z
  from scaled
)

select * from final
