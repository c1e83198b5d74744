-- Grain: one row per ad account, creative and day of the last 28 complete days on which an ad with it has a row.
-- The creative is the one that the ad has now; ads whose creative is not known are left out.
-- A figure that is unknown for one of the ads makes the sum unknown.
with ads as (
  select
    cast(account_id as varchar) as account_id,
    cast(ad_id as varchar) as ad_id,
    cast(creative_id as varchar) as creative_id
  from staging.ads
  where creative_id is not null
),

recent as (
  select
    days.account_id as account_id,
    days.ad_id as ad_id,
    days.date as date,
    days.is_settled as is_settled,
    days.pulled_on as pulled_on,
    days.impressions as impressions,
    days.reach as reach,
    days.clicks as clicks,
    days.link_clicks as link_clicks,
    days.conversions as conversions
  from curated.ad_day as days
  inner join intermediate.creative_ends as ends on ends.account_id = days.account_id
  where days.date > ends.last_complete_day - 28 and days.date <= ends.last_complete_day
),

final as (
  select
    recent.account_id as account_id,
    ads.creative_id as creative_id,
    recent.date as date,
    min(case when recent.is_settled then 1 else 0 end) as settled,
    min(recent.pulled_on - recent.date) as days_after,
    case when count(recent.impressions) = count(*) then sum(recent.impressions) end as impressions,
    -- Only for the mean frequency of an ad on a day: it is no number of people.
    case when count(recent.reach) = count(*) then sum(recent.reach) end as ad_reach,
    case when count(recent.clicks) = count(*) then sum(recent.clicks) end as clicks,
    case when count(recent.link_clicks) = count(*) then sum(recent.link_clicks) end as link_clicks,
    case when count(recent.conversions) = count(*) then sum(recent.conversions) end as conversions
  from recent
  inner join ads on ads.account_id = recent.account_id and ads.ad_id = recent.ad_id
  group by recent.account_id, ads.creative_id, recent.date
)

select * from final
