-- Grain: one row per alert: a rule, what it is about, and one span of days on which its cause held. Days
-- without the cause do not end it before `quiet` of them have gone by, so one cause is one alert.
with settings as (
  select rule, subject, value
  from intermediate.alert_setting
  where setting = 'enabled'
),

spans as (
  select rule, account_id, level, subject_id, first_day, last_day, cast(null as date) as judged_until,
    rank, value, expected, evidence
  from intermediate.alert_figures
  union all
  select rule, account_id, level, subject_id, day, day, null, rank, value, expected, evidence
  from intermediate.alert_budget
  union all
  select rule, account_id, level, subject_id, first_day, last_day, null, rank, value, expected, evidence
  from intermediate.alert_delivery
  union all
  select rule, account_id, level, subject_id, first_day, last_day, judged_until, rank, value, expected, evidence
  from intermediate.alert_lake
),

-- A rule that is off for the campaign or the account is off, whatever it is for all.
wanted as (
  select
    spans.rule as rule,
    spans.account_id as account_id,
    spans.level as level,
    spans.subject_id as subject_id,
    spans.first_day as first_day,
    spans.last_day as last_day,
    coalesce(spans.judged_until, account_days.last_complete_day) as judged_until,
    spans.rank as rank,
    spans.value as value,
    spans.expected as expected,
    spans.evidence as evidence,
    case when spans.rule in ('spend_anomaly', 'ctr_drop', 'high_frequency', 'purchases_missing', 'pacing_over', 'pacing_under') then 3 else 0 end
      as quiet
  from spans
  left join intermediate.account_days as account_days on account_days.account_id = spans.account_id
  left join settings as of_subject
    on of_subject.rule = spans.rule and of_subject.subject = spans.subject_id
  left join settings as of_account
    on of_account.rule = spans.rule and of_account.subject = spans.account_id
  inner join settings as of_all on of_all.rule = spans.rule and of_all.subject = ''
  where coalesce(of_subject.value, of_account.value, of_all.value) > 0
),

reached as (
  select
    wanted.*,
    max(last_day) over (
      partition by rule, account_id, subject_id
      order by first_day, last_day
      rows between unbounded preceding and 1 preceding
    ) as reached
  from wanted
),

numbered as (
  select
    reached.*,
    sum(case when first_day <= reached + quiet + 1 then 0 else 1 end) over (
      partition by rule, account_id, subject_id
      order by first_day, last_day
      rows between unbounded preceding and current row
    ) as span
  from reached
),

ranked as (
  select
    numbered.*,
    row_number() over (
      partition by rule, account_id, subject_id, span
      order by last_day desc, first_day desc
    ) as newest_first
  from numbered
),

alerts as (
  select
    rule,
    account_id,
    max(level) as level,
    subject_id,
    min(first_day) as opened_on,
    max(last_day) as last_seen_on,
    max(judged_until) as judged_until,
    max(quiet) as quiet,
    max(rank) as rank,
    sum(last_day - first_day + 1) as days,
    max(case when newest_first = 1 then value end) as value,
    max(case when newest_first = 1 then expected end) as expected,
    max(case when newest_first = 1 then evidence end) as evidence
  from ranked
  group by rule, account_id, subject_id, span
),

events as (
  select
    cast(alert_id as varchar) as told_id,
    cast(rule as varchar) as rule,
    cast(account_id as varchar) as account_id,
    cast(subject_id as varchar) as subject_id,
    cast(day as date) as day,
    cast(act as varchar) as act,
    cast(sink as varchar) as sink,
    cast(note as varchar) as note,
    cast(done_at as timestamp with time zone) as done_at
  from staging.alert_events
),

-- Restatement can move an alert's first day, and with it its id: what was done about it is known by the day.
matched as (
  select
    events.*,
    alerts.opened_on as opened_on,
    row_number() over (
      partition by events.rule, events.account_id, events.subject_id, alerts.opened_on,
        case when events.act = 'sent' then events.act || events.sink else '' end
      order by events.done_at desc, events.act
    ) as newest_first
  from events
  left join alerts
    on alerts.rule = events.rule
    and alerts.account_id = events.account_id
    and alerts.subject_id = events.subject_id
    and events.day between alerts.opened_on and alerts.last_seen_on + alerts.quiet
),

answers as (
  select
    rule,
    account_id,
    subject_id,
    opened_on,
    max(case when act = 'acknowledged' then done_at end) as acknowledged_at,
    max(case when act = 'acknowledged' then note end) as note,
    string_agg(case when act = 'sent' then sink end, ', ' order by sink) as sent_to
  from matched
  where newest_first = 1 and opened_on is not null
  group by rule, account_id, subject_id, opened_on
),

-- Somebody was told, and by the newest figures or budgets there was no such cause: it stays on record.
gone as (
  select
    rule,
    account_id,
    subject_id,
    told_id,
    min(day) as day,
    max(case when act = 'acknowledged' then done_at end) as acknowledged_at,
    max(case when act = 'acknowledged' then note end) as note,
    string_agg(distinct case when act = 'sent' then sink end, ', ' order by case when act = 'sent' then sink end) as sent_to
  from matched
  where opened_on is null
  group by rule, account_id, subject_id, told_id
),

states as (
  select
    substr(md5(alerts.rule || '/' || alerts.account_id || '/' || alerts.subject_id || '/' || cast(alerts.opened_on as varchar)), 1, 12)
      as alert_id,
    alerts.rule as rule,
    alerts.rank as rank,
    case
      when alerts.last_seen_on + alerts.quiet < alerts.judged_until then 'resolved'
      when answers.acknowledged_at is not null then 'acknowledged'
      else 'open'
    end as state,
    alerts.account_id as account_id,
    alerts.level as level,
    alerts.subject_id as subject_id,
    alerts.opened_on as opened_on,
    alerts.last_seen_on as last_seen_on,
    case when alerts.last_seen_on + alerts.quiet < alerts.judged_until then alerts.last_seen_on + 1 end
      as resolved_on,
    case when alerts.last_seen_on + alerts.quiet < alerts.judged_until then 'the cause ended' end as resolution,
    alerts.days as days,
    alerts.value as value,
    alerts.expected as expected,
    alerts.evidence as evidence,
    answers.acknowledged_at as acknowledged_at,
    answers.note as note,
    answers.sent_to as sent_to
  from alerts
  left join answers
    on answers.rule = alerts.rule
    and answers.account_id = alerts.account_id
    and answers.subject_id = alerts.subject_id
    and answers.opened_on = alerts.opened_on
  union all
  select
    told_id, rule, 1, 'resolved', account_id, case when account_id = 'all' then 'lake' when account_id = subject_id then 'account' else 'campaign' end,
    subject_id, day, day, null, 'by newer figures there was no cause', 1, null, null,
    'By the figures and budgets of then; newer ones show no cause.', acknowledged_at, note, sent_to
  from gone
),

final as (
  select
    states.alert_id as alert_id,
    states.rule as rule,
    case states.rank when 3 then 'critical' when 2 then 'warning' else 'info' end as severity,
    states.state as state,
    states.account_id as account_id,
    accounts.account_name as account_name,
    states.level as level,
    states.subject_id as subject_id,
    case when states.level = 'campaign' then coalesce(names.campaign_name, 'unknown campaign ' || states.subject_id) end
      as campaign_name,
    states.opened_on as opened_on,
    states.last_seen_on as last_seen_on,
    states.resolved_on as resolved_on,
    states.resolution as resolution,
    states.days as days,
    states.value as value,
    states.expected as expected,
    words.what as what,
    states.evidence as evidence,
    words.advice as advice,
    states.acknowledged_at as acknowledged_at,
    states.note as note,
    states.sent_to as sent_to
  from states
  inner join intermediate.alert_words as words on words.rule = states.rule
  left join intermediate.accounts as accounts on accounts.account_id = states.account_id
  left join intermediate.campaign_names as names
    on names.account_id = states.account_id
    and names.campaign_id = states.subject_id
    and states.level = 'campaign'
)

select * from final
