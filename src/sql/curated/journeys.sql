-- Grain: one row per path: the channels that persons were in contact with, in order, each named once for contacts
-- one after the other; how often it led to an order, and how often it did not (yet).
with touches as (
  select
    journey,
    is_converted,
    place,
    touches,
    channel,
    days_before,
    lag(channel) over (partition by journey order by place) as channel_before
  from intermediate.journey_touch
),

steps as (
  select journey, place, channel
  from touches
  where channel_before is null or channel_before <> channel
),

walked as (
  select journey, string_agg(channel, ' > ' order by place) as path, count(*) as steps
  from steps
  group by journey
),

measured as (
  select
    journey,
    max(is_converted) as is_converted,
    max(touches) as contacts,
    max(days_before) as days
  from touches
  group by journey
),

paths as (
  select
    walked.path as path,
    walked.steps as steps,
    measured.is_converted as is_converted,
    measured.contacts as contacts,
    measured.days as days,
    orders.currency as currency,
    orders.revenue as revenue
  from walked
  inner join measured on measured.journey = walked.journey
  left join intermediate.journey_order as orders on orders.journey = walked.journey
  union all
  select '(no contact known)', 0, true, 0, null, currency, revenue
  from intermediate.journey_order
  where journey not in (select journey from walked)
),

final as (
  select
    path,
    max(steps) as steps,
    count(case when is_converted then 1 end) as orders,
    count(case when not is_converted then 1 end) as open_journeys,
    round(cast(count(case when is_converted then 1 end) as double) / count(*), 10) as conversion_rate,
    case when count(distinct currency) = 1 then max(currency) end as currency,
    case when count(distinct currency) = 1 then sum(revenue) end as revenue,
    case when count(distinct currency) > 1 then 'orders in more than one currency' end as revenue_note,
    round(cast(sum(case when is_converted then contacts end) as double) / nullif(count(case when is_converted then 1 end), 0), 10)
      as contacts_per_order,
    round(cast(sum(cast(case when is_converted then days end as decimal(18, 9))) as double) / nullif(count(case when is_converted then days end), 0), 10)
      as days_per_order
  from paths
  group by path
)

select * from final
