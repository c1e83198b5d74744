-- Grain: one row per ad account, creative and place of its days: 1 the last 7 complete days, 2 the 21 before, 3
-- the 62 before these, 4 all others. The creative is the one that an ad has now; NULL where it is not known.
-- A figure that is unknown for one of the ads and days makes the sum unknown. Of how far videos were watched Meta
-- leaves zeros out, so what was not sent counts as 0 when another ad or day has it.
-- Ads are added up first, which are few; creatives are looked up after that. Of months that lie in place 4 as a whole,
-- what each ad had is known already.
with ends as (
  select
    account_id,
    last_complete_day,
    cast(date_trunc('month', last_complete_day - 89) as date) as first_open_day
  from intermediate.creative_ends
),

placed as (
  select
    days.account_id as account_id,
    days.ad_id as ad_id,
    days.date as date,
    days.currency as currency,
    case when days.is_settled then 1 else 0 end as settled,
    days.spend as spend,
    days.impressions as impressions,
    days.clicks as clicks,
    days.link_clicks as link_clicks,
    days.conversions as conversions,
    days.purchase_value as purchase_value,
    days.video_views_3s as video_views_3s,
    days.video_thruplay as video_thruplay,
    days.video_p25 as video_p25,
    days.video_p50 as video_p50,
    days.video_p75 as video_p75,
    days.video_p100 as video_p100,
    case
      when days.date > ends.last_complete_day then 4
      when days.date > ends.last_complete_day - 7 then 1
      when days.date > ends.last_complete_day - 28 then 2
      when days.date > ends.last_complete_day - 90 then 3
      else 4
    end as place
  from curated.ad_day as days
  inner join ends on ends.account_id = days.account_id
  where days.date >= (select min(first_open_day) from ends) and days.date >= ends.first_open_day
),

by_ad as (
  select
    account_id,
    ad_id,
    place,
    max(currency) as currency,
    min(settled) as settled,
    count(case when impressions > 0 or spend > 0 then 1 end) as ad_days,
    min(case when impressions > 0 or spend > 0 then date end) as first_day,
    max(case when impressions > 0 or spend > 0 then date end) as last_day,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(link_clicks) = count(*) then sum(link_clicks) end as link_clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
    case when count(video_views_3s) = count(*) then sum(video_views_3s) end as video_views_3s,
    sum(video_thruplay) as video_thruplay,
    sum(video_p25) as video_p25,
    sum(video_p50) as video_p50,
    sum(video_p75) as video_p75,
    sum(video_p100) as video_p100
  from placed
  group by account_id, ad_id, place
  union all
  select
    months.account_id,
    months.ad_id,
    4,
    months.currency,
    months.settled,
    months.ad_days,
    months.first_day,
    months.last_day,
    months.spend,
    months.impressions,
    months.clicks,
    months.link_clicks,
    months.conversions,
    months.purchase_value,
    months.video_views_3s,
    months.video_thruplay,
    months.video_p25,
    months.video_p50,
    months.video_p75,
    months.video_p100
  from intermediate.ad_month as months
  inner join ends on ends.account_id = months.account_id
  where months.month < ends.first_open_day
),

ads as (
  select
    cast(account_id as varchar) as account_id,
    cast(ad_id as varchar) as ad_id,
    cast(creative_id as varchar) as creative_id
  from staging.ads
),

final as (
  select
    by_ad.account_id as account_id,
    ads.creative_id as creative_id,
    by_ad.place as place,
    max(by_ad.currency) as currency,
    min(by_ad.settled) as settled,
    sum(by_ad.ad_days) as ad_days,
    min(by_ad.first_day) as first_day,
    max(by_ad.last_day) as last_day,
    case when count(by_ad.spend) = count(*) then sum(by_ad.spend) end as spend,
    case when count(by_ad.impressions) = count(*) then sum(by_ad.impressions) end as impressions,
    case when count(by_ad.clicks) = count(*) then sum(by_ad.clicks) end as clicks,
    case when count(by_ad.link_clicks) = count(*) then sum(by_ad.link_clicks) end as link_clicks,
    case when count(by_ad.conversions) = count(*) then sum(by_ad.conversions) end as conversions,
    case when count(by_ad.purchase_value) = count(*) then sum(by_ad.purchase_value) end
      as purchase_value,
    case when count(by_ad.video_views_3s) = count(*) then sum(by_ad.video_views_3s) end
      as video_views_3s,
    sum(by_ad.video_thruplay) as video_thruplay,
    sum(by_ad.video_p25) as video_p25,
    sum(by_ad.video_p50) as video_p50,
    sum(by_ad.video_p75) as video_p75,
    sum(by_ad.video_p100) as video_p100
  from by_ad
  left join ads on ads.account_id = by_ad.account_id and ads.ad_id = by_ad.ad_id
  group by by_ad.account_id, ads.creative_id, by_ad.place
)

select * from final
