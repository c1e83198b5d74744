-- Grain: one row per ad account. It was asked about within 2 days of the last time that any account was: by
-- the lake's own days, since the tables do not know what day it is now.
with answers as (
  select cast(account_id as varchar) as account_id, max(cast(today as date)) as asked_on
  from staging.batches
  where dataset = 'insights_campaign_day'
  group by account_id
),

final as (
  select
    account_id,
    'account ' || account_id as place,
    'asked about on ' || cast(max(asked_on) over () - 2 as varchar) || ' or later' as expected,
    cast(asked_on as varchar) as found,
    asked_on >= max(asked_on) over () - 2 as is_ok,
    1 as rows
  from answers
)

select * from final
