-- Grain: one row per ad account, day and campaign of campaign_day. No day that had not begun for the account when it was asked for.
with final as (
  select
    account_id,
    cast(date as varchar) || ', campaign ' || campaign_id as place,
    'a day up to ' || cast(pulled_on as varchar) as expected,
    cast(date as varchar) as found,
    date <= pulled_on as is_ok,
    1 as rows
  from curated.campaign_day
  where pulled_on is not null
)

select * from final
