-- Grain: one row per ad account, period (a month as YYYY-MM, or 'lifetime' for all that the lake holds),
-- dimension (age_gender, country, region, placement, device, hour, custom_audience) and value.
-- What is compared with the account is compared with the sum over all values of the dimension in the
-- same period, so shares add up to 1 (but for custom_audience, where an ad set with several audiences
-- counts in full for each). Reach does not add up and was not asked for by period: it is not here.
with months as (
  select * from intermediate.audience_months
),

audiences as (
  select
    cast(account_id as varchar) as account_id,
    cast(audience_id as varchar) as audience_id,
    cast(audience_name as varchar) as audience_name
  from staging.custom_audiences
),

lifetime as (
  select
    account_id,
    'lifetime' as period,
    dimension,
    value,
    max(currency) as currency,
    min(first_day) as first_day,
    max(last_day) as last_day,
    sum(days) as days,
    min(is_settled) as is_settled,
    case when count(shared_spend) = count(*) then sum(shared_spend) end as shared_spend,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
    case when count(once_spend) = count(*) then sum(once_spend) end as once_spend,
    case when count(once_impressions) = count(*) then sum(once_impressions) end as once_impressions,
    case when count(once_clicks) = count(*) then sum(once_clicks) end as once_clicks,
    case when count(once_conversions) = count(*) then sum(once_conversions) end as once_conversions,
    case when count(once_purchase_value) = count(*) then sum(once_purchase_value) end as once_purchase_value
  from months
  group by account_id, dimension, value
),

periods as (
  select
    account_id,
    month as period,
    dimension,
    value,
    currency,
    first_day,
    last_day,
    days,
    is_settled,
    shared_spend,
    spend,
    impressions,
    clicks,
    conversions,
    purchase_value,
    once_spend,
    once_impressions,
    once_clicks,
    once_conversions,
    once_purchase_value
  from months
  union all
  select * from lifetime
),

-- The same figures of the account, each unknown when a part of it is.
account_totals as (
  select
    account_id,
    period,
    dimension,
    case when count(once_spend) = count(*) then sum(once_spend) end as spend,
    case when count(once_impressions) = count(*) then sum(once_impressions) end as impressions,
    case when count(once_clicks) = count(*) then sum(once_clicks) end as clicks,
    case when count(once_conversions) = count(*) then sum(once_conversions) end as conversions,
    case when count(once_purchase_value) = count(*) then sum(once_purchase_value) end as purchase_value
  from periods
  group by account_id, period, dimension
),

ratios as (
  select
    periods.*,
    account_totals.spend as account_spend,
    cast(periods.clicks as double) / cast(nullif(periods.impressions, 0) as double) as ctr,
    cast(periods.spend as double) / cast(nullif(periods.clicks, 0) as double) as cpc,
    cast(periods.spend as double) / cast(nullif(periods.conversions, 0) as double) as cpa,
    cast(periods.purchase_value as double) / cast(nullif(periods.spend, 0) as double) as roas,
    cast(account_totals.clicks as double) / cast(nullif(account_totals.impressions, 0) as double) as account_ctr,
    cast(account_totals.spend as double) / cast(nullif(account_totals.clicks, 0) as double) as account_cpc,
    cast(account_totals.spend as double) / cast(nullif(account_totals.conversions, 0) as double) as account_cpa,
    cast(account_totals.purchase_value as double) / cast(nullif(account_totals.spend, 0) as double) as account_roas
  from periods
  inner join account_totals
    on account_totals.account_id = periods.account_id
    and account_totals.period = periods.period
    and account_totals.dimension = periods.dimension
),

final as (
  select
    ratios.account_id as account_id,
    accounts.account_name as account_name,
    ratios.period as period,
    ratios.dimension as dimension,
    ratios.value as value,
    coalesce(audiences.audience_name, ratios.value) as value_name,
    coalesce(ratios.currency, accounts.currency) as currency,
    ratios.first_day as first_day,
    ratios.last_day as last_day,
    ratios.days as days,
    ratios.is_settled = 1 as is_settled,
    ratios.spend as spend,
    ratios.shared_spend as shared_spend,
    ratios.impressions as impressions,
    ratios.clicks as clicks,
    ratios.conversions as conversions,
    ratios.purchase_value as purchase_value,
    case when ratios.dimension in ('region', 'hour') then 'on_meta_only' else 'all' end
      as conversions_told,
    round(ratios.ctr, 10) as ctr,
    round(ratios.cpc, 10) as cpc,
    round(ratios.cpa, 10) as cpa,
    round(ratios.roas, 10) as roas,
    round(cast(ratios.spend as double) / cast(nullif(ratios.account_spend, 0) as double), 10) as spend_share,
    round(100 * ratios.ctr / nullif(ratios.account_ctr, 0), 10) as ctr_index,
    round(100 * ratios.cpc / nullif(ratios.account_cpc, 0), 10) as cpc_index,
    round(100 * ratios.cpa / nullif(ratios.account_cpa, 0), 10) as cpa_index,
    round(100 * ratios.roas / nullif(ratios.account_roas, 0), 10) as roas_index
  from ratios
  left join intermediate.accounts as accounts on accounts.account_id = ratios.account_id
  left join audiences
    on ratios.dimension = 'custom_audience'
    and audiences.account_id = ratios.account_id
    and audiences.audience_id = ratios.value
)

select * from final
