-- Grain: one row per campaign, as last seen.
with campaigns as (
  select
    cast(account_id as varchar) as account_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(campaign_name as varchar) as campaign_name,
    cast(objective as varchar) as objective,
    cast(status as varchar) as status,
    cast(effective_status as varchar) as effective_status,
    cast(buying_type as varchar) as buying_type,
    cast(bid_strategy as varchar) as bid_strategy,
    cast(daily_budget as decimal(18, 6)) as daily_budget,
    cast(lifetime_budget as decimal(18, 6)) as lifetime_budget,
    cast(budget_remaining as decimal(18, 6)) as budget_remaining,
    cast(spend_cap as decimal(18, 6)) as spend_cap,
    nullif(cast(currency as varchar), '') as currency,
    cast(special_ad_categories as varchar) as special_ad_categories,
    cast(start_time as timestamp with time zone) as start_time,
    cast(stop_time as timestamp with time zone) as stop_time,
    cast(created_time as timestamp with time zone) as created_time,
    cast(updated_time as timestamp with time zone) as updated_time,
    cast(pulled_on as date) as pulled_on
  from staging.campaigns
),

delivery as (
  select account_id, campaign_id, min(date) as first_day, max(date) as last_day
  from curated.campaign_day
  where impressions > 0 or spend > 0
  group by account_id, campaign_id
),

final as (
  select
    campaigns.account_id as account_id,
    campaigns.campaign_id as campaign_id,
    campaigns.campaign_name as campaign_name,
    campaigns.objective as objective,
    campaigns.status as status,
    campaigns.effective_status as effective_status,
    campaigns.buying_type as buying_type,
    campaigns.bid_strategy as bid_strategy,
    campaigns.daily_budget as daily_budget,
    campaigns.lifetime_budget as lifetime_budget,
    campaigns.budget_remaining as budget_remaining,
    campaigns.spend_cap as spend_cap,
    coalesce(campaigns.currency, accounts.currency) as currency,
    campaigns.special_ad_categories as special_ad_categories,
    campaigns.start_time as start_time,
    campaigns.stop_time as stop_time,
    campaigns.created_time as created_time,
    campaigns.updated_time as updated_time,
    delivery.first_day as first_day,
    delivery.last_day as last_day,
    campaigns.pulled_on as pulled_on
  from campaigns
  left join intermediate.accounts as accounts on accounts.account_id = campaigns.account_id
  left join delivery
    on delivery.account_id = campaigns.account_id
    and delivery.campaign_id = campaigns.campaign_id
)

select * from final
