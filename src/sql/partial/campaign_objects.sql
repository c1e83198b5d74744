-- Grain: one row per staging file, ad account, campaign and name that it had; with the last day it had it.
with insights as (
  select
    input,
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(campaign_name as varchar) as campaign_name,
    cast(date as date) as date
  from staging.insights_campaign_day
),

final as (
  select input, account_id, campaign_id, campaign_name, max(date) as last_day
  from insights
  where campaign_id is not null
  group by input, account_id, campaign_id, campaign_name
)

select * from final
