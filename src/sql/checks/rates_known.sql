-- Grain: one row per ad account, day and campaign of campaign_day. There is an exchange rate for what was spent.
with final as (
  select
    account_id,
    cast(date as varchar) || ', campaign ' || campaign_id as place,
    'an exchange rate for ' || coalesce(currency, 'an unknown currency') as expected,
    coalesce(fx_note, 'one') as found,
    fx_note is null as is_ok,
    1 as rows
  from curated.campaign_day
  where spend is not null
)

select * from final
