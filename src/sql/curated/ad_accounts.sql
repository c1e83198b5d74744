-- Grain: one row per ad account: what the lake holds of it, in all and for its last 28 complete days.
-- A figure that is unknown on one of the days makes the sum unknown: a sum is never a part of it.
with accounts as (
  select account_id, account_name, currency, timezone
  from intermediate.accounts
),

days as (
  select
    campaign_day.account_id as account_id,
    campaign_day.date as date,
    campaign_day.is_settled as is_settled,
    campaign_day.spend as spend,
    campaign_day.spend_usd as spend_usd,
    case when campaign_day.spend_usd is null then campaign_day.fx_note end as fx_note,
    campaign_day.impressions as impressions,
    campaign_day.clicks as clicks,
    campaign_day.conversions as conversions,
    campaign_day.purchase_value as purchase_value,
    account_days.last_complete_day as last_complete_day
  from curated.campaign_day as campaign_day
  inner join intermediate.account_days as account_days
    on account_days.account_id = campaign_day.account_id
),

totals as (
  select
    account_id,
    min(date) as first_day,
    max(date) as last_day,
    min(case when not is_settled then date end) as first_unsettled_day,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    min(fx_note) as fx_note,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value
  from days
  group by account_id
),

recent as (
  select
    account_id,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    min(fx_note) as fx_note,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value
  from days
  where date >= last_complete_day - 27 and date <= last_complete_day
  group by account_id
),

final as (
  select
    accounts.account_id as account_id,
    accounts.account_name as account_name,
    accounts.currency as currency,
    accounts.timezone as timezone,
    totals.first_day as first_day,
    account_days.last_complete_day as last_complete_day,
    case
      when totals.account_id is null or account_days.last_asked_on - 28 < totals.first_day then null
      when totals.first_unsettled_day <= totals.first_day then null
      else least(
        coalesce(totals.first_unsettled_day - 1, totals.last_day),
        coalesce(account_days.last_asked_on - 28, totals.last_day)
      )
    end as settled_until,
    case when totals.account_id is null then 0 else totals.spend end as spend,
    case when totals.account_id is null then 0 else totals.spend_usd end as spend_usd,
    totals.fx_note as fx_note,
    case when totals.account_id is null then 0 else totals.impressions end as impressions,
    case when totals.account_id is null then 0 else totals.clicks end as clicks,
    case when totals.account_id is null then 0 else totals.conversions end as conversions,
    case when totals.account_id is null then 0 else totals.purchase_value end as purchase_value,
    round(cast(totals.purchase_value as double) / cast(nullif(totals.spend, 0) as double), 10) as roas,
    case when recent.account_id is null then 0 else recent.spend end as spend_28d,
    case when recent.account_id is null then 0 else recent.spend_usd end as spend_usd_28d,
    recent.fx_note as fx_note_28d,
    case when recent.account_id is null then 0 else recent.conversions end as conversions_28d,
    case when recent.account_id is null then 0 else recent.purchase_value end
      as purchase_value_28d,
    round(cast(recent.purchase_value as double) / cast(nullif(recent.spend, 0) as double), 10) as roas_28d
  from accounts
  left join intermediate.account_days as account_days
    on account_days.account_id = accounts.account_id
  left join totals on totals.account_id = accounts.account_id
  left join recent on recent.account_id = accounts.account_id
)

select * from final
