-- Grain: one row per campaign and day between $since and $until.
select
  campaign_id,
  cast(date as varchar) as date,
  spend,
  purchase_value
from campaign_day
where account_id = $account_id and date between cast($since as date) and cast($until as date)
order by campaign_id, date
