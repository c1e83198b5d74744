-- Grain: one row per campaign and day between $since and $until.
select
  campaign_id,
  campaign_name,
  date,
  spend,
  purchase_value,
  conversions,
  impressions,
  clicks,
  roas,
  is_settled
from campaign_day
where account_id = $account_id and date between cast($since as date) and cast($until as date)
order by campaign_id, date
