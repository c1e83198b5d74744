-- Grain: one row per ad account, day and campaign of campaign_day. Not more purchases after a click than clicks: a purchase after a view needs none.
-- Purchases of which the windows are unknown are not judged.
with final as (
  select
    account_id,
    cast(date as varchar) || ', campaign ' || campaign_id as place,
    'at most ' || cast(clicks as varchar) || ' purchases after a click' as expected,
    cast(conversions_7d_click as varchar) || ' purchases within 7 days of a click' as found,
    conversions_7d_click <= clicks as is_ok,
    1 as rows
  from curated.campaign_day
  where conversions_7d_click is not null and clicks is not null
)

select * from final
