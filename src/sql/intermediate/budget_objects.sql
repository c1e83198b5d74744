-- Grain: one row per ad account, level (account, campaign, ad_set) and object that can have a budget: its
-- budgets, and its life in the account's own days. Meta keeps a budget at the campaign or at its ad sets, never
-- at both; ad sets without one are left out. The owner's target for a month is the preference `month_budget`,
-- by the id of an account or campaign, with `:YYYY-MM` after it for one month alone.
with ends as (
  select
    days.account_id as account_id,
    days.last_complete_day as as_of,
    cast(date_trunc('month', days.last_complete_day) as date) as month_start,
    cast(date_trunc('month', days.last_complete_day) + interval '1 month' - interval '1 day' as date)
      as month_end,
    accounts.account_name as account_name,
    accounts.currency as currency,
    accounts.timezone as timezone
  from intermediate.account_days as days
  inner join intermediate.accounts as accounts on accounts.account_id = days.account_id
  where days.last_complete_day is not null
),

targets as (
  select cast(subject as varchar) as subject, cast(value as decimal(18, 2)) as month_budget
  from staging.preferences
  where cast(name as varchar) = 'month_budget'
),

campaigns as (
  select
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(campaign_name as varchar) as campaign_name,
    cast(effective_status as varchar) as effective_status,
    cast(daily_budget as decimal(18, 2)) as daily_budget,
    cast(lifetime_budget as decimal(18, 2)) as lifetime_budget,
    cast(budget_remaining as decimal(18, 2)) as budget_remaining,
    cast(start_time as timestamp with time zone) as start_time,
    cast(stop_time as timestamp with time zone) as stop_time
  from staging.campaigns
),

ad_sets as (
  select
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(ad_set_name as varchar) as ad_set_name,
    cast(effective_status as varchar) as effective_status,
    cast(daily_budget as decimal(18, 2)) as daily_budget,
    cast(lifetime_budget as decimal(18, 2)) as lifetime_budget,
    cast(budget_remaining as decimal(18, 2)) as budget_remaining,
    cast(start_time as timestamp with time zone) as start_time,
    cast(end_time as timestamp with time zone) as stop_time
  from staging.ad_sets
  where daily_budget is not null or lifetime_budget is not null
),

objects as (
  select
    account_id,
    'account' as level,
    account_id as object_id,
    account_name as object_name,
    cast(null as varchar) as campaign_id,
    true as is_running,
    cast(null as decimal(18, 2)) as daily_budget,
    cast(null as decimal(18, 2)) as lifetime_budget,
    cast(null as decimal(18, 2)) as budget_remaining,
    cast(null as timestamp with time zone) as start_time,
    cast(null as timestamp with time zone) as stop_time
  from ends
  union all
  select
    account_id,
    'campaign',
    campaign_id,
    campaign_name,
    campaign_id,
    coalesce(effective_status = 'ACTIVE', false),
    daily_budget,
    lifetime_budget,
    budget_remaining,
    start_time,
    stop_time
  from campaigns
  union all
  select
    account_id,
    'ad_set',
    ad_set_id,
    ad_set_name,
    campaign_id,
    coalesce(effective_status = 'ACTIVE', false),
    daily_budget,
    lifetime_budget,
    budget_remaining,
    start_time,
    stop_time
  from ad_sets
),

final as (
  select
    objects.account_id as account_id,
    objects.level as level,
    objects.object_id as object_id,
    objects.object_name as object_name,
    objects.campaign_id as campaign_id,
    ends.currency as currency,
    ends.as_of as as_of,
    ends.month_start as month_start,
    ends.month_end as month_end,
    objects.daily_budget as daily_budget,
    objects.lifetime_budget as lifetime_budget,
    objects.budget_remaining as budget_remaining,
    case when objects.level <> 'ad_set' then coalesce(own.month_budget, every.month_budget) end
      as month_budget,
    cast(objects.start_time at time zone ends.timezone as date) as start_day,
    -- An end at midnight leaves that day out.
    cast((objects.stop_time - interval '1 second') at time zone ends.timezone as date) as stop_day,
    objects.is_running as is_running
  from objects
  inner join ends on ends.account_id = objects.account_id
  left join targets as every on every.subject = objects.object_id
  left join targets as own
    on own.subject = objects.object_id || ':' || substr(cast(ends.month_start as varchar), 1, 7)
)

select * from final
