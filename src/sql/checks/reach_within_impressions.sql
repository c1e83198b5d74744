-- Grain: one row per ad account, day and campaign of campaign_day. Not more people than impressions.
with final as (
  select
    account_id,
    cast(date as varchar) || ', campaign ' || campaign_id as place,
    'at most ' || cast(impressions as varchar) || ' people' as expected,
    cast(reach as varchar) || ' people' as found,
    reach <= impressions as is_ok,
    1 as rows
  from curated.campaign_day
  where reach is not null and impressions is not null
)

select * from final
