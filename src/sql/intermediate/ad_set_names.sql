-- Grain: one row per ad account and ad set, with the name to show for it.
with entities as (
  select
    cast(account_id as varchar) as account_id,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(ad_set_name as varchar) as ad_set_name
  from staging.ad_sets
),

insights as (
  select account_id, object_id as ad_set_id, object_name as ad_set_name, last_day as date
  from partial.ad_objects
  where level = 'ad_set'
),

ids as (
  select account_id, ad_set_id from entities
  union
  select account_id, ad_set_id from insights
),

-- The name is part of the order, so that two names of one day always give the same one.
carried as (
  select
    account_id,
    ad_set_id,
    ad_set_name,
    row_number() over (
      partition by account_id, ad_set_id order by date desc, ad_set_name
    ) as newest_first
  from insights
  where ad_set_name is not null
),

final as (
  select
    ids.account_id as account_id,
    ids.ad_set_id as ad_set_id,
    coalesce(
      entities.ad_set_name,
      carried.ad_set_name,
      'unknown ad set ' || ids.ad_set_id
    ) as ad_set_name
  from ids
  left join entities
    on entities.account_id = ids.account_id
    and entities.ad_set_id = ids.ad_set_id
  left join carried
    on carried.account_id = ids.account_id
    and carried.ad_set_id = ids.ad_set_id
    and carried.newest_first = 1
)

select * from final
