-- Grain: one row per row of ad_performance_day: on no platform are there more clicks than impressions.
with final as (
  select
    account_id,
    platform || ', ' || cast(date_day as varchar) || ', ' || object_key as place,
    'at most ' || cast(impressions as varchar) || ' clicks' as expected,
    cast(clicks as varchar) || ' clicks' as found,
    clicks <= impressions as is_ok,
    1 as rows
  from curated.ad_performance_day
  where clicks is not null and impressions is not null
)

select * from final
