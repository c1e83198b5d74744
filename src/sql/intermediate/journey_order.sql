-- Grain: one row per order that counts, as the end of a journey: what it came to, in its own currency.
with preferences as (
  select
    cast(name as varchar) as name,
    cast(subject as varchar) as subject,
    cast(value as varchar) as value
  from staging.preferences
),

shops as (
  select count(*) as orders from staging.orders where cast(source as varchar) <> 'stripe'
),

final as (
  select
    cast(orders.source as varchar) || ' ' || cast(orders.order_id as varchar) as journey,
    cast(orders.customer_key as varchar) as customer_key,
    cast(orders.day as date) as day,
    cast(orders.currency as varchar) as currency,
    cast(orders.amount as decimal(38, 6)) - coalesce(cast(orders.refunded as decimal(38, 6)), 0) as revenue,
    coalesce(
      cast(orders.ordered_at as timestamp with time zone),
      cast(cast(orders.day as date) + 1 as timestamp) at time zone 'UTC'
    ) as happened_at
  from staging.orders as orders
  cross join shops
  left join preferences as chosen
    on chosen.name = 'revenue_source' and chosen.subject = cast(orders.source as varchar)
  where
    orders.is_sold
    and case
      when chosen.value is not null then chosen.value = 'count'
      else cast(orders.source as varchar) <> 'stripe' or shops.orders = 0
    end
)

select * from final
