-- Grain: one row per staging file and campaign day whose ratios differ from those of the API, and one per
-- staging file and account for all that agree.
with insights as (
  select
    input,
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(date as date) as date,
    cast(reported_agrees as boolean) as agrees
  from staging.insights_campaign_day
),

final as (
  select
    input,
    account_id,
    case when not agrees then date end as date,
    case when not agrees then campaign_id end as campaign_id,
    agrees,
    count(*) as rows
  from insights
  where agrees is not null
  group by
    input,
    account_id,
    case when not agrees then date end,
    case when not agrees then campaign_id end,
    agrees
)

select * from final
