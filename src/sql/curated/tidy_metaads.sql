-- Grain: one row per ad account, ad and day (the account's time zone), with the names of everything above.
with final as (
  select
    account_id,
    account_name,
    date,
    campaign_id,
    campaign_name,
    ad_set_id,
    ad_set_name,
    ad_id,
    ad_name,
    currency,
    objective,
    attribution_setting,
    is_settled,
    spend,
    spend_usd,
    impressions,
    reach,
    frequency,
    clicks,
    link_clicks,
    outbound_clicks,
    landing_page_views,
    conversions,
    purchase_value,
    purchase_value_usd,
    leads,
    add_to_cart,
    initiate_checkout,
    view_content,
    complete_registration,
    cpc,
    cpm,
    ctr,
    roas
  from curated.ad_day
)

select * from final
