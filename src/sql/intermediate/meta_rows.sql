-- Grain: one row per object of Meta's and day, at each level that was pulled: ad, ad set, campaign, account.
with ads as (
  select
    'ad' as level,
    cast(ad_id as varchar) as object_key,
    cast(campaign_id as varchar) as campaign_id,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(ad_id as varchar) as ad_id,
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(currency as varchar) as currency,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(reach as bigint) as reach,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as conversions_value,
    cast(purchases_source as varchar) as conversions_source,
    cast(attribution_setting as varchar) as attribution_rule,
    cast(quality_ranking as varchar) as quality_score,
    cast(pulled_on as date) as pulled_on
  from staging.insights_ad_day
),

ad_sets as (
  select
    'ad_set' as level,
    cast(ad_set_id as varchar) as object_key,
    cast(campaign_id as varchar) as campaign_id,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(null as varchar) as ad_id,
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(currency as varchar) as currency,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(reach as bigint) as reach,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as conversions_value,
    cast(purchases_source as varchar) as conversions_source,
    cast(attribution_setting as varchar) as attribution_rule,
    cast(null as varchar) as quality_score,
    cast(pulled_on as date) as pulled_on
  from staging.insights_ad_set_day
),

campaigns as (
  select
    'campaign' as level,
    cast(campaign_id as varchar) as object_key,
    cast(campaign_id as varchar) as campaign_id,
    cast(null as varchar) as ad_set_id,
    cast(null as varchar) as ad_id,
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(currency as varchar) as currency,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(reach as bigint) as reach,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as conversions_value,
    cast(purchases_source as varchar) as conversions_source,
    cast(attribution_setting as varchar) as attribution_rule,
    cast(null as varchar) as quality_score,
    cast(pulled_on as date) as pulled_on
  from staging.insights_campaign_day
),

accounts as (
  select
    'account' as level,
    cast(account_id as varchar) as object_key,
    cast(null as varchar) as campaign_id,
    cast(null as varchar) as ad_set_id,
    cast(null as varchar) as ad_id,
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(currency as varchar) as currency,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(reach as bigint) as reach,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as conversions_value,
    cast(purchases_source as varchar) as conversions_source,
    cast(attribution_setting as varchar) as attribution_rule,
    cast(null as varchar) as quality_score,
    cast(pulled_on as date) as pulled_on
  from staging.insights_account_day
),

final as (
  select * from ads
  union all
  select * from ad_sets
  union all
  select * from campaigns
  union all
  select * from accounts
)

select * from final
