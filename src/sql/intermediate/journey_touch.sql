-- Grain: one row per contact of a person that is part of a journey. A journey is what one person was in contact
-- with before an order: since the order before, and at most 30 days (the preference
-- `attribution_lookback_days`). What came after a person's last order is a journey that led to none (yet).
-- Orders count as in shop_day: sold, less refunds, payments only where there is no shop. An order or contact
-- without a time lies at the end or the beginning of its day in UTC.
with preferences as (
  select
    cast(name as varchar) as name,
    cast(subject as varchar) as subject,
    cast(value as varchar) as value
  from staging.preferences
),

lookback as (
  select coalesce(max(case when name = 'attribution_lookback_days' then cast(value as integer) end), 30) as days
  from preferences
),

orders as (
  select * from intermediate.journey_order
),

touches as (
  select
    cast(source as varchar) as source,
    cast(person_key as varchar) as person_key,
    cast(channel as varchar) as channel,
    coalesce(cast(campaign_id as varchar), cast(campaign as varchar), '') as campaign,
    coalesce(
      cast(touched_at as timestamp with time zone), cast(cast(day as date) as timestamp) at time zone 'UTC'
    ) as happened_at
  from staging.touchpoints
),

events as (
  select person_key, happened_at, 0 as is_order, cast(null as varchar) as journey, source, channel, campaign
  from touches
  union all
  select customer_key, happened_at, 1, journey, '', '', ''
  from orders
  where customer_key is not null
),

-- All between two orders have as many orders still before them: an order comes after contacts of its instant.
counted as (
  select
    events.*,
    sum(is_order) over (
      partition by person_key
      order by happened_at desc, is_order desc, journey desc, source desc, channel desc, campaign desc
      rows between unbounded preceding and current row
    ) as orders_ahead
  from events
),

ends as (
  select person_key, orders_ahead, journey, happened_at
  from counted
  where is_order = 1
),

kept as (
  select
    coalesce(ends.journey, 'open ' || counted.person_key) as journey,
    ends.journey is not null as is_converted,
    counted.happened_at as happened_at,
    counted.source as source,
    counted.channel as channel,
    counted.campaign as campaign,
    cast(extract(epoch from ends.happened_at) - extract(epoch from counted.happened_at) as double) / 86400 as days_before
  from counted
  cross join lookback
  left join ends
    on ends.person_key = counted.person_key and ends.orders_ahead = counted.orders_ahead
  where
    counted.is_order = 0
    and (ends.happened_at is null or counted.happened_at >= ends.happened_at - lookback.days * interval '1 day')
),

final as (
  select
    kept.*,
    lower(channel) in ('direct', '(direct)', '(none)', 'direct / none', '(direct) / (none)') as is_direct,
    row_number() over (partition by journey order by happened_at, source, channel, campaign) as place,
    count(*) over (partition by journey) as touches
  from kept
)

select * from final
