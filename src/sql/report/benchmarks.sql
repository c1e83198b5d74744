-- Grain: one row per benchmark of the owner that is of this account's platform: the account's own figure over its
-- last 28 days beside it. What could not be compared says why in `note`.
select
  source,
  industry,
  benchmark_platform,
  objective,
  country,
  metric,
  currency,
  since,
  until,
  value as figure,
  low as usual_low,
  median as usual_median,
  high as usual_high,
  difference as difference_share,
  place,
  is_better,
  note
from benchmark_comparison
where account_id = $account_id
order by
  case when value is null then 2 else 1 end,
  industry,
  objective,
  country,
  metric,
  source,
  benchmark_platform,
  currency
