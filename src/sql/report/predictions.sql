-- Grain: one row per source of predictions, what made them, and metric (ROAS, CTR): how far the predictions for days
-- between $since and $until were off. The score is 100 when all were exact; `bias` is predicted less actual;
-- `spread` is the standard deviation of that.
with compared as (
  select
    source,
    model,
    'roas' as metric,
    predicted_roas as predicted,
    actual_roas as actual,
    roas_score as score,
    status
  from prediction_comparisons
  where
    account_id = $account_id
    and date between cast($since as date) and cast($until as date)
    and roas_score is not null
  union all
  select
    source,
    model,
    'ctr',
    predicted_ctr,
    actual_ctr,
    ctr_score,
    status
  from prediction_comparisons
  where
    account_id = $account_id
    and date between cast($since as date) and cast($until as date)
    and ctr_score is not null
)

select
  source,
  model,
  metric,
  count(*) as predictions,
  count(case when status = 'settled' then 1 end) as settled,
  avg(score) as accuracy_score,
  avg(predicted) as predicted,
  avg(actual) as actual,
  avg(abs(predicted - actual)) as error,
  avg(predicted - actual) as bias,
  stddev_samp(predicted - actual) as spread
from compared
group by source, model, metric
order by metric desc, accuracy_score desc, source, model
