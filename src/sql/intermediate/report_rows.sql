-- Grain: one row per row of an export, or of an answer of a platform beside Meta, that is about one day and not
-- broken down.
-- Kept as a view: its rows are those of staging, and need not be held twice.
-- Rows of several days are no days and are left out; so are rows of a breakdown, since their parts
-- would be counted beside their total. Rows whose account is told by their ids are that account's.
with counted as (
  select
    days.*,
    owned.owner_id as owner_id,
    days.platform = 'meta' or (days.conversions is null and days.conversion_value is null) as counts_purchases
  from intermediate.reports as days
  left join intermediate.report_owned as owned
    on owned.source = days.source
    and owned.platform = days.platform
    and owned.account_id = days.account_id
    and owned.date_start = days.date_start
    and owned.date_stop = days.date_stop
    and owned.level = days.level
    and owned.object_key = days.object_key
    and owned.occurrence = days.occurrence
    and owned.age is null
    and owned.gender is null
    and owned.country is null
    and owned.region is null
    and owned.publisher_platform is null
    and owned.platform_position is null
    and owned.device_platform is null
    and owned.hour is null
    and owned.segment is null
  where days.date_start = days.date_stop
    and days.age is null
    and days.gender is null
    and days.country is null
    and days.region is null
    and days.publisher_platform is null
    and days.platform_position is null
    and days.device_platform is null
    and days.hour is null
    and days.segment is null
    and coalesce(owned.is_told, false) = false
),

-- Meta's own conversions mix purchases with leads and whatever else was chosen; its purchases do not.
final as (
  select
    cast(source as varchar) as source,
    cast(platform as varchar) as platform,
    cast(coalesce(owner_id, account_id) as varchar) as account_id,
    cast(account_name as varchar) as account_name,
    cast(date_start as date) as date,
    cast(level as varchar) as level,
    cast(object_key as varchar) as object_key,
    cast(occurrence as bigint) as occurrence,
    cast(campaign_id as varchar) as campaign_id,
    cast(campaign_name as varchar) as campaign_name,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(ad_set_name as varchar) as ad_set_name,
    cast(ad_id as varchar) as ad_id,
    cast(ad_name as varchar) as ad_name,
    cast(currency as varchar) as currency,
    cast(timezone as varchar) as timezone,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(reach as bigint) as reach,
    cast(case when counts_purchases then purchases else conversions end as decimal(18, 6)) as conversions,
    cast(case when counts_purchases then purchase_value else conversion_value end as decimal(18, 6))
      as conversions_value,
    case
      when counts_purchases and (purchases is not null or purchase_value is not null) then 'purchases'
      when not counts_purchases then 'conversions'
    end as conversions_source,
    cast(attribution_rule as varchar) as attribution_rule,
    cast(landing_page_url as varchar) as landing_page_url,
    cast(utm_source as varchar) as utm_source,
    cast(utm_medium as varchar) as utm_medium,
    cast(utm_campaign as varchar) as utm_campaign,
    cast(utm_content as varchar) as utm_content,
    cast(utm_term as varchar) as utm_term,
    cast(status as varchar) as status,
    cast(headline as varchar) as headline,
    cast(description as varchar) as description,
    cast(cta as varchar) as cta,
    cast(image_url as varchar) as image_url,
    cast(video_url as varchar) as video_url,
    cast(quality_score as varchar) as quality_score,
    cast(relevance_score as varchar) as relevance_score,
    cast(pulled_on as date) as pulled_on,
    cast(batch_id as varchar) as batch_id
  from counted
)

select * from final
