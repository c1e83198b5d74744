-- Grain: one row per ad account, campaign and day (the account's time zone).
-- A sum over 28 days in which a figure is unknown for one of them is unknown, never a part.
with insights as (
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(campaign_id as varchar) as campaign_id,
    nullif(cast(currency as varchar), '') as currency,
    cast(objective as varchar) as objective,
    cast(attribution_setting as varchar) as attribution_setting,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(reach as bigint) as reach,
    cast(frequency as decimal(18, 6)) as frequency,
    cast(clicks as bigint) as clicks,
    cast(link_clicks as bigint) as link_clicks,
    cast(link_clicks_source as varchar) as link_clicks_source,
    cast(outbound_clicks as bigint) as outbound_clicks,
    cast(landing_page_views as bigint) as landing_page_views,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchases_source as varchar) as conversions_source,
    cast(purchases_1d_click as decimal(18, 6)) as conversions_1d_click,
    cast(purchases_7d_click as decimal(18, 6)) as conversions_7d_click,
    cast(purchases_28d_click as decimal(18, 6)) as conversions_28d_click,
    cast(purchases_1d_view as decimal(18, 6)) as conversions_1d_view,
    cast(purchases_1d_ev as decimal(18, 6)) as conversions_1d_ev,
    cast(purchase_value as decimal(18, 6)) as purchase_value,
    cast(purchase_value_source as varchar) as purchase_value_source,
    cast(purchase_value_1d_click as decimal(18, 6)) as purchase_value_1d_click,
    cast(purchase_value_7d_click as decimal(18, 6)) as purchase_value_7d_click,
    cast(purchase_value_28d_click as decimal(18, 6)) as purchase_value_28d_click,
    cast(purchase_value_1d_view as decimal(18, 6)) as purchase_value_1d_view,
    cast(purchase_value_1d_ev as decimal(18, 6)) as purchase_value_1d_ev,
    cast(leads as decimal(18, 6)) as leads,
    cast(add_to_cart as decimal(18, 6)) as add_to_cart,
    cast(initiate_checkout as decimal(18, 6)) as initiate_checkout,
    cast(view_content as decimal(18, 6)) as view_content,
    cast(complete_registration as decimal(18, 6)) as complete_registration,
    cast(pixel_events as varchar) as meta_pixel_events
  from staging.insights_campaign_day
),

known as (
  select
    insights.account_id as account_id,
    insights.date as date,
    insights.campaign_id as campaign_id,
    coalesce(insights.currency, accounts.currency) as currency,
    insights.objective as objective,
    insights.attribution_setting as attribution_setting,
    insights.pulled_on as pulled_on,
    insights.spend as spend,
    insights.impressions as impressions,
    insights.reach as reach,
    insights.frequency as frequency,
    insights.clicks as clicks,
    insights.link_clicks as link_clicks,
    insights.link_clicks_source as link_clicks_source,
    insights.outbound_clicks as outbound_clicks,
    insights.landing_page_views as landing_page_views,
    insights.conversions as conversions,
    insights.conversions_source as conversions_source,
    insights.conversions_1d_click as conversions_1d_click,
    insights.conversions_7d_click as conversions_7d_click,
    insights.conversions_28d_click as conversions_28d_click,
    insights.conversions_1d_view as conversions_1d_view,
    insights.conversions_1d_ev as conversions_1d_ev,
    insights.purchase_value as purchase_value,
    insights.purchase_value_source as purchase_value_source,
    insights.purchase_value_1d_click as purchase_value_1d_click,
    insights.purchase_value_7d_click as purchase_value_7d_click,
    insights.purchase_value_28d_click as purchase_value_28d_click,
    insights.purchase_value_1d_view as purchase_value_1d_view,
    insights.purchase_value_1d_ev as purchase_value_1d_ev,
    insights.leads as leads,
    insights.add_to_cart as add_to_cart,
    insights.initiate_checkout as initiate_checkout,
    insights.view_content as view_content,
    insights.complete_registration as complete_registration,
    insights.meta_pixel_events as meta_pixel_events,
    accounts.account_name as account_name
  from insights
  left join intermediate.accounts as accounts on accounts.account_id = insights.account_id
),

-- Nothing spent is nothing in every currency, so it needs no rate. The factor is widened first: a
-- product of two narrow decimals would not have room for its own digits.
priced as (
  select
    known.*,
    rates.usd_per_unit as usd_per_unit,
    rates.fx_date as fx_date,
    coalesce(rates.fx_note, 'currency unknown') as missing_rate,
    case
      when known.spend = 0 then cast(0 as decimal(18, 6))
      else cast(round(cast(known.spend as decimal(38, 6)) * rates.usd_per_unit, 6) as decimal(18, 6))
    end as spend_usd,
    case
      when known.purchase_value = 0 then cast(0 as decimal(18, 6))
      else cast(round(cast(known.purchase_value as decimal(38, 6)) * rates.usd_per_unit, 6) as decimal(18, 6))
    end as purchase_value_usd
  from known
  left join intermediate.usd_rates as rates
    on rates.currency = known.currency
    and rates.date = known.date
),

-- Of few columns, because a window sorts all that it is given. They are read on their own: what two parts
-- of a statement read, the engine keeps whole between them.
figures as (
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(campaign_id as varchar) as campaign_id,
    cast(spend as decimal(18, 6)) as spend,
    cast(purchase_value as decimal(18, 6)) as purchase_value,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    case when spend is null then 1 else 0 end
      + case when purchase_value is null then 2 else 0 end
      + case when purchases is null then 4 else 0 end
      + case when impressions is null then 8 else 0 end
      + case when clicks is null then 16 else 0 end as unknown
  from staging.insights_campaign_day
),

-- What is unknown of a day is a bit of one number: to look back for all of them at once takes a fraction of
-- counting each.
summed as (
  select
    account_id,
    campaign_id,
    date,
    bit_or(unknown) over trailing_28_days as unknown_28d,
    sum(spend) over trailing_28_days as spend_28d,
    sum(purchase_value) over trailing_28_days as purchase_value_28d,
    sum(conversions) over trailing_28_days as conversions_28d,
    sum(impressions) over trailing_28_days as impressions_28d,
    sum(clicks) over trailing_28_days as clicks_28d
  from figures
  window trailing_28_days as (
    partition by account_id, campaign_id
    order by date
    range between interval 27 days preceding and current row
  )
),

rolling as (
  select
    account_id,
    campaign_id,
    date,
    case when unknown_28d & 1 = 0 then spend_28d end as spend_28d,
    case when unknown_28d & 2 = 0 then purchase_value_28d end as purchase_value_28d,
    case when unknown_28d & 4 = 0 then conversions_28d end as conversions_28d,
    case when unknown_28d & 8 = 0 then impressions_28d end as impressions_28d,
    case when unknown_28d & 16 = 0 then clicks_28d end as clicks_28d
  from summed
),

final as (
  select
    priced.account_id as account_id,
    priced.account_name as account_name,
    priced.date as date,
    priced.campaign_id as campaign_id,
    campaign_names.campaign_name as campaign_name,
    priced.currency as currency,
    priced.objective as objective,
    priced.attribution_setting as attribution_setting,
    coalesce(priced.pulled_on - priced.date >= 28, false) as is_settled,
    priced.pulled_on as pulled_on,
    priced.spend as spend,
    priced.spend_usd as spend_usd,
    priced.usd_per_unit as usd_per_unit,
    priced.fx_date as fx_date,
    case
      when priced.spend_usd is null and priced.spend is not null then priced.missing_rate
      when priced.purchase_value_usd is null and priced.purchase_value is not null
        then priced.missing_rate
      when priced.spend_usd is null then 'spend unknown'
    end as fx_note,
    priced.impressions as impressions,
    priced.reach as reach,
    priced.frequency as frequency,
    priced.clicks as clicks,
    priced.link_clicks as link_clicks,
    priced.link_clicks_source as link_clicks_source,
    priced.outbound_clicks as outbound_clicks,
    priced.landing_page_views as landing_page_views,
    priced.conversions as conversions,
    priced.conversions_source as conversions_source,
    priced.conversions_1d_click as conversions_1d_click,
    priced.conversions_7d_click as conversions_7d_click,
    priced.conversions_28d_click as conversions_28d_click,
    priced.conversions_1d_view as conversions_1d_view,
    priced.conversions_1d_ev as conversions_1d_ev,
    priced.purchase_value as purchase_value,
    priced.purchase_value_source as purchase_value_source,
    priced.purchase_value_1d_click as purchase_value_1d_click,
    priced.purchase_value_7d_click as purchase_value_7d_click,
    priced.purchase_value_28d_click as purchase_value_28d_click,
    priced.purchase_value_1d_view as purchase_value_1d_view,
    priced.purchase_value_1d_ev as purchase_value_1d_ev,
    priced.purchase_value_usd as purchase_value_usd,
    priced.leads as leads,
    priced.add_to_cart as add_to_cart,
    priced.initiate_checkout as initiate_checkout,
    priced.view_content as view_content,
    priced.complete_registration as complete_registration,
    priced.meta_pixel_events as meta_pixel_events,
    round(cast(priced.spend as double) / nullif(priced.clicks, 0), 10) as cpc,
    round(cast(priced.spend as double) * 1000 / nullif(priced.impressions, 0), 10) as cpm,
    round(cast(priced.clicks as double) / nullif(priced.impressions, 0), 10) as ctr,
    round(cast(priced.purchase_value as double) / cast(nullif(priced.spend, 0) as double), 10) as roas,
    rolling.spend_28d as spend_28d,
    rolling.purchase_value_28d as purchase_value_28d,
    round(cast(rolling.purchase_value_28d as double) / cast(nullif(rolling.spend_28d, 0) as double), 10) as roas_28d,
    rolling.conversions_28d as conversions_28d,
    rolling.impressions_28d as impressions_28d,
    rolling.clicks_28d as clicks_28d
  from priced
  inner join rolling
    on rolling.account_id = priced.account_id
    and rolling.campaign_id = priced.campaign_id
    and rolling.date = priced.date
  left join intermediate.campaign_names as campaign_names
    on campaign_names.account_id = priced.account_id
    and campaign_names.campaign_id = priced.campaign_id
)

select * from final
