-- Grain: one row per ad with spend between $since and $until; the second half of the span apart, to see
-- where it is going. A figure that is unknown on one row makes the sum unknown.
with days as (
  select
    ad_id,
    ad_name,
    campaign_name,
    date >= cast($middle as date) as is_late,
    spend,
    purchase_value,
    conversions,
    impressions,
    clicks
  from ad_day
  where account_id = $account_id and date between cast($since as date) and cast($until as date)
)

select
  ad_id,
  max(ad_name) as ad_name,
  max(campaign_name) as campaign_name,
  case when count(spend) = count(*) then sum(spend) end as spend,
  case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
  case when count(conversions) = count(*) then sum(conversions) end as conversions,
  sum(impressions) filter (where not is_late) as impressions_early,
  sum(clicks) filter (where not is_late) as clicks_early,
  sum(impressions) filter (where is_late) as impressions_late,
  sum(clicks) filter (where is_late) as clicks_late
from days
group by ad_id
having sum(spend) > 0
order by spend desc nulls last, ad_id
