-- Grain: one row per rule about figures, ad account or campaign, and day or span of days on which the rule holds:
-- spend out of the usual, CTR below it, ROAS of 7 days under its target, people who see the ads too often in a day.
with settings as (
  select rule, setting, subject, value
  from intermediate.alert_setting
),

limits as (
  select
    max(case when rule = 'spend_anomaly' then value end) as spend_threshold,
    max(case when rule = 'ctr_drop' then value end) as ctr_threshold,
    max(case when rule = 'roas_below_target' and setting = 'target' then value end) as target,
    max(case when rule = 'roas_below_target' and setting = 'clicks' then value end) as clicks,
    max(case when rule = 'high_frequency' then value end) as frequency
  from settings
  where subject = '' and setting <> 'enabled'
),

unusual as (
  select
    case when anomalies.metric = 'spend' then 'spend_anomaly' else 'ctr_drop' end as rule,
    anomalies.account_id as account_id,
    anomalies.level as level,
    anomalies.subject_id as subject_id,
    anomalies.date as first_day,
    anomalies.date as last_day,
    case when anomalies.severity = 'critical' then 3 else 2 end as rank,
    anomalies.value as value,
    anomalies.expected as expected,
    anomalies.story as evidence
  from curated.anomalies as anomalies
  cross join limits
  where
    (anomalies.metric = 'spend' and abs(anomalies.z) >= limits.spend_threshold)
    or (anomalies.metric = 'ctr' and anomalies.z <= -limits.ctr_threshold)
),

matured as (
  select account_id, campaign_id, date, spend_matured, value_matured
  from intermediate.campaign_day_matured
),

weeks as (
  select
    days.account_id as account_id,
    days.subject_id as campaign_id,
    days.date as date,
    days.series as series,
    days.day as day,
    days.currency as currency,
    sum(days.clicks) over week as clicks,
    case when count(matured.spend_matured) over week = count(*) over week
      then sum(matured.spend_matured) over week end as spend,
    case when count(matured.value_matured) over week = count(*) over week
      then sum(matured.value_matured) over week end as value,
    sum(days.purchase_value) over four_weeks as value_28d
  from intermediate.subject_day as days
  inner join matured
    on matured.account_id = days.account_id
    and matured.campaign_id = days.subject_id
    and matured.date = days.date
  where days.level = 'campaign'
  window
    week as (
      partition by days.series
      order by days.day
      range between 6 preceding and current row
    ),
    four_weeks as (
      partition by days.series
      order by days.day
      range between 27 preceding and current row
    )
),

-- The target of the campaign, else of its account, else that for all.
aimed as (
  select
    weeks.*,
    cast(weeks.value as double) / cast(weeks.spend as double) as roas,
    coalesce(of_campaign.value, of_account.value, limits.target) as target,
    limits.clicks as least_clicks
  from weeks
  cross join limits
  left join settings as of_campaign
    on of_campaign.rule = 'roas_below_target'
    and of_campaign.setting = 'target'
    and of_campaign.subject = weeks.campaign_id
  left join settings as of_account
    on of_account.rule = 'roas_below_target'
    and of_account.setting = 'target'
    and of_account.subject = weeks.account_id
  where weeks.spend > 0 and weeks.value is not null and weeks.value_28d > 0
),

-- Days that follow each other are one span, of which the last day is told: a campaign may be below for years.
below_days as (
  select
    aimed.*,
    case when roas < target / 2 then 3 else 2 end as rank,
    day - row_number() over (partition by series order by day) as span
  from aimed
  where roas < target and clicks >= least_clicks
),

below_spans as (
  select series, min(date) as first_day, max(date) as last_day, max(rank) as rank
  from below_days
  group by series, span
),

below as (
  select
    'roas_below_target' as rule,
    account_id,
    'campaign' as level,
    campaign_id as subject_id,
    below_spans.first_day as first_day,
    below_spans.last_day as last_day,
    below_spans.rank as rank,
    round(roas, 10) as value,
    target as expected,
    'The 7 days that end here returned ' || cast(cast(roas as decimal(18, 2)) as varchar)
    || ' for each 1 spent, as far as young days can be estimated; the target is '
    || cast(cast(target as decimal(18, 2)) as varchar) || '. Spend '
    || cast(cast(spend as decimal(18, 2)) as varchar) || coalesce(' ' || currency, '') || ', '
    || cast(cast(clicks as decimal(18, 0)) as varchar) || ' clicks.' as evidence
  from below_spans
  inner join below_days on below_days.series = below_spans.series and below_days.date = below_spans.last_day
),

often as (
  select
    'high_frequency' as rule,
    days.account_id as account_id,
    days.level as level,
    days.subject_id as subject_id,
    days.date as first_day,
    days.date as last_day,
    2 as rank,
    days.frequency as value,
    limits.frequency as expected,
    'Who saw the ads on this day saw them ' || cast(cast(days.frequency as decimal(18, 2)) as varchar)
    || ' times (limit ' || cast(cast(limits.frequency as decimal(18, 2)) as varchar) || '), '
    || cast(cast(days.impressions as decimal(18, 0)) as varchar) || ' impressions.' as evidence
  from intermediate.subject_day as days
  cross join limits
  where days.frequency >= limits.frequency and days.impressions >= 1000
),

final as (
  select * from unusual
  union all
  select * from below
  union all
  select * from often
)

select * from final
