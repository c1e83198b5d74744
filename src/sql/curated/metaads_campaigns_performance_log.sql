-- Grain: one row per campaign and day, the last 28 complete days of each ad account.
with days as (
  select
    account_id,
    date,
    campaign_id,
    campaign_name,
    reach,
    spend_usd,
    impressions,
    clicks,
    meta_pixel_events,
    conversions,
    roas
  from curated.campaign_day
),

final as (
  select
    days.date as date,
    days.campaign_id as campaign_id,
    days.campaign_name as campaign_name,
    days.reach as reach,
    round(cast(days.spend_usd as double) / nullif(days.clicks, 0), 10) as cpc,
    days.spend_usd as spend_usd,
    days.impressions as impressions,
    days.clicks as clicks,
    days.meta_pixel_events as meta_pixel_events,
    days.conversions as conversions,
    days.roas as roas_daily
  from days
  inner join intermediate.account_days as account_days
    on account_days.account_id = days.account_id
  where days.date >= account_days.last_complete_day - 27
    and days.date <= account_days.last_complete_day
)

select * from final
