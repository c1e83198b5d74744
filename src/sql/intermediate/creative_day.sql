-- Grain: one row per ad account, creative and day on which an ad with it has a row. The creative is the one
-- that the ad has now; NULL for ads whose creative is not known.
-- A figure that is unknown for one of the ads makes the sum unknown. Of how far videos were watched Meta
-- leaves zeros out, so what was not sent counts as 0 when another ad or day has it.
with ads as (
  select
    cast(account_id as varchar) as account_id,
    cast(ad_id as varchar) as ad_id,
    cast(creative_id as varchar) as creative_id
  from staging.ads
),

final as (
  select
    ad_day.account_id as account_id,
    ads.creative_id as creative_id,
    ad_day.date as date,
    max(ad_day.currency) as currency,
    min(case when ad_day.is_settled then 1 else 0 end) as settled,
    min(ad_day.pulled_on - ad_day.date) as days_after,
    case when count(ad_day.spend) = count(*) then sum(ad_day.spend) end as spend,
    case when count(ad_day.impressions) = count(*) then sum(ad_day.impressions) end as impressions,
    -- Only for the mean frequency of an ad on a day: it is no number of people.
    case when count(ad_day.reach) = count(*) then sum(ad_day.reach) end as ad_reach,
    case when count(ad_day.clicks) = count(*) then sum(ad_day.clicks) end as clicks,
    case when count(ad_day.link_clicks) = count(*) then sum(ad_day.link_clicks) end as link_clicks,
    case when count(ad_day.conversions) = count(*) then sum(ad_day.conversions) end as conversions,
    case when count(ad_day.purchase_value) = count(*) then sum(ad_day.purchase_value) end
      as purchase_value,
    case when count(ad_day.video_views_3s) = count(*) then sum(ad_day.video_views_3s) end
      as video_views_3s,
    sum(ad_day.video_thruplay) as video_thruplay,
    sum(ad_day.video_p25) as video_p25,
    sum(ad_day.video_p50) as video_p50,
    sum(ad_day.video_p75) as video_p75,
    sum(ad_day.video_p100) as video_p100
  from curated.ad_day as ad_day
  left join ads on ads.account_id = ad_day.account_id and ads.ad_id = ad_day.ad_id
  group by ad_day.account_id, ads.creative_id, ad_day.date
)

select * from final
