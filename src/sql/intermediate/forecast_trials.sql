-- Grain: one row per ad account, metric, anchor and number of days ahead (1 to 28) of it: a forecast made of what
-- came before the anchor. Anchor 0 is the newest complete day; others, 28 and more days ago and 3 apart, are
-- those of the back-test, with what came (`actual`). Each forecasts in two ways:
--   model   mean of the last 14 days × mean of the last 4 such weekdays / mean of the last 28 days
--   naive   the same weekday of the last week (seasonal naive)
-- Where the newest days of a metric do not count yet (`gap` of them), all forecasts skip as many days.
with series as (
  select
    account_id,
    metric,
    currency,
    last_complete_day,
    last_complete_day - origin as gap,
    age,
    amount
  from intermediate.forecast_series
),

levels as (
  select
    series.*,
    count(*) over (partition by account_id, metric) as days_in_all,
    count(*) over last_28 as days_28,
    avg(amount) over last_14 as mean_14,
    avg(amount) over last_28 as mean_28,
    count(*) over weekday as weeks,
    avg(amount) over weekday as weekday_mean
  from series
  window
    last_14 as (partition by account_id, metric order by age desc rows between 13 preceding and current row),
    last_28 as (partition by account_id, metric order by age desc rows between 27 preceding and current row),
    weekday as (
      partition by account_id, metric, age % 7
      order by age desc
      rows between 3 preceding and current row
    )
),

anchors as (
  select account_id, metric, currency, last_complete_day, gap, age as anchor, mean_14, mean_28, days_28
  from levels
  where days_in_all >= 7 and (age = 0 or (age >= 28 + gap and (age - 28) % 3 = 0 and days_28 = 28))
),

digits as (
  select 1 as n
  union all select 2
  union all select 3
  union all select 4
  union all select 5
  union all select 6
  union all select 7
),

ahead as (
  select digits.n + 7 * (weeks.n - 1) as n
  from digits
  cross join digits as weeks
  where weeks.n <= 4
),

-- The day of the last known week that has the weekday of the day that is forecast.
steps as (
  select
    anchors.*,
    ahead.n as days_ahead,
    anchors.anchor + 6 - (ahead.n + anchors.gap + 6) % 7 as like_age,
    anchors.anchor - ahead.n - anchors.gap as own_age
  from anchors
  cross join ahead
),

final as (
  select
    steps.account_id as account_id,
    steps.metric as metric,
    steps.currency as currency,
    steps.last_complete_day as last_complete_day,
    steps.anchor as anchor,
    steps.days_ahead as days_ahead,
    steps.mean_28 as level,
    case
      when steps.days_28 = 28 and alike.weeks = 4
        then coalesce(steps.mean_14 * alike.weekday_mean / nullif(steps.mean_28, 0), 0)
    end as model,
    alike.amount as naive,
    own.amount as actual
  from steps
  inner join levels as alike
    on alike.account_id = steps.account_id
    and alike.metric = steps.metric
    and alike.age = steps.like_age
  left join levels as own
    on own.account_id = steps.account_id
    and own.metric = steps.metric
    and own.age = steps.own_age
)

select * from final
