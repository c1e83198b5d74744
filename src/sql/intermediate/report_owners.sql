-- Grain: one row per platform, kind of object (campaign or ad) and id that is known under exactly one account.
with known as (
  select platform, 'campaign' as kind, campaign_id as object_id, account_id
  from intermediate.reports
  where not is_unnamed and campaign_id is not null
  union
  select platform, 'ad' as kind, ad_id as object_id, account_id
  from intermediate.reports
  where not is_unnamed and ad_id is not null
  union
  select
    'meta' as platform,
    'campaign' as kind,
    cast(campaign_id as varchar) as object_id,
    cast(account_id as varchar) as account_id
  from staging.campaigns
  union
  select
    'meta' as platform,
    'ad' as kind,
    cast(ad_id as varchar) as object_id,
    cast(account_id as varchar) as account_id
  from staging.ads
),

final as (
  select
    cast(platform as varchar) as platform,
    kind,
    cast(object_id as varchar) as object_id,
    cast(min(account_id) as varchar) as account_id
  from known
  group by platform, kind, object_id
  having count(*) = 1
)

select * from final
