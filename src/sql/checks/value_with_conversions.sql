-- Grain: one row per ad account, day and campaign of campaign_day. A purchase value comes with a purchase.
with final as (
  select
    account_id,
    cast(date as varchar) || ', campaign ' || campaign_id as place,
    'a purchase' as expected,
    coalesce(cast(conversions as varchar), 'no') || ' purchases worth ' || cast(purchase_value as varchar) as found,
    coalesce(conversions, 0) > 0 as is_ok,
    1 as rows
  from curated.campaign_day
  where purchase_value > 0
)

select * from final
