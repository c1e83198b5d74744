-- Grain: one row per ad account and campaign, with the name to show for it.
with entities as (
  select
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(campaign_name as varchar) as campaign_name
  from staging.campaigns
),

insights as (
  select account_id, campaign_id, campaign_name, last_day as date
  from partial.campaign_objects
  union all
  select account_id, object_id as campaign_id, object_name as campaign_name, last_day as date
  from partial.ad_objects
  where level = 'campaign'
),

ids as (
  select account_id, campaign_id from entities
  union
  select account_id, campaign_id from insights
),

-- The name is part of the order, so that two names of one day always give the same one.
carried as (
  select
    account_id,
    campaign_id,
    campaign_name,
    row_number() over (
      partition by account_id, campaign_id order by date desc, campaign_name
    ) as newest_first
  from insights
  where campaign_name is not null
),

final as (
  select
    ids.account_id as account_id,
    ids.campaign_id as campaign_id,
    coalesce(
      entities.campaign_name,
      carried.campaign_name,
      'unknown campaign ' || ids.campaign_id
    ) as campaign_name
  from ids
  left join entities
    on entities.account_id = ids.account_id
    and entities.campaign_id = ids.campaign_id
  left join carried
    on carried.account_id = ids.account_id
    and carried.campaign_id = ids.campaign_id
    and carried.newest_first = 1
)

select * from final
