-- Grain: one row per ad account and ad of Meta's: what it belongs to.
-- It has no other columns, so that an ad which was only asked for again is the same as before.
with final as (
  select
    cast(account_id as varchar) as account_id,
    cast(ad_id as varchar) as ad_id,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(campaign_id as varchar) as campaign_id
  from staging.ads
)

select * from final
