-- Grain: one row per ad account and campaign of campaign_day. A campaign belongs to one account; under two,
-- its money counts twice.
with campaigns as (
  select account_id, campaign_id, count(*) as rows
  from curated.campaign_day
  group by account_id, campaign_id
),

final as (
  select
    account_id,
    'campaign ' || campaign_id as place,
    'one account' as expected,
    cast(count(*) over (partition by campaign_id) as varchar) || ' accounts' as found,
    count(*) over (partition by campaign_id) = 1 as is_ok,
    rows
  from campaigns
)

select * from final
