-- Grain: one row per ad account, day and campaign of campaign_day. Spend, impressions and clicks are known.
with final as (
  select
    account_id,
    cast(date as varchar) || ', campaign ' || campaign_id as place,
    'spend, impressions and clicks' as expected,
    coalesce('spend ' || cast(spend as varchar), 'no spend') || ', ' || coalesce(cast(impressions as varchar) || ' impressions', 'no impressions') || ', ' || coalesce(cast(clicks as varchar) || ' clicks', 'no clicks') as found,
    spend is not null and impressions is not null and clicks is not null as is_ok,
    1 as rows
  from curated.campaign_day
)

select * from final
