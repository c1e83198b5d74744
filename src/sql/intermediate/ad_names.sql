-- Grain: one row per ad account and ad, with the name to show for it.
with entities as (
  select
    cast(account_id as varchar) as account_id,
    cast(ad_id as varchar) as ad_id,
    cast(ad_name as varchar) as ad_name
  from staging.ads
),

insights as (
  select account_id, object_id as ad_id, object_name as ad_name, last_day as date
  from partial.ad_objects
  where level = 'ad'
),

ids as (
  select account_id, ad_id from entities
  union
  select account_id, ad_id from insights
),

-- The name is part of the order, so that two names of one day always give the same one.
carried as (
  select
    account_id,
    ad_id,
    ad_name,
    row_number() over (
      partition by account_id, ad_id order by date desc, ad_name
    ) as newest_first
  from insights
  where ad_name is not null
),

final as (
  select
    ids.account_id as account_id,
    ids.ad_id as ad_id,
    coalesce(
      entities.ad_name,
      carried.ad_name,
      'unknown ad ' || ids.ad_id
    ) as ad_name
  from ids
  left join entities
    on entities.account_id = ids.account_id
    and entities.ad_id = ids.ad_id
  left join carried
    on carried.account_id = ids.account_id
    and carried.ad_id = ids.ad_id
    and carried.newest_first = 1
)

select * from final
