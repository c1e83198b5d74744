-- Grain: one row per ad account, metric and day: what the weekday does to the metric (a logarithm), as the
-- median over the same weekday of the 56 days before of how far each lay from the median of its own week.
-- It is told by the account, since a campaign alone has too few Mondays; 0 before there are three
-- (`is_known`).
with days as (
  select
    account_id,
    metric,
    date,
    extract(isodow from date) as weekday,
    case when is_usable then size end as size
  from intermediate.metric_day
  where level = 'account'
),

leant as (
  select
    account_id,
    metric,
    date,
    weekday,
    size - median(size) over (
      partition by account_id, metric
      order by date
      range between interval 6 days preceding and current row
    ) as lean
  from days
),

final as (
  select
    account_id,
    metric,
    date,
    count(lean) over same_weekday >= 3 as is_known,
    case when count(lean) over same_weekday >= 3 then median(lean) over same_weekday else 0 end as lean
  from leant
  window same_weekday as (
    partition by account_id, metric, weekday
    order by date
    range between interval 56 days preceding and interval 1 day preceding
  )
)

select * from final
