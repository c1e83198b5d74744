-- Grain: one row per setting of a rule and what it is for (a campaign or an ad account by its id, or all:
-- ''): what it is without a word of the owner, or what the owner chose. Every number by which anomalies
-- are judged and alerts are made stands here; `enabled` is 1 or 0.
with defaults as (
  select 'anomaly' as rule, 'threshold' as setting, 2.0 as value
  union all select 'spend_anomaly', 'enabled', 1
  union all select 'spend_anomaly', 'threshold', 3.5
  union all select 'ctr_drop', 'enabled', 1
  union all select 'ctr_drop', 'threshold', 3.5
  union all select 'roas_below_target', 'enabled', 1
  union all select 'roas_below_target', 'target', 1
  union all select 'roas_below_target', 'clicks', 200
  union all select 'high_frequency', 'enabled', 1
  union all select 'high_frequency', 'frequency', 3
  union all select 'budget_depleted', 'enabled', 1
  union all select 'budget_depleted', 'share_left', 0.05
  union all select 'pacing_over', 'enabled', 1
  union all select 'pacing_over', 'share_of_budget', 1.1
  union all select 'pacing_under', 'enabled', 1
  union all select 'pacing_under', 'share_of_budget', 0.6
  union all select 'delivery_stopped', 'enabled', 1
  union all select 'delivery_stopped', 'days', 1
  union all select 'purchases_missing', 'enabled', 1
  union all select 'purchases_missing', 'expected', 10
  union all select 'data_late', 'enabled', 1
  union all select 'data_late', 'days', 2
  union all select 'token_expiring', 'enabled', 1
  union all select 'schema_drift', 'enabled', 1
),

chosen as (
  select
    cast(rule as varchar) as rule,
    cast(setting as varchar) as setting,
    cast(subject as varchar) as subject,
    cast(value as double) as value
  from staging.alert_settings
),

final as (
  select
    defaults.rule as rule,
    defaults.setting as setting,
    '' as subject,
    coalesce(chosen.value, cast(defaults.value as double)) as value
  from defaults
  left join chosen
    on chosen.rule = defaults.rule and chosen.setting = defaults.setting and chosen.subject = ''
  union all
  select rule, setting, subject, value
  from chosen
  where subject <> '' and setting in ('enabled', 'target')
)

select * from final
