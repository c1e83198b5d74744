-- Grain: one row per ad account, campaign and period in which the campaign has a row: the last 7, 14, 28
-- and 90 complete days, each calendar month, and all days (lifetime). Sums are sums of campaign_day.
with totals as (
  select * from intermediate.campaign_period
),

accounts as (
  select
    account_id,
    period,
    since,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value
  from totals
  group by account_id, period, since
),

final as (
  select
    totals.account_id as account_id,
    known.account_name as account_name,
    totals.campaign_id as campaign_id,
    names.campaign_name as campaign_name,
    totals.period as period,
    totals.since as since,
    totals.until as until,
    totals.currency as currency,
    totals.objective as objective,
    totals.days as days,
    totals.is_settled as is_settled,
    round(advice.share_unsettled, 10) as share_unsettled,
    totals.spend as spend,
    totals.spend_usd as spend_usd,
    totals.impressions as impressions,
    totals.clicks as clicks,
    totals.link_clicks as link_clicks,
    totals.conversions as conversions,
    totals.purchase_value as purchase_value,
    round(cast(totals.purchase_value as double) / cast(nullif(totals.spend, 0) as double), 10) as roas,
    round(advice.roas_matured, 10) as roas_matured,
    round(cast(totals.value_1d_click as double) / cast(nullif(totals.spend, 0) as double), 10)
      as roas_1d_click,
    round(cast(totals.value_7d_click as double) / cast(nullif(totals.spend, 0) as double), 10)
      as roas_7d_click,
    round(cast(totals.value_28d_click as double) / cast(nullif(totals.spend, 0) as double), 10)
      as roas_28d_click,
    round(cast(totals.value_1d_view as double) / cast(nullif(totals.spend, 0) as double), 10)
      as roas_1d_view,
    round(cast(totals.value_1d_ev as double) / cast(nullif(totals.spend, 0) as double), 10)
      as roas_1d_ev,
    round(
      cast(totals.value_7d_click + totals.value_1d_view as double)
      / cast(nullif(totals.spend, 0) as double),
      10
    ) as roas_7d_click_1d_view,
    round(cast(totals.spend as double) / cast(nullif(totals.conversions, 0) as double), 10) as cpa,
    round(cast(totals.spend as double) / nullif(totals.clicks, 0), 10) as cpc,
    round(cast(totals.spend as double) * 1000 / nullif(totals.impressions, 0), 10) as cpm,
    round(cast(totals.clicks as double) / nullif(totals.impressions, 0), 10) as ctr,
    round(cast(totals.conversions as double) / nullif(totals.link_clicks, 0), 10) as cvr,
    round(
      cast(totals.purchase_value as double) / cast(nullif(totals.conversions, 0) as double), 10
    ) as aov,
    round(cast(totals.spend as double) / nullif(totals.link_clicks, 0), 10) as cost_per_link_click,
    round(cast(totals.spend as double) / nullif(totals.landing_page_views, 0), 10)
      as cost_per_landing_page_view,
    round(cast(totals.spend as double) / cast(nullif(totals.view_content, 0) as double), 10)
      as cost_per_view_content,
    round(cast(totals.spend as double) / cast(nullif(totals.add_to_cart, 0) as double), 10)
      as cost_per_add_to_cart,
    round(cast(totals.spend as double) / cast(nullif(totals.initiate_checkout, 0) as double), 10)
      as cost_per_initiate_checkout,
    round(cast(totals.spend as double) / cast(nullif(totals.leads, 0) as double), 10)
      as cost_per_lead,
    round(cast(totals.spend as double) / cast(nullif(totals.complete_registration, 0) as double), 10)
      as cost_per_complete_registration,
    round(marginal.marginal_roas, 10) as marginal_roas,
    round(marginal.elasticity, 10) as spend_elasticity,
    marginal.note as marginal_note,
    round(cast(totals.spend as double) / cast(nullif(accounts.spend, 0) as double), 10)
      as share_of_spend,
    round(
      cast(totals.purchase_value as double) / cast(nullif(accounts.purchase_value, 0) as double), 10
    ) as share_of_value,
    round(
      cast(totals.purchase_value as double) / cast(nullif(totals.spend, 0) as double)
      / nullif(
        cast(accounts.purchase_value as double) / cast(nullif(accounts.spend, 0) as double), 0
      ),
      10
    ) as efficiency,
    sales.offline_conversions as offline_conversions,
    sales.offline_value as offline_value,
    round(
      cast(totals.purchase_value + sales.offline_value as double)
      / cast(nullif(totals.spend, 0) as double),
      10
    ) as roas_with_offline,
    sales.offline_note as offline_note,
    sales.orders as orders,
    sales.order_revenue as order_revenue,
    round(cast(sales.order_revenue as double) / cast(nullif(totals.spend, 0) as double), 10)
      as order_roas,
    round(cast(blended.revenue_usd as double) / cast(nullif(blended.spend_usd, 0) as double), 10)
      as blended_roas,
    case when blended.account_id is null then 'no channel has days in the period' else blended.note end
      as blended_note,
    sales.new_customers as new_customers,
    round(cast(totals.spend as double) / nullif(sales.new_customers, 0), 10) as cac,
    round(sales.value_30d, 10) as ltv_30d,
    round(sales.value_90d, 10) as ltv_90d,
    round(sales.value_365d, 10) as ltv_365d,
    round(
      coalesce(sales.value_365d, sales.value_90d, sales.value_30d)
      / (cast(nullif(totals.spend, 0) as double) / nullif(sales.new_customers, 0)),
      10
    ) as ltv_to_cac,
    case
      when nullif(totals.spend, 0) is null or nullif(sales.new_customers, 0) is null then null
      when sales.value_365d is not null then 365
      when sales.value_90d is not null then 90
      when sales.value_30d is not null then 30
    end as ltv_to_cac_days,
    sales.orders_note as orders_note,
    advice.recommendation as recommendation,
    advice.evidence as evidence
  from totals
  inner join accounts
    on accounts.account_id = totals.account_id
    and accounts.period = totals.period
    and accounts.since = totals.since
  inner join intermediate.campaign_marginal as marginal
    on marginal.account_id = totals.account_id
    and marginal.campaign_id = totals.campaign_id
    and marginal.period = totals.period
    and marginal.since = totals.since
  inner join intermediate.campaign_sales as sales
    on sales.account_id = totals.account_id
    and sales.campaign_id = totals.campaign_id
    and sales.period = totals.period
    and sales.since = totals.since
  inner join intermediate.campaign_recommendation as advice
    on advice.account_id = totals.account_id
    and advice.campaign_id = totals.campaign_id
    and advice.period = totals.period
    and advice.since = totals.since
  left join intermediate.blended_period as blended
    on blended.account_id = totals.account_id
    and blended.period = totals.period
    and blended.since = totals.since
  left join intermediate.accounts as known on known.account_id = totals.account_id
  left join intermediate.campaign_names as names
    on names.account_id = totals.account_id
    and names.campaign_id = totals.campaign_id
)

select * from final
