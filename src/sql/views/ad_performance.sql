-- Grain: one row per platform, ad account, ad and currency, over all days for which ads are known.
-- Texts and status are those of the newest day. Ratios are sums over sums; reach never adds up.
with ads as (
  select *
  from ad_performance_day
  where level = 'ad'
),

newest as (
  select
    platform,
    account_id,
    object_key,
    occurrence,
    ad_name,
    campaign_id,
    campaign_name,
    ad_group_id,
    ad_group_name,
    headline,
    description,
    cta,
    image_url,
    video_url,
    landing_page_url,
    status,
    relevance_score,
    quality_score,
    row_number() over (
      partition by platform, account_id, object_key, occurrence order by date_day desc
    ) as newest_first
  from ads
),

totals as (
  select
    platform,
    account_id,
    object_key,
    occurrence,
    currency,
    max(ad_id) as ad_id,
    min(date_day) as start_date,
    max(date_day) as end_date,
    case when count(clicks) = count(*) then cast(sum(clicks) as bigint) end as clicks,
    case when count(impressions) = count(*) then cast(sum(impressions) as bigint) end as impressions,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(conversions_value) = count(*) then sum(conversions_value) end as conversions_value
  from ads
  group by platform, account_id, object_key, occurrence, currency
)

select
  totals.platform as platform,
  totals.account_id as account_id,
  totals.ad_id as ad_id,
  newest.ad_name as ad_name,
  newest.campaign_id as campaign_id,
  newest.campaign_name as campaign_name,
  newest.ad_group_id as ad_group_id,
  newest.ad_group_name as ad_group_name,
  newest.headline as headline,
  newest.description as description,
  newest.cta as cta,
  newest.image_url as image_url,
  newest.video_url as video_url,
  newest.landing_page_url as landing_page_url,
  newest.status as status,
  newest.relevance_score as relevance_score,
  newest.quality_score as quality_score,
  totals.start_date as start_date,
  totals.end_date as end_date,
  totals.currency as currency,
  totals.impressions as impressions,
  totals.clicks as clicks,
  totals.spend as spend,
  totals.conversions as conversions,
  totals.conversions_value as conversions_value,
  round(cast(totals.clicks as double) / nullif(totals.impressions, 0), 10) as ctr,
  round(cast(totals.conversions as double) / nullif(totals.clicks, 0), 10) as conversion_rate,
  round(cast(totals.spend as double) / cast(nullif(totals.conversions, 0) as double), 10) as cpa,
  round(cast(totals.conversions_value as double) / cast(nullif(totals.spend, 0) as double), 10) as roas
from totals
inner join newest
  on newest.platform = totals.platform
  and newest.account_id = totals.account_id
  and newest.object_key = totals.object_key
  and newest.occurrence = totals.occurrence
  and newest.newest_first = 1
