-- Grain: one row per rule about budgets, campaign with a budget of its own, and complete day on which the rule
-- holds: the lifetime budget nearly gone, money spent faster or slower than the budget says.
-- Budgets are known as last seen. What was left of a lifetime budget in the evening of a day is what was left
-- when the campaign was last seen, plus all spent since. A daily budget is held against seven days after
-- the campaign was last changed, because Meta may spend more on one day and evens it out over a week.
with limits as (
  select
    max(case when rule = 'budget_depleted' then value end) as share_left,
    max(case when rule = 'pacing_over' then value end) as over_share,
    max(case when rule = 'pacing_under' then value end) as under_share
  from intermediate.alert_setting
  where subject = '' and setting <> 'enabled'
),

budgets as (
  select
    campaigns.account_id as account_id,
    campaigns.campaign_id as campaign_id,
    campaigns.currency as currency,
    campaigns.effective_status = 'ACTIVE' as is_active,
    cast(nullif(campaigns.daily_budget, 0) as double) as daily_budget,
    cast(nullif(campaigns.lifetime_budget, 0) as double) as lifetime_budget,
    cast(campaigns.budget_remaining as double) as budget_remaining,
    cast(campaigns.updated_time at time zone accounts.timezone as date) as updated_on,
    cast(campaigns.start_time at time zone accounts.timezone as date) as starts_on,
    cast(campaigns.stop_time at time zone accounts.timezone as date) as stops_on,
    campaigns.pulled_on as pulled_on
  from curated.campaigns as campaigns
  inner join intermediate.accounts as accounts on accounts.account_id = campaigns.account_id
  where campaigns.daily_budget > 0 or campaigns.lifetime_budget > 0
),

days as (
  select
    budgets.*,
    subject_day.date as date,
    sum(subject_day.spend) over week as spend_7d,
    count(case when subject_day.impressions > 0 then 1 end) over week as days_7d,
    coalesce(sum(subject_day.spend) over later, 0) as spend_later
  from budgets
  inner join intermediate.subject_day as subject_day
    on subject_day.account_id = budgets.account_id
    and subject_day.subject_id = budgets.campaign_id
    and subject_day.level = 'campaign'
    and subject_day.date <= budgets.pulled_on
  window
    week as (
      partition by subject_day.account_id, subject_day.subject_id
      order by subject_day.date
      range between interval 6 days preceding and current row
    ),
    later as (
      partition by subject_day.account_id, subject_day.subject_id
      order by subject_day.date
      range between interval 1 day following and unbounded following
    )
),

paced as (
  select
    days.*,
    (budget_remaining + spend_later) / lifetime_budget as share_left,
    1 - (budget_remaining + spend_later) / lifetime_budget as share_spent,
    cast(date - starts_on + 1 as double) / nullif(stops_on - starts_on, 0) as share_elapsed,
    case when updated_on <= date - 6 and days_7d = 7 then spend_7d / (7 * daily_budget) end
      as share_of_week
  from days
),

depleted as (
  select
    'budget_depleted' as rule,
    paced.account_id as account_id,
    'campaign' as level,
    paced.campaign_id as subject_id,
    paced.date as day,
    case when paced.share_left <= 0 then 3 else 2 end as rank,
    round(paced.share_left, 10) as value,
    limits.share_left as expected,
    cast(cast(greatest(paced.share_left, 0) * 100 as decimal(18, 1)) as varchar) || ' % is left of the lifetime budget of '
    || cast(cast(paced.lifetime_budget as decimal(18, 2)) as varchar) || coalesce(' ' || paced.currency, '')
    || case when paced.stops_on is null then '' else ', which was to last until ' || cast(paced.stops_on as varchar) end
    || '.' as evidence
  from paced
  cross join limits
  where
    paced.is_active
    and paced.share_left <= limits.share_left
    and (paced.stops_on is null or paced.date < paced.stops_on - 1)
),

rated as (
  select
    account_id,
    campaign_id,
    date,
    share_of_week as pace,
    'In the 7 days that end here it spent ' || cast(cast(spend_7d as decimal(18, 2)) as varchar)
    || coalesce(' ' || currency, '') || ', 7 daily budgets are '
    || cast(cast(7 * daily_budget as decimal(18, 2)) as varchar) || '.' as evidence
  from paced
  where is_active and share_of_week is not null
  union all
  select
    account_id,
    campaign_id,
    date,
    share_spent / share_elapsed,
    cast(cast(share_spent * 100 as decimal(18, 0)) as varchar) || ' % of the lifetime budget of '
    || cast(cast(lifetime_budget as decimal(18, 2)) as varchar) || coalesce(' ' || currency, '')
    || ' is spent after ' || cast(cast(share_elapsed * 100 as decimal(18, 0)) as varchar)
    || ' % of the time, which ends on ' || cast(stops_on as varchar) || '.'
  from paced
  where is_active and share_elapsed >= 0.25 and share_elapsed <= 1 and share_spent is not null
),

final as (
  select * from depleted
  union all
  select
    case when rated.pace >= limits.over_share then 'pacing_over' else 'pacing_under' end,
    rated.account_id,
    'campaign',
    rated.campaign_id,
    rated.date,
    2,
    round(rated.pace, 10),
    case when rated.pace >= limits.over_share then limits.over_share else limits.under_share end,
    rated.evidence
  from rated
  cross join limits
  where rated.pace >= limits.over_share or rated.pace <= limits.under_share
)

select * from final
