-- Grain: one row per ad account and campaign of campaign_day. Its name was found.
with final as (
  select
    account_id,
    'campaign ' || campaign_id as place,
    'a name' as expected,
    campaign_name as found,
    campaign_name <> 'unknown campaign ' || campaign_id as is_ok,
    count(*) as rows
  from curated.campaign_day
  group by account_id, campaign_id, campaign_name
)

select * from final
