-- Grain: one row: what became of an account's impressions between $since and $until. A step that is
-- unknown on one row is unknown as a whole.
select
  case when count(impressions) = count(*) then sum(impressions) end as impressions,
  case when count(link_clicks) = count(*) then sum(link_clicks) end as link_clicks,
  case when count(landing_page_views) = count(*) then sum(landing_page_views) end as landing_page_views,
  case when count(view_content) = count(*) then sum(view_content) end as view_content,
  case when count(add_to_cart) = count(*) then sum(add_to_cart) end as add_to_cart,
  case when count(initiate_checkout) = count(*) then sum(initiate_checkout) end as initiate_checkout,
  case when count(conversions) = count(*) then sum(conversions) end as purchases
from campaign_day
where account_id = $account_id and date between cast($since as date) and cast($until as date)
