-- Grain: one row per ad account, campaign and period in which the campaign has a row: its sums.
-- A figure that is unknown on one of the days makes the sum unknown: a sum is never a part of it.
with days as (
  select
    campaign_day.account_id as account_id,
    campaign_day.campaign_id as campaign_id,
    campaign_day.date as date,
    campaign_day.currency as currency,
    campaign_day.objective as objective,
    campaign_day.is_settled as is_settled,
    campaign_day.spend as spend,
    campaign_day.spend_usd as spend_usd,
    campaign_day.impressions as impressions,
    campaign_day.clicks as clicks,
    campaign_day.link_clicks as link_clicks,
    campaign_day.landing_page_views as landing_page_views,
    campaign_day.conversions as conversions,
    campaign_day.purchase_value as purchase_value,
    campaign_day.leads as leads,
    campaign_day.add_to_cart as add_to_cart,
    campaign_day.initiate_checkout as initiate_checkout,
    campaign_day.view_content as view_content,
    campaign_day.complete_registration as complete_registration,
    -- No purchase of any kind was sent: then there is none within any window either.
    campaign_day.conversions = 0 and campaign_day.conversions_source is null as has_none,
    campaign_day.purchase_value_1d_click as value_1d_click,
    campaign_day.purchase_value_7d_click as value_7d_click,
    campaign_day.purchase_value_28d_click as value_28d_click,
    campaign_day.purchase_value_1d_view as value_1d_view,
    campaign_day.purchase_value_1d_ev as value_1d_ev,
    matured.spend_matured as spend_matured,
    matured.value_matured as value_matured
  from curated.campaign_day as campaign_day
  inner join intermediate.campaign_day_matured as matured
    on matured.account_id = campaign_day.account_id
    and matured.campaign_id = campaign_day.campaign_id
    and matured.date = campaign_day.date
),

windows as (
  select
    days.*,
    case when has_none then 0 else value_1d_click end as in_1d_click,
    case when has_none then 0 else value_7d_click end as in_7d_click,
    case when has_none then 0 else value_28d_click end as in_28d_click,
    case when has_none then 0 else value_1d_view end as in_1d_view,
    case when has_none then 0 else value_1d_ev end as in_1d_ev
  from days
),

final as (
  select
    windows.account_id as account_id,
    windows.campaign_id as campaign_id,
    periods.period as period,
    periods.since as since,
    periods.until as until,
    max(windows.currency) as currency,
    max(windows.objective) as objective,
    count(case when windows.impressions > 0 or windows.spend > 0 then 1 end) as days,
    min(case when windows.is_settled then 1 else 0 end) = 1 as is_settled,
    case when count(windows.spend) = count(*) then sum(windows.spend) end as spend,
    case
      when count(windows.spend) = count(*)
        then coalesce(sum(case when windows.is_settled then windows.spend end), 0)
    end as spend_settled,
    case when count(windows.spend_usd) = count(*) then sum(windows.spend_usd) end as spend_usd,
    case when count(windows.impressions) = count(*) then sum(windows.impressions) end as impressions,
    case when count(windows.clicks) = count(*) then sum(windows.clicks) end as clicks,
    case when count(windows.link_clicks) = count(*) then sum(windows.link_clicks) end as link_clicks,
    case when count(windows.landing_page_views) = count(*) then sum(windows.landing_page_views) end
      as landing_page_views,
    case when count(windows.conversions) = count(*) then sum(windows.conversions) end as conversions,
    case when count(windows.purchase_value) = count(*) then sum(windows.purchase_value) end
      as purchase_value,
    case when count(windows.leads) = count(*) then sum(windows.leads) end as leads,
    case when count(windows.add_to_cart) = count(*) then sum(windows.add_to_cart) end as add_to_cart,
    case when count(windows.initiate_checkout) = count(*) then sum(windows.initiate_checkout) end
      as initiate_checkout,
    case when count(windows.view_content) = count(*) then sum(windows.view_content) end
      as view_content,
    case when count(windows.complete_registration) = count(*) then sum(windows.complete_registration) end
      as complete_registration,
    case when count(windows.in_1d_click) = count(*) then sum(windows.in_1d_click) end as value_1d_click,
    case when count(windows.in_7d_click) = count(*) then sum(windows.in_7d_click) end as value_7d_click,
    case when count(windows.in_28d_click) = count(*) then sum(windows.in_28d_click) end
      as value_28d_click,
    case when count(windows.in_1d_view) = count(*) then sum(windows.in_1d_view) end as value_1d_view,
    case when count(windows.in_1d_ev) = count(*) then sum(windows.in_1d_ev) end as value_1d_ev,
    case when count(windows.spend_matured) = count(*) then sum(windows.spend_matured) end
      as spend_matured,
    case when count(windows.value_matured) = count(*) then sum(windows.value_matured) end
      as value_matured
  from windows
  inner join intermediate.account_periods as periods
    on periods.account_id = windows.account_id
    and windows.date >= periods.since
    and windows.date <= periods.until
  group by
    windows.account_id, windows.campaign_id, periods.period, periods.since, periods.until
)

select * from final
