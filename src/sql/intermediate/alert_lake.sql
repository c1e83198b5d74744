-- Grain: one row per rule about the lake itself, what it is about, and span of days on which the rule
-- holds: an ad account whose days stay behind while the lake is fed, and what a run noticed (lake_signals).
with limits as (
  select max(value) as days
  from intermediate.alert_setting
  where rule = 'data_late' and setting = 'days' and subject = ''
),

newest as (
  select max(last_asked_on) as newest_day
  from intermediate.account_days
),

late as (
  select
    'data_late' as rule,
    account_days.account_id as account_id,
    'account' as level,
    account_days.account_id as subject_id,
    account_days.last_complete_day + 1 as first_day,
    newest.newest_day as last_day,
    newest.newest_day as judged_until,
    2 as rank,
    cast(newest.newest_day - account_days.last_complete_day - 1 as double) as value,
    limits.days as expected,
    'The newest complete day is ' || cast(account_days.last_complete_day as varchar)
    || ', while the lake was last fed on ' || cast(newest.newest_day as varchar) || '.' as evidence
  from intermediate.account_days as account_days
  cross join newest
  cross join limits
  where
    account_days.last_asked_on is not null
    and newest.newest_day - account_days.last_complete_day - 1 >= limits.days
),

signals as (
  select
    cast(rule as varchar) as rule,
    cast(subject as varchar) as subject,
    cast(day as date) as day,
    cast(evidence as varchar) as evidence,
    holds,
    lead(cast(day as date)) over (partition by rule, subject order by day) as next_day,
    max(cast(day as date)) over (partition by rule, subject) as judged_until
  from staging.lake_signals
),

final as (
  select * from late
  union all
  select
    rule,
    'all',
    'lake',
    subject,
    day,
    coalesce(next_day - 1, day),
    judged_until,
    case rule when 'token_expiring' then 3 else 2 end,
    null,
    null,
    evidence
  from signals
  where holds
)

select * from final
