-- Grain: one row per platform, ad account and day.
-- Sums of ad_performance_day. Reach is not here: it never adds up. A figure that is unknown for one of
-- the rows makes the sum unknown. Ratios are sums over sums.
with totals as (
  select
    platform,
    account_id,
    date_day,
    max(account_name) as account_name,
    max(timezone) as timezone,
    count(distinct campaign_id) as campaigns,
    count(distinct ad_id) as ads,
    currency,
    case when count(distinct attribution_rule) = 1 then max(attribution_rule) end as attribution_rule,
    count(distinct attribution_rule) as attribution_rules,
    case when count(clicks) = count(*) then cast(sum(clicks) as bigint) end as clicks,
    case when count(impressions) = count(*) then cast(sum(impressions) as bigint) end as impressions,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(conversions_value) = count(*) then sum(conversions_value) end as conversions_value,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    case when count(conversions_value_usd) = count(*) then sum(conversions_value_usd) end as conversions_value_usd
  from ad_performance_day
  group by platform, account_id, date_day, currency
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
