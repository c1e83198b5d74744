-- Grain: one row per ad account, metric (spend, conversions, purchase_value, roas) and each of the 28 days after
-- the account's newest complete day: what it will come to, and what all days up to it will (`total`), so that the
-- rows 7, 14 and 28 days ahead hold the next 7, 14 and 28 days.
-- Two ways (see intermediate.forecast_trials) are tried from each third day of the past, as if it were today; that
-- with the smaller sum of errors over 1 to 28 days ahead is used, and its own errors make the 80 % intervals:
-- the places 0.1 (n + 1) and 0.9 (n + 1) among (came - forecast) / ((forecast + level) / 2), level being the mean
-- of 28 days; of days over all days of the same week ahead, of totals over all trials. ROAS is value over spend;
-- its intervals come from came / forecast. An interval always holds its forecast. Fewer than 9 trials: the model
-- untried, without intervals; fewer than 28 days: seasonal naive; fewer than 7: no row.
with rules as (
  select 9 as least_trials
),

measured as (
  select
    account_id,
    metric,
    count(case when days_ahead = 1 then 1 end) as trials,
    sum(abs(actual - model)) as model_error,
    sum(abs(actual - naive)) as naive_error,
    sum(actual) as actual
  from intermediate.forecast_trials
  where anchor > 0 and model is not null
  group by account_id, metric
),

chosen as (
  select
    trials.account_id as account_id,
    trials.metric as metric,
    trials.currency as currency,
    trials.last_complete_day as last_complete_day,
    trials.anchor as anchor,
    trials.days_ahead as days_ahead,
    trials.level as level,
    trials.actual as actual,
    case
      when measured.trials >= rules.least_trials and measured.model_error >= measured.naive_error then trials.naive
      else coalesce(trials.model, trials.naive)
    end as forecast,
    case
      when measured.trials >= rules.least_trials and measured.model_error >= measured.naive_error
        then 'seasonal naive'
      when trials.model is null then 'seasonal naive'
      else 'weekday mean'
    end as method,
    case when measured.trials >= rules.least_trials then measured.trials end as trials,
    case when measured.trials >= rules.least_trials then measured.model_error < measured.naive_error end
      as is_better,
    measured.model_error / nullif(measured.actual, 0) as model_error,
    measured.naive_error / nullif(measured.actual, 0) as naive_error
  from intermediate.forecast_trials as trials
  cross join rules
  left join measured
    on measured.account_id = trials.account_id
    and measured.metric = trials.metric
),

totals as (
  select
    chosen.*,
    sum(forecast) over so_far as forecast_total,
    sum(actual) over so_far as actual_total,
    count(*) over so_far as steps
  from chosen
  window so_far as (
    partition by account_id, metric, anchor
    order by days_ahead
    rows between unbounded preceding and current row
  )
),

-- ROAS is made of the other two, day by day and in all.
figures as (
  select
    account_id,
    metric,
    cast(floor((days_ahead + 6) / 7.0) as integer) as week,
    currency,
    last_complete_day,
    anchor,
    days_ahead,
    method,
    trials,
    is_better,
    model_error,
    naive_error,
    forecast,
    forecast_total,
    case when anchor > 0 then (actual - forecast) / nullif((forecast + level) / 2, 0) end as miss,
    case when anchor > 0 then (actual_total - forecast_total) / nullif((forecast_total + steps * level) / 2, 0) end
      as total_miss,
    (forecast + level) / 2 as scale,
    (forecast_total + steps * level) / 2 as total_scale
  from totals
  union all
  select
    spend.account_id,
    'roas',
    cast(floor((spend.days_ahead + 6) / 7.0) as integer),
    spend.currency,
    spend.last_complete_day,
    spend.anchor,
    spend.days_ahead,
    case
      when spend.method = value.method then value.method
      else 'value by ' || value.method || ', spend by ' || spend.method
    end,
    case when spend.trials is not null and value.trials is not null then least(spend.trials, value.trials) end,
    spend.is_better and value.is_better,
    null,
    null,
    value.forecast / nullif(spend.forecast, 0),
    value.forecast_total / nullif(spend.forecast_total, 0),
    case
      when spend.anchor > 0
        then value.actual / nullif(spend.actual, 0) / nullif(value.forecast / nullif(spend.forecast, 0), 0) - 1
    end,
    case
      when spend.anchor > 0
        then value.actual_total / nullif(spend.actual_total, 0)
          / nullif(value.forecast_total / nullif(spend.forecast_total, 0), 0) - 1
    end,
    value.forecast / nullif(spend.forecast, 0),
    value.forecast_total / nullif(spend.forecast_total, 0)
  from totals as spend
  inner join totals as value
    on value.account_id = spend.account_id
    and value.anchor = spend.anchor
    and value.days_ahead = spend.days_ahead
    and value.metric = 'purchase_value'
  where spend.metric = 'spend'
),

placed as (
  select
    account_id,
    metric,
    week,
    miss,
    row_number() over (partition by account_id, metric, week order by miss, anchor, days_ahead) as place,
    count(*) over (partition by account_id, metric, week) as misses
  from figures
  where anchor > 0 and miss is not null and trials is not null
),

day_spreads as (
  select
    account_id,
    metric,
    week,
    max(misses) as misses,
    sum(miss * greatest(0, 1 - abs(place - least(greatest(0.1 * (misses + 1), 1), misses)))) as low,
    sum(miss * greatest(0, 1 - abs(place - least(greatest(0.9 * (misses + 1), 1), misses)))) as high
  from placed
  group by account_id, metric, week
),

total_placed as (
  select
    account_id,
    metric,
    days_ahead,
    total_miss,
    row_number() over (partition by account_id, metric, days_ahead order by total_miss, anchor) as place,
    count(*) over (partition by account_id, metric, days_ahead) as misses
  from figures
  where anchor > 0 and total_miss is not null and trials is not null
),

total_spreads as (
  select
    account_id,
    metric,
    days_ahead,
    max(misses) as misses,
    sum(total_miss * greatest(0, 1 - abs(place - least(greatest(0.1 * (misses + 1), 1), misses)))) as low,
    sum(total_miss * greatest(0, 1 - abs(place - least(greatest(0.9 * (misses + 1), 1), misses)))) as high
  from total_placed
  group by account_id, metric, days_ahead
),

final as (
  select
    figures.account_id as account_id,
    figures.metric as metric,
    figures.last_complete_day + figures.days_ahead as date,
    figures.days_ahead as days_ahead,
    case when figures.metric in ('spend', 'purchase_value') then figures.currency end as currency,
    round(figures.forecast, 6) as forecast,
    case
      when days.misses >= rules.least_trials
        then round(greatest(0, figures.forecast + least(0, days.low) * figures.scale), 6)
    end as low,
    case
      when days.misses >= rules.least_trials
        then round(figures.forecast + greatest(0, days.high) * figures.scale, 6)
    end as high,
    round(figures.forecast_total, 6) as total,
    case
      when sums.misses >= rules.least_trials
        then round(greatest(0, figures.forecast_total + least(0, sums.low) * figures.total_scale), 6)
    end as total_low,
    case
      when sums.misses >= rules.least_trials
        then round(figures.forecast_total + greatest(0, sums.high) * figures.total_scale, 6)
    end as total_high,
    figures.method as method,
    figures.is_better as is_better_than_naive,
    figures.trials as trials,
    round(figures.model_error, 6) as model_error,
    round(figures.naive_error, 6) as naive_error
  from figures
  cross join rules
  left join day_spreads as days
    on days.account_id = figures.account_id
    and days.metric = figures.metric
    and days.week = figures.week
  left join total_spreads as sums
    on sums.account_id = figures.account_id
    and sums.metric = figures.metric
    and sums.days_ahead = figures.days_ahead
  where figures.anchor = 0
)

select * from final
