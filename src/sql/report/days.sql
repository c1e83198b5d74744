-- Grain: one row per day of an account between $since and $until, days without delivery left out; what
-- is known of it, and for a day that still changes what it will come to (roas_matured).
-- A figure that is unknown on one row makes the day's figure unknown.
with known as (
  select
    date,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    bool_and(is_settled) as is_settled
  from campaign_day
  where account_id = $account_id and date between cast($since as date) and cast($until as date)
  group by date
),

matured as (
  select
    date,
    basis,
    spend_matured,
    conversions_matured,
    purchase_value_matured,
    roas_matured,
    roas_low,
    roas_high
  from roas_matured
  where account_id = $account_id and date between cast($since as date) and cast($until as date)
)

select
  known.date as date,
  spend,
  purchase_value,
  cast(purchase_value as double) / cast(nullif(spend, 0) as double) as roas,
  conversions,
  impressions,
  clicks,
  is_settled,
  basis,
  spend_matured,
  conversions_matured,
  purchase_value_matured,
  roas_matured,
  roas_low,
  roas_high
from known
left join matured on matured.date = known.date
order by known.date
