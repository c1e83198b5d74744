-- Grain: one row per ad account, day, level (campaign, ad_set, ad) and metric, where the account's own figure
-- was asked for: that figure against the sum over the objects of the level, and how far they may be apart.
with figures as (
  select * from intermediate.level_figures
),

accounts as (
  select account_id, date, metric, currency, first_pulled_on as pulled_on, value
  from figures
  where level = 'account'
),

levels as (
  select
    account_id,
    date,
    level,
    metric,
    min(first_pulled_on) as first_pulled_on,
    max(last_pulled_on) as last_pulled_on,
    sum(objects) as objects,
    case when count(value) = count(*) then sum(value) end as value
  from figures
  where level <> 'account'
  group by account_id, date, level, metric
),

-- Objects that were deleted stay in the figures of what was above them. Where a campaign has a figure and
-- none of its ad sets (or ads) has a row, that figure is what the lower level lacks.
below as (
  select distinct account_id, date, level, metric, campaign_id
  from figures
  where level in ('ad_set', 'ad')
),

lower_levels as (
  select 'ad_set' as level
  union all
  select 'ad' as level
),

unlisted as (
  select
    figures.account_id as account_id,
    figures.date as date,
    lower_levels.level as level,
    figures.metric as metric,
    sum(abs(figures.value)) as value
  from figures
  cross join lower_levels
  left join below
    on below.account_id = figures.account_id
    and below.date = figures.date
    and below.level = lower_levels.level
    and below.metric = figures.metric
    and below.campaign_id = figures.campaign_id
  where figures.level = 'campaign' and below.campaign_id is null
  group by figures.account_id, figures.date, lower_levels.level, figures.metric
),

all_levels as (
  select 'campaign' as level
  union all
  select level from lower_levels
),

-- Money comes rounded to the smallest unit of the currency, so each figure is off by half of it at most.
-- What was delivered hardly changes once a day is a week old (a credit for invalid clicks, at most), so of
-- such a day it is judged also where the levels were asked for on different days, within 1 %.
compared as (
  select
    accounts.account_id as account_id,
    accounts.date as date,
    all_levels.level as level,
    accounts.metric as metric,
    accounts.currency as currency,
    accounts.value as account_value,
    levels.value as level_value,
    accounts.value - levels.value as difference,
    levels.objects as objects,
    case
      when accounts.metric not in ('spend', 'purchase_value') then cast(0 as decimal(38, 6))
      when accounts.currency in (
        'CLP', 'COP', 'CRC', 'HUF', 'IDR', 'ISK', 'JPY', 'KRW', 'PYG', 'TWD', 'VND'
      ) then cast((levels.objects + 1) * 0.5 as decimal(38, 6))
      else cast((levels.objects + 1) * 0.005 as decimal(38, 6))
    end as rounding,
    coalesce(unlisted.value, 0) as unlisted,
    (accounts.pulled_on <> levels.first_pulled_on or accounts.pulled_on <> levels.last_pulled_on)
      and (accounts.pulled_on < accounts.date + 28 or levels.first_pulled_on < accounts.date + 28)
      as is_in_motion,
    case
      when accounts.metric not in ('spend', 'impressions', 'clicks') then null
      when accounts.pulled_on < accounts.date + 7 or levels.first_pulled_on < accounts.date + 7 then null
      else cast(
        cast(abs(accounts.value) as decimal(30, 6)) * cast(0.01 as decimal(3, 2)) as decimal(38, 6)
      )
    end as motion
  from accounts
  cross join all_levels
  left join levels
    on levels.account_id = accounts.account_id
    and levels.date = accounts.date
    and levels.level = all_levels.level
    and levels.metric = accounts.metric
  left join unlisted
    on unlisted.account_id = accounts.account_id
    and unlisted.date = accounts.date
    and unlisted.level = all_levels.level
    and unlisted.metric = accounts.metric
),

final as (
  select
    account_id,
    date,
    level,
    metric,
    currency,
    account_value,
    level_value,
    difference,
    case
      when difference is null then null
      when difference = 0 or not is_in_motion then rounding + unlisted
      else rounding + unlisted + motion
    end as allowed_difference,
    case
      when difference is null then null
      when difference = 0 then true
      when is_in_motion then abs(difference) <= rounding + unlisted + motion
      else abs(difference) <= rounding + unlisted
    end as is_within,
    case
      when objects is null then 'no rows at this level'
      when difference is null then 'unknown at one of the levels'
      when difference = 0 then null
      when is_in_motion and motion is null then 'asked on different days, and not settled'
      when abs(difference) <= rounding then 'rounding'
      when abs(difference) <= rounding + unlisted then 'objects that the level no longer lists'
      when is_in_motion and abs(difference) <= rounding + unlisted + motion
        then 'asked on different days, and not settled'
      else 'not explained'
    end as reason
  from compared
)

select * from final
