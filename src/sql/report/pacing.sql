-- Grain: one row per budget that runs, and per account with a target for the month: spend against it, up
-- to the account's newest complete day.
select
  level,
  object_id,
  object_name,
  kind,
  as_of,
  since,
  until,
  days_elapsed,
  days_left,
  budget,
  spend,
  spend_due,
  pacing,
  spend_per_day,
  projected,
  projected_low,
  projected_high,
  days_until_depleted,
  depleted_on,
  days_beyond_daily_limit,
  status,
  evidence
from budget_pacing
where account_id = $account_id and is_running and budget is not null and status not in ('ended', 'paused')
order by
  case level when 'account' then 1 else 2 end,
  case status when 'depleted' then 1 when 'over' then 2 when 'no spend' then 3 when 'under' then 4 else 5 end,
  budget desc,
  object_id,
  kind
