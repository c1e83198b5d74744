-- Grain: one row per level and metric: on how many days between $since and $until the account's own
-- figure agrees with the sum over the level, and what the reasons were where it does not or cannot be judged.
select
  level,
  metric,
  count(*) as days,
  count(*) filter (where is_within) as days_that_agree,
  count(*) filter (where is_within is null) as days_not_judged,
  count(*) filter (where not is_within) as days_that_differ,
  max(abs(difference)) filter (where not is_within) as largest_difference,
  string_agg(distinct reason, '; ' order by reason) filter (where is_within is not true) as reasons
from reconciliation_day
where account_id = $account_id and date between cast($since as date) and cast($until as date)
group by level, metric
order by level, metric
