-- Grain: one row per account or campaign, metric and complete day that could be judged: how far the
-- day lies from what was to be expected, in units of its usual spread (a robust z-score).
-- Expected: the median of the 42 days before, as far as they are final, each freed of its weekday, with the
-- weekday of the day. Spread: 1.4826 times the median of how far these days lay from what was
-- expected of them; never under 5 %, nor under what counting alone would make. Ten days are the least,
-- and three of the same weekday. `series`: a number for each account or campaign and metric, here and now.
with days as (
  select
    metric_day.*,
    metric_day.size - coalesce(metric_weekday.lean, 0) as level_size,
    coalesce(metric_weekday.lean, 0) as lean,
    coalesce(metric_weekday.is_known, true) as is_weekday_known
  from intermediate.metric_day as metric_day
  left join intermediate.metric_weekday as metric_weekday
    on metric_weekday.account_id = metric_day.account_id
    and metric_weekday.date = metric_day.date
    and metric_weekday.metric = metric_day.weekday_metric
),

-- A number for each series and for each day, and few columns: a window sorts all that it is given, and spans
-- of numbers are found in less time than spans of days.
series as (
  select account_id, level, subject_id, metric, row_number() over (order by account_id, level, subject_id, metric) as series
  from (select distinct account_id, level, subject_id, metric from days) as names
),

numbered as (
  select
    days.*,
    series.series as series,
    days.date - cast('2000-01-01' as date) as day
  from days
  inner join series
    on series.account_id = days.account_id
    and series.level = days.level
    and series.subject_id = days.subject_id
    and series.metric = days.metric
),

levelled as (
  select
    series,
    date,
    day,
    is_usable,
    level_size,
    count(case when is_usable then 1 end) over before as history_days,
    median(case when is_usable then level_size end) over before as middle
  from (select series, date, day, is_usable, level_size from numbered) as sizes
  window before as (
    partition by series
    order by day
    range between 42 preceding and 1 preceding
  )
),

distances as (
  select
    series,
    date,
    day,
    history_days,
    middle,
    level_size - middle as distance,
    case when is_usable then abs(level_size - middle) end as usable_distance
  from levelled
  where history_days >= 10
),

spread as (
  select
    series,
    date,
    history_days,
    middle,
    distance,
    count(usable_distance) over before as spread_days,
    1.4826 * median(usable_distance) over before as usual
  from distances
  window before as (
    partition by series
    order by day
    range between 42 preceding and 1 preceding
  )
),

-- Events that come by themselves spread by 1 over the root of their number.
counted as (
  select
    numbered.*,
    spread.history_days as history_days,
    spread.distance as distance,
    spread.usual as usual,
    exp(spread.middle + numbered.lean) as expected,
    coalesce(numbered.counted, exp(spread.middle + numbered.lean) * numbered.times) as events
  from spread
  inner join numbered on numbered.series = spread.series and numbered.date = spread.date
  where spread.spread_days >= 10
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
    series,
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
