-- Grain: one row per ad account of Meta's, level (ad_set, campaign) and object of it: its status now.
-- It has no other columns, so that an object which was only asked for again is the same as before.
with final as (
  select
    cast(account_id as varchar) as account_id,
    'ad_set' as level,
    cast(ad_set_id as varchar) as object_key,
    cast(effective_status as varchar) as status
  from staging.ad_sets
  union all
  select
    cast(account_id as varchar) as account_id,
    'campaign' as level,
    cast(campaign_id as varchar) as object_key,
    cast(effective_status as varchar) as status
  from staging.campaigns
)

select * from final
