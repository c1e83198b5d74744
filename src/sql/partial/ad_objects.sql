-- Grain: one row per staging file, ad account, level, object of that level and name that it had; with the
-- last day it had it. A row of ads speaks of the ad set and the campaign above, too.
with insights as (
  select
    input,
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(campaign_name as varchar) as campaign_name,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(ad_set_name as varchar) as ad_set_name,
    cast(ad_id as varchar) as ad_id,
    cast(ad_name as varchar) as ad_name,
    cast(date as date) as date
  from staging.insights_ad_day
),

-- Few rows are left after this: one for each ad and month.
ads as (
  select
    input,
    account_id,
    campaign_id,
    campaign_name,
    ad_set_id,
    ad_set_name,
    ad_id,
    ad_name,
    max(date) as last_day
  from insights
  group by
    input, account_id, campaign_id, campaign_name, ad_set_id, ad_set_name, ad_id, ad_name
),

objects as (
  select
    input,
    account_id,
    'campaign' as level,
    campaign_id as object_id,
    campaign_name as object_name,
    last_day
  from ads
  union all
  select
    input,
    account_id,
    'ad_set' as level,
    ad_set_id as object_id,
    ad_set_name as object_name,
    last_day
  from ads
  union all
  select
    input,
    account_id,
    'ad' as level,
    ad_id as object_id,
    ad_name as object_name,
    last_day
  from ads
),

final as (
  select input, account_id, level, object_id, object_name, max(last_day) as last_day
  from objects
  where object_id is not null
  group by input, account_id, level, object_id, object_name
)

select * from final
