-- Grain: one row per ad account and ad of Meta's: its status now, and what it says and where it leads.
-- UTM parameters are those of the address and of the parameters that Meta adds to it, as they are written.
with ads as (
  select
    cast(ads.account_id as varchar) as account_id,
    cast(ads.ad_id as varchar) as ad_id,
    cast(ads.effective_status as varchar) as effective_status,
    cast(creatives.title as varchar) as headline,
    cast(creatives.body as varchar) as description,
    cast(creatives.call_to_action_type as varchar) as cta,
    cast(creatives.link as varchar) as landing_page_url,
    coalesce(cast(creatives.link as varchar), '') || '&' || coalesce(cast(creatives.url_tags as varchar), '')
      as parameters
  from staging.ads as ads
  left join staging.ad_creatives as creatives
    on creatives.account_id = ads.account_id and creatives.creative_id = ads.creative_id
),

final as (
  select
    account_id,
    ad_id,
    effective_status,
    headline,
    description,
    cta,
    landing_page_url,
    nullif(regexp_extract(parameters, '[?&]utm_source=([^&#]*)', 1), '') as utm_source,
    nullif(regexp_extract(parameters, '[?&]utm_medium=([^&#]*)', 1), '') as utm_medium,
    nullif(regexp_extract(parameters, '[?&]utm_campaign=([^&#]*)', 1), '') as utm_campaign,
    nullif(regexp_extract(parameters, '[?&]utm_content=([^&#]*)', 1), '') as utm_content,
    nullif(regexp_extract(parameters, '[?&]utm_term=([^&#]*)', 1), '') as utm_term
  from ads
)

select * from final
