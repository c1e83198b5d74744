-- Grain: one row per day and channel (ad platform), from the channel's first to its last day in the lake.
-- Spend of all channels against what was sold; see intermediate.shop_day for the day and the sales that count.
-- A figure that is unknown for one of the parts makes the total unknown: a sum is never a part of it.
with days as (
  select date, channel, spend_usd, impressions, clicks, attributed_conversions, attributed_value_usd, spend_note
  from intermediate.channel_spend
),

totals as (
  select
    date,
    count(*) as channels,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as total_spend_usd,
    case when count(attributed_value_usd) = count(*) then sum(attributed_value_usd) end
      as total_attributed_value_usd
  from days
  group by date
),

span as (
  select min(date) as first_day, max(date) as last_day from intermediate.shop_day
),

joined as (
  select
    days.date as date,
    days.channel as channel,
    days.spend_usd as spend_usd,
    days.spend_note as spend_note,
    days.impressions as impressions,
    days.clicks as clicks,
    days.attributed_conversions as attributed_conversions,
    days.attributed_value_usd as attributed_value_usd,
    totals.channels as channels,
    totals.total_spend_usd as total_spend_usd,
    totals.total_attributed_value_usd as total_attributed_value_usd,
    case
      when days.date < span.first_day or days.date > span.last_day or span.first_day is null then null
      when shop.date is null then 0
      else shop.orders
    end as orders,
    case
      when days.date < span.first_day or days.date > span.last_day or span.first_day is null then null
      when shop.date is null then 0
      else shop.new_customers
    end as new_customers,
    case
      when days.date < span.first_day or days.date > span.last_day or span.first_day is null then null
      when shop.date is null then 0
      else shop.revenue_usd
    end as revenue_usd,
    case
      when span.first_day is null then 'no sales in the lake'
      when days.date < span.first_day or days.date > span.last_day
        then 'sales are known from ' || cast(span.first_day as varchar) || ' to ' || cast(span.last_day as varchar)
      else shop.revenue_note
    end as revenue_note,
    shop.day_zone as day_zone
  from days
  inner join totals on totals.date = days.date
  cross join span
  left join intermediate.shop_day as shop on shop.date = days.date
),

final as (
  select
    date,
    channel,
    spend_usd,
    spend_note,
    impressions,
    clicks,
    attributed_conversions,
    attributed_value_usd,
    round(cast(attributed_value_usd as double) / cast(nullif(spend_usd, 0) as double), 10) as platform_roas,
    channels,
    total_spend_usd,
    round(cast(spend_usd as double) / cast(nullif(total_spend_usd, 0) as double), 10) as share_of_spend,
    orders,
    new_customers,
    revenue_usd,
    revenue_note,
    round(cast(revenue_usd as double) / cast(nullif(total_spend_usd, 0) as double), 10) as mer,
    round(cast(total_spend_usd as double) / nullif(new_customers, 0), 10) as new_customer_cac,
    revenue_usd - total_attributed_value_usd as halo_revenue_usd,
    round(
      cast(revenue_usd - total_attributed_value_usd as double) / cast(nullif(revenue_usd, 0) as double),
      10
    ) as halo_share,
    day_zone
  from joined
)

select * from final
