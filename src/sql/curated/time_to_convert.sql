-- Grain: one row per channel of the first contact ('all' for all of them) and number of whole days from that
-- contact to the order: how many orders took so long, and how many had come by then.
with journeys as (
  select
    touches.journey as journey,
    max(case when touches.place = 1 then touches.channel end) as channel,
    cast(floor(max(touches.days_before)) as bigint) as days,
    max(touches.touches) as contacts
  from intermediate.journey_touch as touches
  where touches.is_converted
  group by touches.journey
),

grouped as (
  select channel, days, count(*) as orders, sum(contacts) as contacts
  from journeys
  group by channel, days
  union all
  select 'all', days, count(*), sum(contacts)
  from journeys
  group by days
),

final as (
  select
    channel as first_channel,
    days,
    orders,
    round(cast(orders as double) / sum(orders) over (partition by channel), 10) as share,
    round(
      cast(sum(orders) over (partition by channel order by days rows between unbounded preceding and current row) as double)
      / sum(orders) over (partition by channel),
      10
    ) as share_by_then,
    round(cast(contacts as double) / orders, 10) as contacts_per_order
  from grouped
)

select * from final
