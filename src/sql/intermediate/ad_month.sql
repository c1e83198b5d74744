-- Grain: one row per ad account, ad and month with a row of the ad: its sums.
-- A figure that is unknown on one of the days makes the sum unknown; of how far videos were watched Meta leaves
-- zeros out, so what was not sent counts as 0 when another day has it.
with days as (
  select
    account_id,
    ad_id,
    date,
    cast(date_trunc('month', date) as date) as month,
    currency,
    is_settled,
    spend,
    impressions,
    clicks,
    link_clicks,
    conversions,
    purchase_value,
    video_views_3s,
    video_thruplay,
    video_p25,
    video_p50,
    video_p75,
    video_p100
  from curated.ad_day
),

final as (
  select
    account_id,
    ad_id,
    month,
    max(date) as date,
    max(currency) as currency,
    min(case when is_settled then 1 else 0 end) as settled,
    count(case when impressions > 0 or spend > 0 then 1 end) as ad_days,
    min(case when impressions > 0 or spend > 0 then date end) as first_day,
    max(case when impressions > 0 or spend > 0 then date end) as last_day,
    case when count(spend) = count(*) then sum(spend) end as spend,
    cast(case when count(impressions) = count(*) then sum(impressions) end as bigint) as impressions,
    cast(case when count(clicks) = count(*) then sum(clicks) end as bigint) as clicks,
    cast(case when count(link_clicks) = count(*) then sum(link_clicks) end as bigint) as link_clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
    cast(case when count(video_views_3s) = count(*) then sum(video_views_3s) end as bigint) as video_views_3s,
    cast(sum(video_thruplay) as bigint) as video_thruplay,
    cast(sum(video_p25) as bigint) as video_p25,
    cast(sum(video_p50) as bigint) as video_p50,
    cast(sum(video_p75) as bigint) as video_p75,
    cast(sum(video_p100) as bigint) as video_p100
  from days
  group by account_id, ad_id, month
)

select * from final
