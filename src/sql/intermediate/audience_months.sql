-- Grain: one row per ad account, month, dimension (age_gender, country, region, placement, device, hour,
-- custom_audience) and value of the dimension, summed over campaigns and days.
-- A sum in which a part is unknown is unknown. By region and by hour, conversions are unknown: Meta does
-- not tell those on websites and in apps. An ad set with several custom audiences is counted in full for
-- each of them, and its spend is `shared_spend` of each; the columns `once_…` count it for the first alone,
-- so that they add up to the account.
with breakdowns as (
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'age_gender' as dimension,
    cast(age as varchar) || ' / ' || cast(gender as varchar) as value,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value,
    cast(0 as decimal(18, 6)) as shared_spend,
    1 as place
  from staging.insights_age_gender_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'country' as dimension,
    cast(country as varchar) as value,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value,
    cast(0 as decimal(18, 6)) as shared_spend,
    1 as place
  from staging.insights_country_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'region' as dimension,
    cast(region as varchar) as value,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(null as decimal(18, 6)) as conversions,
    cast(null as decimal(18, 6)) as purchase_value,
    cast(0 as decimal(18, 6)) as shared_spend,
    1 as place
  from staging.insights_region_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'placement' as dimension,
    cast(publisher_platform as varchar) || ' / ' || cast(platform_position as varchar) as value,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value,
    cast(0 as decimal(18, 6)) as shared_spend,
    1 as place
  from staging.insights_placement_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'device' as dimension,
    cast(device_platform as varchar) as value,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value,
    cast(0 as decimal(18, 6)) as shared_spend,
    1 as place
  from staging.insights_device_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'hour' as dimension,
    cast(hour_label as varchar) as value,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(null as decimal(18, 6)) as conversions,
    cast(null as decimal(18, 6)) as purchase_value,
    cast(0 as decimal(18, 6)) as shared_spend,
    1 as place
  from staging.insights_campaign_hour
),

ad_set_days as (
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(currency as varchar) as currency,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value
  from staging.insights_ad_set_day
),

audience_days as (
  select
    ad_set_days.account_id as account_id,
    ad_set_days.date as date,
    'custom_audience' as dimension,
    audiences.audience_id as value,
    ad_set_days.currency as currency,
    ad_set_days.pulled_on as pulled_on,
    ad_set_days.spend as spend,
    ad_set_days.impressions as impressions,
    ad_set_days.clicks as clicks,
    ad_set_days.conversions as conversions,
    ad_set_days.purchase_value as purchase_value,
    case
      when audiences.audiences > 1 then ad_set_days.spend
      else cast(0 as decimal(18, 6))
    end as shared_spend,
    coalesce(audiences.place, 1) as place
  from ad_set_days
  left join intermediate.ad_set_audiences as audiences
    on audiences.account_id = ad_set_days.account_id
    and audiences.ad_set_id = ad_set_days.ad_set_id
),

days as (
  select * from breakdowns
  union all
  select * from audience_days
),

-- Rows that came without their breakdown (late conversions mostly) stay apart from Meta's own unknown.
named as (
  select
    account_id,
    substring(cast(date as varchar) from 1 for 7) as month,
    dimension,
    coalesce(value, 'not told') as value,
    date,
    currency,
    case when pulled_on >= date + 28 then 1 else 0 end as is_settled,
    spend,
    shared_spend,
    impressions,
    clicks,
    conversions,
    purchase_value,
    case when place = 1 then 1 else 0 end as is_once
  from days
),

final as (
  select
    account_id,
    month,
    dimension,
    value,
    max(currency) as currency,
    min(date) as first_day,
    max(date) as last_day,
    count(distinct date) as days,
    min(is_settled) as is_settled,
    case when count(shared_spend) = count(*) then sum(shared_spend) end as shared_spend,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
    case
      when count(case when is_once = 1 then spend end) = sum(is_once)
        then coalesce(sum(case when is_once = 1 then spend end), 0)
    end as once_spend,
    case
      when count(case when is_once = 1 then impressions end) = sum(is_once)
        then coalesce(sum(case when is_once = 1 then impressions end), 0)
    end as once_impressions,
    case
      when count(case when is_once = 1 then clicks end) = sum(is_once)
        then coalesce(sum(case when is_once = 1 then clicks end), 0)
    end as once_clicks,
    case
      when count(case when is_once = 1 then conversions end) = sum(is_once)
        then coalesce(sum(case when is_once = 1 then conversions end), 0)
    end as once_conversions,
    case
      when count(case when is_once = 1 then purchase_value end) = sum(is_once)
        then coalesce(sum(case when is_once = 1 then purchase_value end), 0)
    end as once_purchase_value
  from named
  group by account_id, month, dimension, value
)

select * from final
