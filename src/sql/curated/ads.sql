-- Grain: one row per ad, as last seen.
with ads as (
  select
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(ad_id as varchar) as ad_id,
    cast(ad_name as varchar) as ad_name,
    cast(status as varchar) as status,
    cast(effective_status as varchar) as effective_status,
    cast(creative_id as varchar) as creative_id,
    cast(created_time as timestamp with time zone) as created_time,
    cast(updated_time as timestamp with time zone) as updated_time,
    cast(pulled_on as date) as pulled_on
  from staging.ads
),

final as (
  select
    ads.account_id as account_id,
    ads.campaign_id as campaign_id,
    campaign_names.campaign_name as campaign_name,
    ads.ad_set_id as ad_set_id,
    ad_set_names.ad_set_name as ad_set_name,
    ads.ad_id as ad_id,
    ads.ad_name as ad_name,
    accounts.currency as currency,
    ads.status as status,
    ads.effective_status as effective_status,
    ads.creative_id as creative_id,
    ads.created_time as created_time,
    ads.updated_time as updated_time,
    ads.pulled_on as pulled_on
  from ads
  left join intermediate.accounts as accounts on accounts.account_id = ads.account_id
  left join intermediate.campaign_names as campaign_names
    on campaign_names.account_id = ads.account_id
    and campaign_names.campaign_id = ads.campaign_id
  left join intermediate.ad_set_names as ad_set_names
    on ad_set_names.account_id = ads.account_id
    and ad_set_names.ad_set_id = ads.ad_set_id
)

select * from final
