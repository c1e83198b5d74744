-- Grain: one row per ad account with facts of ads: the days that creatives are looked at by.
with seen as (
  select account_id, min(date) as first_date, max(date) as last_date
  from partial.ad_currency_days
  group by account_id
),

final as (
  select
    seen.account_id as account_id,
    seen.first_date as first_date,
    seen.last_date as last_date,
    coalesce(account_days.last_complete_day, seen.last_date) as last_complete_day
  from seen
  left join intermediate.account_days as account_days on account_days.account_id = seen.account_id
)

select * from final
