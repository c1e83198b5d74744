-- Grain: one row per ad account or campaign, metric and complete day that lies further from what was to be
-- expected than the threshold (2 robust standard deviations unless alert_settings says otherwise).
with names_of_series as (
  select account_id, level, subject_id, metric, row_number() over (order by account_id, level, subject_id, metric) as series
  from (select distinct account_id, level, subject_id, metric from intermediate.metric_marked) as each
),

marked as (
  select
    metric_marked.*,
    names_of_series.series as series
  from intermediate.metric_marked as metric_marked
  inner join names_of_series
    on names_of_series.account_id = metric_marked.account_id
    and names_of_series.level = metric_marked.level
    and names_of_series.subject_id = metric_marked.subject_id
    and names_of_series.metric = metric_marked.metric
),

-- Judged days on the same side, one after the other, are a run, however many days without a judgement lie between.
-- Few columns: a window sorts all that it is given.
begun as (
  select
    series,
    date,
    side,
    case
      when is_first then case when lag(side) over marked_before = side then 0 else 1 end
      when goes_on then 0
      else 1
    end as begins
  from (select series, date, side, is_first, goes_on from marked) as sides
  window marked_before as (partition by series order by date)
),

runs as (
  select
    series,
    date,
    sum(begins) over (
      partition by series
      order by date
      rows between unbounded preceding and current row
    ) as run
  from begun
  where side <> 0
),

places as (
  select
    series,
    date,
    min(date) over run_so_far as since,
    count(*) over run_so_far as days_running
  from runs
  window run_so_far as (
    partition by series, run
    order by date
    rows between unbounded preceding and current row
  )
),

started as (
  select
    marked.*,
    places.since as since,
    places.days_running as days_running,
    case when marked.level = 'campaign' then marked.subject_id end as campaign_id
  from marked
  inner join places on places.series = marked.series and places.date = marked.date
),

told as (
  select
    started.*,
    accounts.account_name as account_name,
    case when level = 'campaign' then coalesce(names.campaign_name, 'unknown campaign ' || subject_id) end
      as campaign_name,
    value / expected - 1 as change,
    case
      when abs(z) >= 6 then 'critical'
      when abs(z) >= 3.5 then 'warning'
      else 'info'
    end as severity,
    case
      when abs(z) >= 6 and basis = 'final' and history_days >= 21 then 'high'
      when abs(z) >= 3.5 and basis <> 'estimate' and history_days >= 14 then 'medium'
      when abs(z) >= 6 and history_days >= 14 then 'medium'
      else 'low'
    end as certainty,
    case extract(isodow from date)
      when 1 then 'Monday' when 2 then 'Tuesday' when 3 then 'Wednesday' when 4 then 'Thursday'
      when 5 then 'Friday' when 6 then 'Saturday' else 'Sunday'
    end as weekday,
    case metric
      when 'spend' then 'Spend' when 'roas' then 'ROAS' when 'conversions' then 'Conversions'
      when 'reach' then 'Reach' when 'frequency' then 'Frequency' else upper(metric)
    end as metric_name
  from started
  inner join intermediate.accounts as accounts on accounts.account_id = started.account_id
  left join intermediate.campaign_names as names
    on names.account_id = started.account_id
    and names.campaign_id = started.campaign_id
),

worded as (
  select
    told.*,
    case
      when metric = 'ctr' then cast(cast(value * 100 as decimal(18, 2)) as varchar) || ' %'
      when metric in ('conversions', 'reach') then cast(cast(value as decimal(18, 0)) as varchar)
      when metric in ('roas', 'frequency') then cast(cast(value as decimal(18, 2)) as varchar)
      else cast(cast(value as decimal(18, 2)) as varchar) || coalesce(' ' || currency, '')
    end as value_text,
    case
      when metric = 'ctr' then cast(cast(expected * 100 as decimal(18, 2)) as varchar) || ' %'
      when metric in ('conversions', 'reach') then cast(cast(expected as decimal(18, 0)) as varchar)
      when metric in ('roas', 'frequency') then cast(cast(expected as decimal(18, 2)) as varchar)
      else cast(cast(expected as decimal(18, 2)) as varchar) || coalesce(' ' || currency, '')
    end as expected_text
  from told
),

final as (
  select
    account_id,
    level,
    subject_id,
    date,
    metric,
    account_name,
    campaign_name,
    currency,
    round(value, 10) as value,
    round(expected, 10) as expected,
    round(expected * exp(-threshold * spread), 10) as expected_low,
    round(expected * exp(threshold * spread), 10) as expected_high,
    round(change, 10) as change,
    round(z, 4) as z,
    case when side = 1 then 'above' else 'below' end as direction,
    case
      when metric in ('ctr', 'roas', 'conversions') then side = -1
      when metric in ('cpc', 'cpm', 'frequency') then side = 1
    end as is_bad,
    severity,
    basis,
    history_days,
    since,
    days_running,
    certainty,
    metric_name || case when metric = 'conversions' then ' were ' else ' was ' end || value_text
    || case when basis = 'estimate' then ' (estimated, not settled)' when basis = 'provisional' then ' (provisional)' else '' end
    || ', ' || cast(cast(abs(change) * 100 as decimal(18, 0)) as varchar) || ' % '
    || case when side = 1 then 'above' else 'below' end
    || ' the ' || expected_text || ' to be expected on a ' || weekday
    || ' by the 42 days before (' || cast(history_days as varchar) || ' of them final); '
    || cast(cast(abs(z) as decimal(18, 1)) as varchar) || ' times the usual spread'
    || case
      when days_running > 1
        then ', since ' || cast(since as varchar) || ' (' || cast(days_running as varchar) || ' days judged)'
      else ''
    end
    || '. How sure: ' || certainty || '.' as story
  from worded
)

select * from final
