-- Grain: one row per ad account, level (account, campaign, ad_set), object and kind of budget: spend against it.
--   daily      the last 7 complete days, or as many as it has run: Meta may spend 175 % of a daily budget on a
--              day, but no more than 7 times it in a week
--   lifetime   from its start to its end, spread evenly
--   month      the calendar month of the newest complete day, spread evenly, against the owner's target; also
--              without one, for the projection
-- Ad sets have no row of the month. Campaigns and ad sets that are neither running nor spent anything within 28
-- days have none at all.
-- projected = spend + rest, rest = days left × m, m the mean of the last 14 days (fewer when it is younger);
-- its 80 % interval: ± t √(days left × v + days left² × v / 14), v the variance of the last 28 days, t Student's
-- value (1.2816 + 0.8466 / (days - 1)). Nothing is projected for what does not run, and no more than the
-- daily budget times the days left where there is one. An interval needs 7 days.
-- Status, the first that holds: unknown (a figure is), ended, paused, no target, depleted (all is spent), no spend
-- (within 7 days), over (daily: spend over 105 % of what was due; else the projection is over 105 %), under (daily:
-- under 80 %; else under 90 %), no end (so nothing is due), on track.
with rules as (
  select
    1.05 as over_share,
    0.8 as under_share_daily,
    0.9 as under_share,
    7 as least_days
),

objects as (
  select
    objects.*,
    totals.first_date as first_date,
    totals.first_day as first_day,
    coalesce(totals.days_28d, 0) as days_28d,
    coalesce(totals.days_beyond, 0) as days_beyond,
    case when totals.account_id is null then 0 else totals.spend_7d end as spend_7d,
    case when totals.account_id is null then 0 else totals.spend_month end as spend_month,
    case when totals.account_id is null then 0 else totals.spend_life end as spend_life,
    case when totals.account_id is null then 0 else totals.daily_mean end as daily_mean,
    totals.daily_variance as daily_variance,
    totals.days_14d as days_14d,
    totals.spend_28d as spend_28d
  from intermediate.budget_objects as objects
  left join intermediate.budget_spend as totals
    on totals.account_id = objects.account_id
    and totals.level = objects.level
    and totals.object_id = objects.object_id
  where
    objects.is_running
    or totals.spend_28d > 0
    or (totals.account_id is not null and totals.spend_28d is null)
),

-- The lake may begin after a campaign did: then what it spent before is what Meta says is gone.
budgets as (
  select
    objects.*,
    'daily' as kind,
    daily_budget as budget,
    as_of - cast(least(7, greatest(days_28d, 1)) - 1 as integer) as since,
    as_of as until,
    spend_7d as spend
  from objects
  where daily_budget is not null
  union all
  select
    objects.*,
    'lifetime',
    lifetime_budget,
    coalesce(start_day, first_day, as_of),
    stop_day,
    case
      when first_date <= start_day or budget_remaining is null then spend_life
      else lifetime_budget - budget_remaining
    end
  from objects
  where lifetime_budget is not null
  union all
  select objects.*, 'month', month_budget, month_start, month_end, spend_month
  from objects
  where level <> 'ad_set'
),

spread as (
  select
    budgets.*,
    greatest(0, least(as_of, coalesce(until, as_of)) - since + 1) as days_elapsed,
    case
      when kind = 'daily' then 0
      when until is null then null
      else greatest(0, least(until, coalesce(stop_day, until)) - as_of)
    end as days_left,
    case when until is not null then until - since + 1 end as days_in_all
  from budgets
),

expected as (
  select
    spread.*,
    case
      when kind = 'daily' then cast(budget as double) * days_elapsed
      when days_in_all > 0 then cast(budget as double) * least(1, cast(days_elapsed as double) / days_in_all)
    end as due,
    case
      when kind = 'daily' or spend is null or days_left is null then null
      when not is_running then 0
      when daily_budget is not null then least(daily_mean, cast(daily_budget as double)) * days_left
      else daily_mean * days_left
    end as rest,
    case
      when days_28d >= rules.least_days and is_running
        then (1.2815515655 + 0.8466 / (days_28d - 1))
          * sqrt(daily_variance * (days_left + cast(days_left as double) * days_left / days_14d))
      when not is_running then 0
    end as margin
  from spread
  cross join rules
),

projected as (
  select
    expected.*,
    cast(spend as double) + rest as projected,
    case when margin is not null and rest is not null then cast(spend as double) + greatest(0, rest - margin) end
      as projected_low,
    case
      when margin is null or rest is null then null
      when daily_budget is not null
        then cast(spend as double) + least(rest + margin, cast(daily_budget as double) * days_left)
      else cast(spend as double) + rest + margin
    end as projected_high,
    case kind when 'daily' then due else cast(budget as double) end as measure
  from expected
),

measured as (
  select
    projected.*,
    case kind when 'daily' then cast(spend as double) else projected end as outcome,
    case
      when kind <> 'daily' and is_running and daily_mean > 0 and budget is not null and spend is not null
        then greatest(0, cast(budget as double) - cast(spend as double)) / daily_mean
    end as days_until_depleted
  from projected
),

judged as (
  select
    measured.*,
    case
      when spend is null then 'unknown'
      when stop_day < as_of then 'ended'
      when not is_running then 'paused'
      when budget is null then 'no target'
      when kind <> 'daily' and spend >= budget then 'depleted'
      when spend_7d = 0 then 'no spend'
      when outcome > rules.over_share * measure then 'over'
      when kind = 'daily' and outcome < rules.under_share_daily * measure then 'under'
      when kind <> 'daily' and outcome < rules.under_share * measure then 'under'
      when outcome is null then 'no end'
      else 'on track'
    end as status
  from measured
  cross join rules
),

final as (
  select
    account_id,
    level,
    object_id,
    object_name,
    campaign_id,
    kind,
    currency,
    as_of,
    since,
    until,
    days_elapsed,
    days_left,
    is_running,
    budget,
    budget_remaining,
    spend,
    round(due, 6) as spend_due,
    round(cast(spend as double) / nullif(due, 0), 10) as pacing,
    round(daily_mean, 6) as spend_per_day,
    round(projected, 6) as projected,
    round(projected_low, 6) as projected_low,
    round(projected_high, 6) as projected_high,
    case when outcome is not null and measure is not null then round(greatest(0, outcome - measure), 6) end
      as overspend,
    case when outcome is not null and measure is not null then round(greatest(0, measure - outcome), 6) end
      as underspend,
    round(days_until_depleted, 4) as days_until_depleted,
    case
      when days_until_depleted <= 3650 then as_of + cast(ceil(days_until_depleted) as integer)
    end as depleted_on,
    case when daily_budget is not null and kind = 'daily' then days_beyond end as days_beyond_daily_limit,
    status,
    case
      when spend is null then 'The spend of one of its days is unknown.'
      else 'Spent ' || cast(cast(spend as decimal(38, 2)) as varchar)
        || case
          when budget is null then ''
          when kind = 'daily' then ' of ' || cast(cast(due as decimal(38, 2)) as varchar)
          else ' of ' || cast(budget as varchar)
        end
        || ' ' || coalesce(currency, '') || ' in ' || cast(days_elapsed as varchar)
        || case when days_in_all is null or kind = 'daily' then '' else ' of ' || cast(days_in_all as varchar) end
        || case when days_elapsed = 1 and (days_in_all is null or kind = 'daily') then ' day' else ' days' end
        || case
          when not is_running or rest is null or days_left = 0 or daily_mean is null or projected is null or until is null
            then ''
          else '; at ' || cast(cast(daily_mean as decimal(38, 2)) as varchar) || ' a day it will be '
            || cast(cast(projected as decimal(38, 2)) as varchar)
            || case
              when projected_low is null then ''
              else ' (' || cast(cast(projected_low as decimal(38, 2)) as varchar) || ' to '
                || cast(cast(projected_high as decimal(38, 2)) as varchar) || ')'
            end
            || ' by ' || cast(until as varchar)
        end
        || '.'
    end as evidence
  from judged
)

select * from final
