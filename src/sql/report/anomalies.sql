-- Grain: one row per metric and day between $since and $until on which the account or a campaign was out
-- of the usual; the surest and newest first.
select
  level,
  subject_id,
  campaign_name,
  date,
  metric,
  value,
  expected,
  expected_low,
  expected_high,
  change,
  z,
  direction,
  is_bad,
  severity,
  basis,
  since,
  days_running,
  certainty,
  story
from anomalies
where account_id = $account_id and date between cast($since as date) and cast($until as date)
order by
  case severity when 'critical' then 1 when 'warning' then 2 else 3 end,
  date desc,
  abs(z) desc,
  subject_id,
  metric
