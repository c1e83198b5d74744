-- Grain: one row per ad account, day, level (account, campaign, ad_set, ad; without breakdowns), campaign and
-- metric (spend, impressions, clicks, conversions, purchase_value): the sum over the objects of the level that
-- belong to the campaign, NULL where one of them is unknown. An account has no campaign.
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
    account_id,
    date,
    'campaign' as level,
    campaign_id,
    currency,
    pulled_on,
    spend,
    impressions,
    clicks,
    conversions,
    purchase_value
  from curated.campaign_day
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
    account_id,
    date,
    'ad' as level,
    campaign_id,
    currency,
    pulled_on,
    spend,
    impressions,
    clicks,
    conversions,
    purchase_value
  from curated.ad_day
),

-- Few rows are left after this, and only these are cut into metrics.
sums as (
  select
    account_id,
    date,
    level,
    campaign_id,
    max(currency) as currency,
    min(pulled_on) as first_pulled_on,
    max(pulled_on) as last_pulled_on,
    count(*) as objects,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value
  from days
  group by account_id, date, level, campaign_id
),

final as (
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    first_pulled_on,
    last_pulled_on,
    objects,
    'spend' as metric,
    cast(spend as decimal(38, 6)) as value
  from sums
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    first_pulled_on,
    last_pulled_on,
    objects,
    'impressions' as metric,
    cast(impressions as decimal(38, 6)) as value
  from sums
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    first_pulled_on,
    last_pulled_on,
    objects,
    'clicks' as metric,
    cast(clicks as decimal(38, 6)) as value
  from sums
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    first_pulled_on,
    last_pulled_on,
    objects,
    'conversions' as metric,
    cast(conversions as decimal(38, 6)) as value
  from sums
  union all
  select
    account_id,
    date,
    level,
    campaign_id,
    currency,
    first_pulled_on,
    last_pulled_on,
    objects,
    'purchase_value' as metric,
    cast(purchase_value as decimal(38, 6)) as value
  from sums
)

select * from final
