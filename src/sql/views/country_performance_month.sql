-- Grain: one row per platform, ad account, month (its first day) and country.
-- Sums of country_performance_day.
with totals as (
  select
    platform,
    account_id,
    cast(date_trunc('month', date_day) as date) as month,
    country,
    count(distinct date_day) as days,
    currency,
    case when count(clicks) = count(*) then cast(sum(clicks) as bigint) end as clicks,
    case when count(impressions) = count(*) then cast(sum(impressions) as bigint) end as impressions,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(conversions_value) = count(*) then sum(conversions_value) end as conversions_value,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    case when count(conversions_value_usd) = count(*) then sum(conversions_value_usd) end as conversions_value_usd
  from country_performance_day
  group by platform, account_id, cast(date_trunc('month', date_day) as date), country, currency
)

select
  totals.*,
  round(cast(clicks as double) / nullif(impressions, 0), 10) as ctr,
  round(cast(spend as double) / nullif(clicks, 0), 10) as cpc,
  round(cast(spend as double) * 1000 / nullif(impressions, 0), 10) as cpm,
  round(cast(spend as double) / cast(nullif(conversions, 0) as double), 10) as cpa,
  round(cast(conversions as double) / nullif(clicks, 0), 10) as conversion_rate,
  round(cast(conversions_value as double) / cast(nullif(spend, 0) as double), 10) as roas
from totals
