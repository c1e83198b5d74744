-- Grain: one row per platform, ad account and day from $since to $until (both inclusive).
-- daily_revenue is the value of the conversions that the platform claims by its own rule, in account
-- currency. Campaigns and ads are counted where the day is known at their level.
with totals as (
  select
    account_id,
    platform,
    max(account_name) as account_name,
    currency,
    max(timezone) as timezone,
    date_day,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then cast(sum(impressions) as bigint) end as impressions,
    case when count(clicks) = count(*) then cast(sum(clicks) as bigint) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(conversions_value) = count(*) then sum(conversions_value) end as conversions_value,
    case when max(level) <> 'account' then count(distinct coalesce(campaign_id, campaign_name)) end as campaigns,
    case when max(level) = 'ad' then count(distinct object_key) end as ads
  from ad_performance_day
  where date_day >= cast($since as date)
    and date_day <= cast($until as date)
  group by account_id, platform, currency, date_day
)

select
  account_id,
  platform,
  account_name,
  currency,
  timezone,
  date_day as date,
  spend as daily_spend,
  impressions as daily_impressions,
  clicks as daily_clicks,
  conversions as daily_conversions,
  conversions_value as daily_revenue,
  round(cast(conversions_value as double) / cast(nullif(spend, 0) as double), 10) as daily_roas,
  campaigns as campaign_count,
  ads as ad_count
from totals
order by platform, account_id, date_day
