-- Grain: one row per campaign, over all days that the lake holds. A campaign that is known but has no
-- row on any day delivered nothing (the platform sends no row then): counts of 0, ratios unknown. Where
-- there are rows of its ads but none of the campaign, its figures were not asked for: all unknown.
with days as (
  select
    account_id,
    campaign_id,
    date,
    currency,
    spend,
    spend_usd,
    impressions,
    clicks,
    reach,
    conversions,
    purchase_value
  from curated.campaign_day
),

campaigns as (
  select
    account_id,
    campaign_id,
    cast(effective_status as varchar) as effective_status,
    cast(stop_time as timestamp with time zone) as stop_time
  from staging.campaigns
),

names as (
  select campaign_id, max(campaign_name) as campaign_name
  from intermediate.campaign_names
  group by campaign_id
),

asked_by_ad as (
  select distinct object_id as campaign_id
  from partial.ad_objects
  where level = 'campaign'
),

-- A figure that is unknown on one day makes the total unknown: a total is never a part of it.
totals as (
  select
    campaign_id,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    case when count(spend) = count(*) and count(distinct currency) <= 1 then sum(spend) end as spend,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    max(reach) as max_daily_reach
  from days
  group by campaign_id
),

delivering as (
  select distinct days.account_id as account_id, days.campaign_id as campaign_id
  from days
  inner join intermediate.account_days as account_days
    on account_days.account_id = days.account_id
    and days.date > account_days.last_complete_day - 7
    and days.date <= account_days.last_complete_day
  where days.impressions > 0 or days.spend > 0
),

-- The status ACTIVE outlives the end of a campaign, so the end is looked at as well.
active as (
  select distinct campaigns.campaign_id as campaign_id
  from campaigns
  inner join delivering
    on delivering.account_id = campaigns.account_id
    and delivering.campaign_id = campaigns.campaign_id
  inner join intermediate.accounts as accounts on accounts.account_id = campaigns.account_id
  inner join intermediate.account_days as account_days
    on account_days.account_id = campaigns.account_id
  where campaigns.effective_status = 'ACTIVE'
    and (
      campaigns.stop_time is null
      or cast(campaigns.stop_time at time zone accounts.timezone as date)
        >= account_days.last_complete_day
    )
),

silent as (
  select names.campaign_id as campaign_id
  from names
  left join totals on totals.campaign_id = names.campaign_id
  left join asked_by_ad on asked_by_ad.campaign_id = names.campaign_id
  where totals.campaign_id is null and asked_by_ad.campaign_id is null
),

final as (
  select
    names.campaign_id as campaign_id,
    names.campaign_name as campaign_name,
    case when silent.campaign_id is not null then 0 else totals.spend_usd end as total_spend_usd,
    case when silent.campaign_id is not null then 0 else totals.impressions end as total_impressions,
    case when silent.campaign_id is not null then 0 else totals.clicks end as total_clicks,
    case when silent.campaign_id is not null then 0 else totals.max_daily_reach end as max_daily_reach,
    active.campaign_id is not null as is_currently_active,
    round(cast(totals.spend_usd as double) / nullif(totals.clicks, 0), 10) as avg_cpc,
    round(cast(totals.clicks as double) / nullif(totals.impressions, 0), 10) as avg_ctr,
    case when silent.campaign_id is not null then 0 else totals.conversions end as total_conversions,
    round(cast(totals.purchase_value as double) / cast(nullif(totals.spend, 0) as double), 10) as roas
  from names
  left join totals on totals.campaign_id = names.campaign_id
  left join silent on silent.campaign_id = names.campaign_id
  left join active on active.campaign_id = names.campaign_id
)

select * from final
