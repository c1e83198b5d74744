-- Grain: one row per alert of the account that is open or acknowledged, or whose cause held on a day
-- between $since and $until; the open and the worst first.
select
  alert_id,
  rule,
  severity,
  state,
  level,
  subject_id,
  campaign_name,
  opened_on,
  last_seen_on,
  resolved_on,
  resolution,
  days,
  value,
  expected,
  what,
  evidence,
  advice,
  note
from performance_alerts
where
  account_id = $account_id
  and (
    state <> 'resolved'
    or (opened_on <= cast($until as date) and last_seen_on >= cast($since as date))
  )
order by
  case state when 'open' then 1 when 'acknowledged' then 2 else 3 end,
  case severity when 'critical' then 1 when 'warning' then 2 else 3 end,
  opened_on desc,
  alert_id
