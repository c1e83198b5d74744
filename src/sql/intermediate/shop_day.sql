-- Grain: one row per day from the first to the last on which the lake has sales: what was sold.
-- The day of an order with a time is that of `day_zone`: the preference `timezone`; else the zone that all
-- ad accounts share; else that of the account that spent most. Spend has its account's own days and cannot
-- be cut anew, so it is the orders that move. An order without a time keeps the day its file names.
-- Orders count when they are sold, less what was refunded, at the rate of their day. Payments (`stripe`)
-- count only where no shop's orders are in the lake, since they are the same sales, unless the preference
-- `revenue_source` says `count` or `ignore` for a source.
with preferences as (
  select
    cast(name as varchar) as name,
    cast(subject as varchar) as subject,
    cast(value as varchar) as value
  from staging.preferences
),

spenders as (
  select timezone, sum(coalesce(spend_usd, 0)) as spend_usd
  from curated.ad_performance_day
  where timezone is not null
  group by timezone
),

zones as (
  select value as day_zone, 0 as rank, cast(0 as decimal(38, 6)) as spend_usd
  from preferences
  where name = 'timezone' and subject = ''
  union all
  select timezone as day_zone, 1 as rank, spend_usd from spenders
  union all
  select 'UTC' as day_zone, 2 as rank, cast(0 as decimal(38, 6)) as spend_usd
),

ranked_zones as (
  select day_zone, row_number() over (order by rank, spend_usd desc, day_zone) as place
  from zones
),

shops as (
  select count(*) as orders from staging.orders where cast(source as varchar) <> 'stripe'
),

sales as (
  select
    case
      when orders.ordered_at is null then cast(orders.day as date)
      else cast(cast(orders.ordered_at as timestamp with time zone) at time zone ranked_zones.day_zone as date)
    end as date,
    cast(orders.currency as varchar) as currency,
    cast(orders.amount as decimal(18, 6)) - coalesce(cast(orders.refunded as decimal(18, 6)), 0) as amount,
    1 as orders,
    cast(orders.customer_type as varchar) as customer_type
  from staging.orders as orders
  cross join ranked_zones
  cross join shops
  left join preferences as chosen
    on chosen.name = 'revenue_source' and chosen.subject = cast(orders.source as varchar)
  where ranked_zones.place = 1
    and orders.is_sold
    and case
      when chosen.value is not null then chosen.value = 'count'
      else cast(orders.source as varchar) <> 'stripe' or shops.orders = 0
    end
  union all
  select
    cast(revenue.day as date) as date,
    cast(revenue.currency as varchar) as currency,
    cast(revenue.amount as decimal(18, 6)) as amount,
    0 as orders,
    cast(null as varchar) as customer_type
  from staging.revenue as revenue
  left join preferences as chosen
    on chosen.name = 'revenue_source' and chosen.subject = cast(revenue.source as varchar)
  where coalesce(chosen.value, 'count') = 'count'
),

priced as (
  select
    sales.date as date,
    sales.orders as orders,
    sales.customer_type as customer_type,
    case
      when sales.amount = 0 then cast(0 as decimal(18, 6))
      when sales.currency = 'USD' then sales.amount
      else cast(round(cast(sales.amount as decimal(38, 6)) * rates.usd_per_unit, 6) as decimal(18, 6))
    end as amount_usd,
    case
      when sales.amount <> 0 and sales.currency <> 'USD' and rates.usd_per_unit is null
        then 'no rate for ' || sales.currency || ' on or within 7 days before ' || cast(sales.date as varchar)
    end as missing_rate
  from sales
  left join intermediate.daily_rates as rates
    on rates.currency = sales.currency and rates.date = sales.date
),

final as (
  select
    priced.date as date,
    max(ranked_zones.day_zone) as day_zone,
    case when count(priced.amount_usd) = count(*) then sum(priced.amount_usd) end as revenue_usd,
    min(priced.missing_rate) as revenue_note,
    sum(priced.orders) as orders,
    case
      when sum(priced.orders) = count(priced.customer_type)
        then sum(case when priced.customer_type = 'new' then 1 else 0 end)
    end as new_customers
  from priced
  cross join ranked_zones
  where ranked_zones.place = 1
  group by priced.date
)

select * from final
