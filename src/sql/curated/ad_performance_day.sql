-- Grain: one row per platform, ad account, day (account time zone) and ad, or the finest level that is complete.
-- See intermediate.level_choice for which source and level a day uses: no spend is in here twice.
-- Conversions follow each platform's own rule, which stands in attribution_rule: they are shown side by
-- side and are not one truth.
with chosen as (
  select account_id, date, level
  from intermediate.level_choice
  where platform = 'meta' and source = 'api'
),

pulled as (
  select
    ads.account_id as account_id,
    ads.date as date,
    'ad' as level,
    ads.ad_id as object_key,
    ads.campaign_id as campaign_id,
    ads.campaign_name as campaign_name,
    ads.ad_set_id as ad_set_id,
    ads.ad_set_name as ad_set_name,
    ads.ad_id as ad_id,
    ads.ad_name as ad_name,
    ads.currency as currency,
    ads.spend as spend,
    ads.impressions as impressions,
    ads.clicks as clicks,
    ads.reach as reach,
    ads.conversions as conversions,
    ads.purchase_value as conversions_value,
    ads.conversions_source as conversions_source,
    ads.attribution_setting as attribution_rule,
    ads.quality_ranking as quality_score,
    ads.pulled_on as pulled_on
  from curated.ad_day as ads
  inner join chosen on chosen.account_id = ads.account_id and chosen.date = ads.date and chosen.level = 'ad'
  union all
  select
    ad_sets.account_id as account_id,
    cast(ad_sets.date as date) as date,
    'ad_set' as level,
    ad_sets.ad_set_id as object_key,
    ad_sets.campaign_id as campaign_id,
    campaign_names.campaign_name as campaign_name,
    ad_sets.ad_set_id as ad_set_id,
    ad_set_names.ad_set_name as ad_set_name,
    cast(null as varchar) as ad_id,
    cast(null as varchar) as ad_name,
    nullif(cast(ad_sets.currency as varchar), '') as currency,
    cast(ad_sets.spend as decimal(18, 6)) as spend,
    cast(ad_sets.impressions as bigint) as impressions,
    cast(ad_sets.clicks as bigint) as clicks,
    cast(ad_sets.reach as bigint) as reach,
    cast(ad_sets.purchases as decimal(18, 6)) as conversions,
    cast(ad_sets.purchase_value as decimal(18, 6)) as conversions_value,
    cast(ad_sets.purchases_source as varchar) as conversions_source,
    cast(ad_sets.attribution_setting as varchar) as attribution_rule,
    cast(null as varchar) as quality_score,
    cast(ad_sets.pulled_on as date) as pulled_on
  from staging.insights_ad_set_day as ad_sets
  inner join chosen
    on chosen.account_id = ad_sets.account_id and chosen.date = ad_sets.date and chosen.level = 'ad_set'
  left join intermediate.campaign_names as campaign_names
    on campaign_names.account_id = ad_sets.account_id
    and campaign_names.campaign_id = ad_sets.campaign_id
  left join intermediate.ad_set_names as ad_set_names
    on ad_set_names.account_id = ad_sets.account_id
    and ad_set_names.ad_set_id = ad_sets.ad_set_id
  union all
  select
    campaigns.account_id as account_id,
    campaigns.date as date,
    'campaign' as level,
    campaigns.campaign_id as object_key,
    campaigns.campaign_id as campaign_id,
    campaigns.campaign_name as campaign_name,
    cast(null as varchar) as ad_set_id,
    cast(null as varchar) as ad_set_name,
    cast(null as varchar) as ad_id,
    cast(null as varchar) as ad_name,
    campaigns.currency as currency,
    campaigns.spend as spend,
    campaigns.impressions as impressions,
    campaigns.clicks as clicks,
    campaigns.reach as reach,
    campaigns.conversions as conversions,
    campaigns.purchase_value as conversions_value,
    campaigns.conversions_source as conversions_source,
    campaigns.attribution_setting as attribution_rule,
    cast(null as varchar) as quality_score,
    campaigns.pulled_on as pulled_on
  from curated.campaign_day as campaigns
  inner join chosen on chosen.account_id = campaigns.account_id and chosen.date = campaigns.date and chosen.level = 'campaign'
  union all
  select
    accounts.account_id as account_id,
    cast(accounts.date as date) as date,
    'account' as level,
    accounts.account_id as object_key,
    cast(null as varchar) as campaign_id,
    cast(null as varchar) as campaign_name,
    cast(null as varchar) as ad_set_id,
    cast(null as varchar) as ad_set_name,
    cast(null as varchar) as ad_id,
    cast(null as varchar) as ad_name,
    nullif(cast(accounts.currency as varchar), '') as currency,
    cast(accounts.spend as decimal(18, 6)) as spend,
    cast(accounts.impressions as bigint) as impressions,
    cast(accounts.clicks as bigint) as clicks,
    cast(accounts.reach as bigint) as reach,
    cast(accounts.purchases as decimal(18, 6)) as conversions,
    cast(accounts.purchase_value as decimal(18, 6)) as conversions_value,
    cast(accounts.purchases_source as varchar) as conversions_source,
    cast(accounts.attribution_setting as varchar) as attribution_rule,
    cast(null as varchar) as quality_score,
    cast(accounts.pulled_on as date) as pulled_on
  from staging.insights_account_day as accounts
  inner join chosen
    on chosen.account_id = accounts.account_id and chosen.date = accounts.date and chosen.level = 'account'
),

known as (
  select
    'api' as source,
    'meta' as platform,
    pulled.account_id as account_id,
    accounts.account_name as account_name,
    pulled.date as date,
    pulled.level as level,
    pulled.object_key as object_key,
    cast(1 as bigint) as occurrence,
    pulled.campaign_id as campaign_id,
    pulled.campaign_name as campaign_name,
    pulled.ad_set_id as ad_set_id,
    pulled.ad_set_name as ad_set_name,
    pulled.ad_id as ad_id,
    pulled.ad_name as ad_name,
    coalesce(pulled.currency, accounts.currency) as currency,
    accounts.timezone as timezone,
    pulled.spend as spend,
    pulled.impressions as impressions,
    pulled.clicks as clicks,
    pulled.reach as reach,
    pulled.conversions as conversions,
    pulled.conversions_value as conversions_value,
    pulled.conversions_source as conversions_source,
    pulled.attribution_rule as attribution_rule,
    pulled.quality_score as quality_score,
    pulled.pulled_on as pulled_on,
    answers.batch_id as batch_id,
    texts.headline as headline,
    texts.description as description,
    texts.cta as cta,
    texts.landing_page_url as landing_page_url,
    texts.utm_source as utm_source,
    texts.utm_medium as utm_medium,
    texts.utm_campaign as utm_campaign,
    texts.utm_content as utm_content,
    texts.utm_term as utm_term,
    case when pulled.level = 'ad' then texts.effective_status else objects.status end as status
  from pulled
  left join intermediate.accounts as accounts on accounts.account_id = pulled.account_id
  left join intermediate.meta_answers as answers
    on answers.account_id = pulled.account_id
    and answers.date = pulled.date
    and answers.level = pulled.level
    and answers.pulled_on = pulled.pulled_on
  left join intermediate.ad_texts as texts
    on texts.account_id = pulled.account_id and texts.ad_id = pulled.ad_id
  left join intermediate.object_status as objects
    on objects.account_id = pulled.account_id
    and objects.level = pulled.level
    and objects.object_key = pulled.object_key
),

exported as (
  select reports.*
  from intermediate.report_rows as reports
  inner join intermediate.level_choice as choice
    on choice.platform = reports.platform
    and choice.account_id = reports.account_id
    and choice.date = reports.date
    and choice.source = reports.source
    and choice.level = reports.level
),

together as (
  select
    source, platform, account_id, account_name, date, level, object_key, occurrence,
    campaign_id, campaign_name, ad_set_id, ad_set_name, ad_id, ad_name, currency, timezone,
    spend, impressions, clicks, reach, conversions, conversions_value, conversions_source,
    attribution_rule, status, quality_score, pulled_on, batch_id,
    landing_page_url, utm_source, utm_medium, utm_campaign, utm_content, utm_term,
    headline, description, cta,
    cast(null as varchar) as image_url,
    cast(null as varchar) as video_url,
    cast(null as varchar) as relevance_score
  from known
  union all
  select
    source, platform, account_id, account_name, date, level, object_key, occurrence,
    campaign_id, campaign_name, ad_set_id, ad_set_name, ad_id, ad_name, currency, timezone,
    spend, impressions, clicks, reach, conversions, conversions_value, conversions_source,
    attribution_rule, status, quality_score, pulled_on, batch_id,
    landing_page_url, utm_source, utm_medium, utm_campaign, utm_content, utm_term,
    headline, description, cta,
    image_url,
    video_url,
    relevance_score
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
      when usd_per_unit = 1 then spend
      else cast(round(cast(spend as decimal(38, 6)) * usd_per_unit, 6) as decimal(18, 6))
    end as spend_usd,
    case
      when conversions_value = 0 then cast(0 as decimal(18, 6))
      when usd_per_unit = 1 then conversions_value
      else cast(round(cast(conversions_value as decimal(38, 6)) * usd_per_unit, 6) as decimal(18, 6))
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
    pulled_on,
    batch_id
  from priced
)

select * from final
