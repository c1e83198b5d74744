-- Grain: one row per platform, ad account, day (account time zone) and ad, or the finest level that is complete.
-- See intermediate.level_choice for which source and level a day uses: no spend is in here twice.
-- Conversions follow each platform's own rule, which stands in attribution_rule: they are shown side by
-- side and are not one truth.
with pulled as (
  select
    'api' as source,
    'meta' as platform,
    meta_rows.account_id as account_id,
    accounts.account_name as account_name,
    meta_rows.date as date,
    meta_rows.level as level,
    meta_rows.object_key as object_key,
    cast(1 as bigint) as occurrence,
    coalesce(meta_rows.campaign_id, ads.campaign_id) as campaign_id,
    coalesce(meta_rows.ad_set_id, ads.ad_set_id) as ad_set_id,
    meta_rows.ad_id as ad_id,
    coalesce(nullif(meta_rows.currency, ''), accounts.currency) as currency,
    accounts.timezone as timezone,
    meta_rows.spend as spend,
    meta_rows.impressions as impressions,
    meta_rows.clicks as clicks,
    meta_rows.reach as reach,
    meta_rows.conversions as conversions,
    meta_rows.conversions_value as conversions_value,
    meta_rows.conversions_source as conversions_source,
    meta_rows.attribution_rule as attribution_rule,
    ads.effective_status as ad_status,
    meta_rows.quality_score as quality_score,
    meta_rows.pulled_on as pulled_on
  from intermediate.meta_rows as meta_rows
  inner join intermediate.level_choice as choice
    on choice.platform = 'meta'
    and choice.account_id = meta_rows.account_id
    and choice.date = meta_rows.date
    and choice.source = 'api'
    and choice.level = meta_rows.level
  left join intermediate.accounts as accounts on accounts.account_id = meta_rows.account_id
  left join staging.ads as ads
    on ads.account_id = meta_rows.account_id and ads.ad_id = meta_rows.ad_id
),

named as (
  select
    pulled.*,
    campaign_names.campaign_name as campaign_name,
    ad_set_names.ad_set_name as ad_set_name,
    ad_names.ad_name as ad_name,
    case
      when pulled.level = 'ad' then pulled.ad_status
      when pulled.level = 'ad_set' then ad_sets.effective_status
      when pulled.level = 'campaign' then campaigns.effective_status
    end as status
  from pulled
  left join intermediate.campaign_names as campaign_names
    on campaign_names.account_id = pulled.account_id
    and campaign_names.campaign_id = pulled.campaign_id
  left join intermediate.ad_set_names as ad_set_names
    on ad_set_names.account_id = pulled.account_id
    and ad_set_names.ad_set_id = pulled.ad_set_id
  left join intermediate.ad_names as ad_names
    on ad_names.account_id = pulled.account_id
    and ad_names.ad_id = pulled.ad_id
  left join staging.ad_sets as ad_sets
    on ad_sets.account_id = pulled.account_id and ad_sets.ad_set_id = pulled.ad_set_id
  left join staging.campaigns as campaigns
    on campaigns.account_id = pulled.account_id and campaigns.campaign_id = pulled.campaign_id
),

exported as (
  select reports.*
  from intermediate.report_rows as reports
  inner join intermediate.level_choice as choice
    on choice.platform = reports.platform
    and choice.account_id = reports.account_id
    and choice.date = reports.date
    and choice.source = 'export'
    and choice.level = reports.level
),

together as (
  select
    source, platform, account_id, account_name, date, level, object_key, occurrence,
    campaign_id, campaign_name, ad_set_id, ad_set_name, ad_id, ad_name, currency, timezone,
    spend, impressions, clicks, reach, conversions, conversions_value, conversions_source,
    attribution_rule, status, quality_score, pulled_on,
    cast(null as varchar) as landing_page_url,
    cast(null as varchar) as utm_source,
    cast(null as varchar) as utm_medium,
    cast(null as varchar) as utm_campaign,
    cast(null as varchar) as utm_content,
    cast(null as varchar) as utm_term,
    cast(null as varchar) as headline,
    cast(null as varchar) as description,
    cast(null as varchar) as cta,
    cast(null as varchar) as image_url,
    cast(null as varchar) as video_url,
    cast(null as varchar) as relevance_score
  from named
  union all
  select
    source, platform, account_id, account_name, date, level, object_key, occurrence,
    campaign_id, campaign_name, ad_set_id, ad_set_name, ad_id, ad_name, currency, timezone,
    spend, impressions, clicks, reach, conversions, conversions_value, conversions_source,
    attribution_rule, status, quality_score, pulled_on,
    landing_page_url, utm_source, utm_medium, utm_campaign, utm_content, utm_term,
    headline, description, cta, image_url, video_url, relevance_score
  from exported
),

-- Nothing spent is nothing in every currency, so it needs no rate. The factor is widened first: a
-- product of two narrow decimals would not have room for its own digits.
priced as (
  select
    together.*,
    case when together.currency = 'USD' then cast(1 as decimal(18, 10)) else rates.usd_per_unit end
      as usd_per_unit,
    rates.fx_date as fx_date,
    case
      when together.currency is null then 'currency unknown'
      when together.currency <> 'USD' and rates.usd_per_unit is null
        then 'no rate for ' || together.currency || ' on or within 7 days before ' || cast(together.date as varchar)
    end as missing_rate
  from together
  left join intermediate.daily_rates as rates
    on rates.currency = together.currency and rates.date = together.date
),

final as (
  select
    platform || case when source = 'api' then '_api' else '_export' end as source_relation,
    date as date_day,
    date as date,
    platform,
    account_id,
    account_name,
    campaign_id,
    campaign_name,
    ad_set_id as ad_group_id,
    ad_set_name as ad_group_name,
    ad_id,
    ad_name,
    level,
    object_key,
    occurrence,
    clicks,
    impressions,
    spend,
    conversions,
    conversions_value,
    conversions_source,
    attribution_rule,
    currency,
    timezone,
    case
      when spend = 0 then cast(0 as decimal(18, 6))
      else cast(cast(spend as decimal(38, 6)) * usd_per_unit as decimal(18, 6))
    end as spend_usd,
    case
      when conversions_value = 0 then cast(0 as decimal(18, 6))
      else cast(cast(conversions_value as decimal(38, 6)) * usd_per_unit as decimal(18, 6))
    end as conversions_value_usd,
    usd_per_unit,
    fx_date,
    case
      when spend <> 0 or conversions_value <> 0 then missing_rate
      when spend is null then 'spend unknown'
    end as fx_note,
    reach,
    landing_page_url,
    nullif(split_part(split_part(landing_page_url, '#', 1), '?', 1), '') as base_url,
    nullif(split_part(split_part(split_part(split_part(landing_page_url, '#', 1), '?', 1), '://', 2), '/', 1), '')
      as url_host,
    nullif(regexp_replace(split_part(split_part(landing_page_url, '#', 1), '?', 1), '^[a-zA-Z]+://[^/]*', ''), '')
      as url_path,
    utm_source,
    utm_medium,
    utm_campaign,
    utm_content,
    utm_term,
    status,
    headline,
    description,
    cta,
    image_url,
    video_url,
    quality_score,
    relevance_score,
    coalesce(pulled_on - date >= 28, false) as is_settled,
    pulled_on
  from priced
)

select * from final
