-- Grain: one row per row of an export, or of an answer of a platform beside Meta, that is about one day and not
-- broken down.
-- Rows of several days are no days and are left out; so are rows of a breakdown, since their parts
-- would be counted beside their total. All platforms have the same columns.
with reports as (
  select 'export' as source, amazon.* from staging.amazon_report as amazon
  union all
  select 'export' as source, google.* from staging.google_report as google
  union all
  select 'export' as source, linkedin.* from staging.linkedin_report as linkedin
  union all
  select 'export' as source, meta.* from staging.meta_report as meta
  union all
  select 'export' as source, microsoft.* from staging.microsoft_report as microsoft
  union all
  select 'export' as source, pinterest.* from staging.pinterest_report as pinterest
  union all
  select 'export' as source, reddit.* from staging.reddit_report as reddit
  union all
  select 'export' as source, snapchat.* from staging.snapchat_report as snapchat
  union all
  select 'export' as source, tiktok.* from staging.tiktok_report as tiktok
  union all
  select 'export' as source, x.* from staging.x_report as x
  union all
  select 'api' as source, amazon.* from staging.amazon_insights as amazon
  union all
  select 'api' as source, google.* from staging.google_insights as google
  union all
  select 'api' as source, tiktok.* from staging.tiktok_insights as tiktok
),

days as (
  select
    *,
    platform = 'meta' or (conversions is null and conversion_value is null) as counts_purchases
  from reports
  where date_start = date_stop
    and age is null
    and gender is null
    and country is null
    and region is null
    and publisher_platform is null
    and platform_position is null
    and device_platform is null
    and hour is null
    and segment is null
),

-- Meta's own conversions mix purchases with leads and whatever else was chosen; its purchases do not.
final as (
  select
    cast(source as varchar) as source,
    cast(platform as varchar) as platform,
    cast(account_id as varchar) as account_id,
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
  from days
)

select * from final
