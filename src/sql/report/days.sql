-- Grain: one row per day of an account between $since and $until, days without delivery left out.
-- A figure that is unknown on one row makes the day's figure unknown.
select
  cast(date as varchar) as date,
  case when count(spend) = count(*) then sum(spend) end as spend,
  case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
  case when count(conversions) = count(*) then sum(conversions) end as conversions,
  case when count(impressions) = count(*) then sum(impressions) end as impressions,
  case when count(clicks) = count(*) then sum(clicks) end as clicks,
  bool_and(is_settled) as is_settled
from campaign_day
where account_id = $account_id and date between cast($since as date) and cast($until as date)
group by date
order by date
