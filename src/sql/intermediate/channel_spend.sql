-- Grain: one row per day and ad platform, for every day from the platform's first to its last one in the lake.
-- A day between them without a row is a day without delivery: 0, and not unknown.
with facts as (
  select
    date,
    platform as channel,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    min(fx_note) as spend_note,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as attributed_conversions,
    case when count(conversions_value_usd) = count(*) then sum(conversions_value_usd) end
      as attributed_value_usd
  from curated.ad_performance_day
  group by date, platform
),

spans as (
  select channel, min(date) as first_day, max(date) as last_day
  from facts
  group by channel
),

all_days as (
  select date from facts
  union
  select date from intermediate.shop_day
),

final as (
  select
    all_days.date as date,
    spans.channel as channel,
    case when facts.date is null then 0 else facts.spend_usd end as spend_usd,
    case when facts.spend_usd is null then facts.spend_note end as spend_note,
    case when facts.date is null then 0 else facts.impressions end as impressions,
    case when facts.date is null then 0 else facts.clicks end as clicks,
    case when facts.date is null then 0 else facts.attributed_conversions end as attributed_conversions,
    case when facts.date is null then 0 else facts.attributed_value_usd end as attributed_value_usd
  from spans
  inner join all_days on all_days.date between spans.first_day and spans.last_day
  left join facts on facts.channel = spans.channel and facts.date = all_days.date
)

select * from final
