-- Grain: one row per judged day of metric_judged that lies at least as far from what was to be expected as the
-- threshold (2 robust standard deviations unless alert_settings says otherwise), on one `side` of it: 1 above, -1
-- below; and one for the last judged day of a month, on no side where it is within the threshold: side 0.
-- `is_first`: no day was judged before it in the month; then the last one of a month before tells whether it goes on.
-- `goes_on`: the day that was judged before it in the month lies on the same side.
with judged as (
  select * from intermediate.metric_judged
),

threshold as (
  select value as threshold
  from intermediate.alert_setting
  where rule = 'anomaly' and setting = 'threshold' and subject = ''
),

sides as (
  select
    judged.series as series,
    judged.date as date,
    extract(year from judged.date) * 12 + extract(month from judged.date) as month,
    case when judged.z >= threshold.threshold then 1 when judged.z <= -threshold.threshold then -1 else 0 end
      as side
  from judged
  cross join threshold
),

-- Few columns: a window sorts all that it is given.
placed as (
  select
    series,
    date,
    side,
    lag(side) over judged_in_month as side_before,
    lead(side) over judged_in_month as side_after
  from sides
  window judged_in_month as (partition by series, month order by date)
),

final as (
  select
    judged.account_id as account_id,
    judged.level as level,
    judged.subject_id as subject_id,
    judged.metric as metric,
    judged.date as date,
    judged.currency as currency,
    judged.basis as basis,
    judged.value as value,
    judged.expected as expected,
    judged.history_days as history_days,
    judged.spread as spread,
    judged.z as z,
    threshold.threshold as threshold,
    placed.side as side,
    placed.side_before is null as is_first,
    coalesce(placed.side_before = placed.side, false) as goes_on
  from placed
  inner join judged on judged.series = placed.series and judged.date = placed.date
  cross join threshold
  where placed.side <> 0 or placed.side_after is null
)

select * from final
