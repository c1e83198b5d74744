-- Grain: one row per ad account with campaign facts or batches: its newest complete day, and the day
-- it was asked on last (a day without rows is settled, too, once it was asked for late enough).
-- A day is complete when it was asked for after it had ended in the account's time zone. Answers
-- about a few campaigns only (`in`) say less about the account and count when there are no others.
with batches as (
  select
    cast(account_id as varchar) as account_id,
    cast(campaigns_kind as varchar) as campaigns_kind,
    cast(today as date) as asked_on,
    least(cast(until as date), cast(today as date) - 1) as last_complete_day
  from staging.batches
  where cast(dataset as varchar) = 'insights_campaign_day' and until is not null
),

facts as (
  select account_id, max(date) as last_day
  from partial.campaign_currency_days
  group by account_id
),

asked as (
  select
    account_id,
    max(case when campaigns_kind <> 'in' then last_complete_day end) as last_day_of_all,
    max(last_complete_day) as last_day_of_any,
    max(asked_on) as last_asked_on
  from batches
  group by account_id
),

final as (
  select
    coalesce(asked.account_id, facts.account_id) as account_id,
    coalesce(asked.last_day_of_all, asked.last_day_of_any, facts.last_day) as last_complete_day,
    asked.last_asked_on as last_asked_on
  from asked
  full outer join facts on facts.account_id = asked.account_id
)

select * from final
