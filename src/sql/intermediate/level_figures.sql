-- Grain: one row per row of insights of the levels account, campaign, ad_set and ad (without breakdowns) and
-- metric: spend, impressions, clicks, conversions, purchase_value.
with days as (
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'account' as level,
    cast(null as varchar) as campaign_id,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value
  from staging.insights_account_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'campaign' as level,
    cast(campaign_id as varchar) as campaign_id,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value
  from staging.insights_campaign_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'ad_set' as level,
    cast(campaign_id as varchar) as campaign_id,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value
  from staging.insights_ad_set_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'ad' as level,
    cast(campaign_id as varchar) as campaign_id,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value
  from staging.insights_ad_day
),

final as (
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    pulled_on,
    'spend' as metric,
    cast(spend as decimal(38, 6)) as value
  from days
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    pulled_on,
    'impressions' as metric,
    cast(impressions as decimal(38, 6)) as value
  from days
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    pulled_on,
    'clicks' as metric,
    cast(clicks as decimal(38, 6)) as value
  from days
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    pulled_on,
    'conversions' as metric,
    cast(conversions as decimal(38, 6)) as value
  from days
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    pulled_on,
    'purchase_value' as metric,
    cast(purchase_value as decimal(38, 6)) as value
  from days
)

select * from final
