-- Grain: one row per ad account, day and campaign with a daily budget of its own. A day may cost 1.75 times
-- the budget (Meta evens it out over the week). Only days after the campaign was last changed are judged:
-- before that the budget may have been another.
with final as (
  select
    days.account_id as account_id,
    cast(days.date as varchar) || ', campaign ' || days.campaign_id as place,
    'at most ' || cast(campaigns.daily_budget * 1.75 as varchar) as expected,
    cast(days.spend as varchar) as found,
    days.spend <= campaigns.daily_budget * 1.75 as is_ok,
    1 as rows
  from curated.campaign_day as days
  inner join curated.campaigns as campaigns
    on campaigns.account_id = days.account_id
    and campaigns.campaign_id = days.campaign_id
  where campaigns.daily_budget > 0
    and days.spend is not null
    and days.date > cast(campaigns.updated_time as date) + 1
)

select * from final
