-- How predictions compare with what came, of the $days days up to the newest day that can be compared: one row
-- for all of them (band 0) and one for each third of them by what they predicted (1 low, 3 high), for each of
-- ROAS and CTR. `spread` is the standard deviation of the errors.
with compared as (
  select date, 'roas' as metric, predicted_roas as predicted, actual_roas as actual, roas_score as score, status, prediction_id
  from prediction_comparisons
  where roas_score is not null and (cast($account as varchar) is null or account_id = cast($account as varchar))
  union all
  select date, 'ctr', predicted_ctr, actual_ctr, ctr_score, status, prediction_id
  from prediction_comparisons
  where ctr_score is not null and (cast($account as varchar) is null or account_id = cast($account as varchar))
),

newest as (
  select max(date) as last_day from compared
),

windowed as (
  select compared.*, ntile(3) over (partition by metric order by predicted, prediction_id) as band
  from compared
  cross join newest
  where compared.date > newest.last_day - cast($days as integer)
),

banded as (
  select metric, 0 as band, date, predicted, actual, score, status from windowed
  union all
  select metric, band, date, predicted, actual, score, status from windowed
)

select
  metric,
  band,
  count(*) as predictions,
  count(case when status = 'settled' then 1 end) as settled,
  cast(min(date) as varchar) as since,
  cast(max(date) as varchar) as until,
  avg(score) as score,
  avg(predicted) as predicted,
  avg(actual) as actual,
  avg(abs(predicted - actual)) as error,
  avg(predicted - actual) as bias,
  stddev_samp(predicted - actual) as spread
from banded
group by metric, band
order by metric desc, band
