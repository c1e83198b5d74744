-- Grain: one row per ad account, day, level and metric of reconciliation_day: the sum over the level is what
-- the account itself says, but for what is explained. What is still in motion is not judged.
with final as (
  select
    account_id,
    cast(date as varchar) || ', ' || metric || ' by ' || level as place,
    cast(account_value as varchar) as expected,
    cast(level_value as varchar) as found,
    is_within as is_ok,
    1 as rows
  from curated.reconciliation_day
  where is_within is not null
)

select * from final
