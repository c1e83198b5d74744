-- Grain: one row per ad account and day (the account's time zone) with campaign figures.
-- Two things stand side by side: the steps that Meta credits to the ads, and how often the account's
-- pixels fired at all, whoever came. A rate is the next step over the step before it, made of the day's
-- sums; it can exceed 1, because Meta credits each step on its own.
with ads as (
  select
    account_id,
    date,
    max(currency) as currency,
    min(case when is_settled then 1 else 0 end) as is_settled,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(link_clicks) = count(*) then sum(link_clicks) end as link_clicks,
    case when count(landing_page_views) = count(*) then sum(landing_page_views) end
      as landing_page_views,
    case when count(view_content) = count(*) then sum(view_content) end as view_content,
    case when count(add_to_cart) = count(*) then sum(add_to_cart) end as add_to_cart,
    case when count(initiate_checkout) = count(*) then sum(initiate_checkout) end
      as initiate_checkout,
    case when count(conversions) = count(*) then sum(conversions) end as purchases,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value
  from curated.campaign_day
  group by account_id, date
),

-- The hour carries the account's own offset, so its first ten characters are the account's day.
fired as (
  select
    cast(account_id as varchar) as account_id,
    cast(substring(cast(hour as varchar) from 1 for 10) as date) as date,
    cast(event as varchar) as event,
    cast(count as bigint) as count,
    cast(pulled_on as date) as pulled_on
  from staging.pixel_events_hour
),

-- A day that was seven days old when it was asked for had lost its first hours by then.
pixels as (
  select
    account_id,
    date,
    sum(case when event = 'PageView' then count else 0 end) as pixel_page_views,
    sum(case when event = 'ViewContent' then count else 0 end) as pixel_view_content,
    sum(case when event = 'AddToCart' then count else 0 end) as pixel_add_to_cart,
    sum(case when event = 'InitiateCheckout' then count else 0 end) as pixel_initiate_checkout,
    sum(case when event = 'Purchase' then count else 0 end) as pixel_purchases
  from fired
  group by account_id, date
  having max(pulled_on) <= date + 6
),

final as (
  select
    ads.account_id as account_id,
    accounts.account_name as account_name,
    ads.date as date,
    ads.currency as currency,
    ads.is_settled = 1 as is_settled,
    ads.spend as spend,
    ads.impressions as impressions,
    ads.link_clicks as link_clicks,
    ads.landing_page_views as landing_page_views,
    ads.view_content as view_content,
    ads.add_to_cart as add_to_cart,
    ads.initiate_checkout as initiate_checkout,
    ads.purchases as purchases,
    ads.purchase_value as purchase_value,
    round(cast(ads.link_clicks as double) / nullif(ads.impressions, 0), 10) as click_rate,
    round(cast(ads.landing_page_views as double) / nullif(ads.link_clicks, 0), 10) as landing_rate,
    round(cast(ads.view_content as double) / nullif(ads.landing_page_views, 0), 10)
      as view_content_rate,
    round(cast(ads.add_to_cart as double) / cast(nullif(ads.view_content, 0) as double), 10)
      as add_to_cart_rate,
    round(cast(ads.initiate_checkout as double) / cast(nullif(ads.add_to_cart, 0) as double), 10)
      as initiate_checkout_rate,
    round(cast(ads.purchases as double) / cast(nullif(ads.initiate_checkout, 0) as double), 10)
      as purchase_rate,
    round(cast(ads.purchases as double) / nullif(ads.link_clicks, 0), 10) as click_to_purchase_rate,
    pixels.pixel_page_views as pixel_page_views,
    pixels.pixel_view_content as pixel_view_content,
    pixels.pixel_add_to_cart as pixel_add_to_cart,
    pixels.pixel_initiate_checkout as pixel_initiate_checkout,
    pixels.pixel_purchases as pixel_purchases
  from ads
  left join intermediate.accounts as accounts on accounts.account_id = ads.account_id
  left join pixels on pixels.account_id = ads.account_id and pixels.date = ads.date
)

select * from final
