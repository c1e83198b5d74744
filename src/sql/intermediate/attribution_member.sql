-- Grain: one row per contact of a journey, level (channel, campaign) and period (its month as YYYY-MM, and lifetime): whom
-- it is credited to at that level. The month is that of the order; of a journey without one, of its last contact.
with touches as (
  select
    journey_touch.*,
    coalesce(orders.day, cast(max(journey_touch.happened_at) over (partition by journey_touch.journey) at time zone 'UTC' as date))
      as ended_on
  from intermediate.journey_touch as journey_touch
  left join intermediate.journey_order as orders on orders.journey = journey_touch.journey
),

spans as (
  select 'lifetime' as span
  union all
  select 'month'
),

levels as (
  select 'channel' as level
  union all
  select 'campaign'
),

final as (
  select
    case when spans.span = 'month' then substr(cast(touches.ended_on as varchar), 1, 7) else 'lifetime' end
      as period,
    levels.level as level,
    touches.journey as journey,
    touches.is_converted as is_converted,
    touches.place as place,
    touches.touches as touches,
    touches.days_before as days_before,
    touches.is_direct as is_direct,
    touches.channel as channel,
    case when levels.level = 'campaign' then touches.campaign else '' end as campaign
  from touches
  cross join spans
  cross join levels
)

select * from final
