-- Grain: one row per metric and each of the 28 days after the account's newest complete day: what the day
-- will come to, and (total) what all days up to it will, with 80 % intervals.
select
  metric,
  date,
  days_ahead,
  forecast,
  low,
  high,
  total,
  total_low,
  total_high,
  method,
  is_better_than_naive,
  trials,
  model_error,
  naive_error
from forecast_day
where account_id = $account_id
order by
  case metric when 'spend' then 1 when 'conversions' then 2 when 'purchase_value' then 3 else 4 end,
  date
