-- Grain: one row per ad set, as last seen.
with ad_sets as (
  select
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(ad_set_id as varchar) as ad_set_id,
    cast(ad_set_name as varchar) as ad_set_name,
    cast(status as varchar) as status,
    cast(effective_status as varchar) as effective_status,
    cast(optimization_goal as varchar) as optimization_goal,
    cast(billing_event as varchar) as billing_event,
    cast(bid_strategy as varchar) as bid_strategy,
    cast(destination_type as varchar) as destination_type,
    cast(bid_amount as decimal(18, 6)) as bid_amount,
    cast(daily_budget as decimal(18, 6)) as daily_budget,
    cast(lifetime_budget as decimal(18, 6)) as lifetime_budget,
    cast(budget_remaining as decimal(18, 6)) as budget_remaining,
    nullif(cast(currency as varchar), '') as currency,
    cast(attribution_spec as varchar) as attribution_spec,
    cast(promoted_object as varchar) as promoted_object,
    cast(targeting as varchar) as targeting,
    cast(start_time as timestamp with time zone) as start_time,
    cast(end_time as timestamp with time zone) as end_time,
    cast(created_time as timestamp with time zone) as created_time,
    cast(updated_time as timestamp with time zone) as updated_time,
    cast(pulled_on as date) as pulled_on
  from staging.ad_sets
),

final as (
  select
    ad_sets.account_id as account_id,
    ad_sets.campaign_id as campaign_id,
    campaign_names.campaign_name as campaign_name,
    ad_sets.ad_set_id as ad_set_id,
    ad_sets.ad_set_name as ad_set_name,
    ad_sets.status as status,
    ad_sets.effective_status as effective_status,
    ad_sets.optimization_goal as optimization_goal,
    ad_sets.billing_event as billing_event,
    ad_sets.bid_strategy as bid_strategy,
    ad_sets.destination_type as destination_type,
    ad_sets.bid_amount as bid_amount,
    ad_sets.daily_budget as daily_budget,
    ad_sets.lifetime_budget as lifetime_budget,
    ad_sets.budget_remaining as budget_remaining,
    coalesce(ad_sets.currency, accounts.currency) as currency,
    ad_sets.attribution_spec as attribution_spec,
    ad_sets.promoted_object as promoted_object,
    ad_sets.targeting as targeting,
    ad_sets.start_time as start_time,
    ad_sets.end_time as end_time,
    ad_sets.created_time as created_time,
    ad_sets.updated_time as updated_time,
    ad_sets.pulled_on as pulled_on
  from ad_sets
  left join intermediate.accounts as accounts on accounts.account_id = ad_sets.account_id
  left join intermediate.campaign_names as campaign_names
    on campaign_names.account_id = ad_sets.account_id
    and campaign_names.campaign_id = ad_sets.campaign_id
)

select * from final
