-- Grain: one row per ad account, day and campaign of campaign_day. Who is shown something 5,000 times clicks once; a click comes after an impression.
with final as (
  select
    account_id,
    cast(date as varchar) || ', campaign ' || campaign_id as place,
    case when clicks > 0 then 'impressions, since there are clicks' else 'a click' end as expected,
    cast(clicks as varchar) || ' clicks of ' || cast(impressions as varchar) || ' impressions' as found,
    clicks > 0 and impressions > 0 as is_ok,
    1 as rows
  from curated.campaign_day
  where (impressions >= 5000 or clicks > 0) and clicks is not null and impressions is not null
)

select * from final
