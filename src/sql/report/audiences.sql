-- Grain: one row per dimension (age and gender, country, placement and so on) and value, of the month
-- that most days between $since and $until are in, the later one of two.
with months as (
  select
    strftime(day, '%Y-%m') as period,
    count(*) as days
  from (
    select unnest(generate_series(cast($since as date), cast($until as date), interval 1 day)) as day
  ) as days
  group by strftime(day, '%Y-%m')
),

present as (
  select distinct period from audience_insights_aggregated where account_id = $account_id
),

chosen as (
  select months.period
  from months
  inner join present on present.period = months.period
  order by months.days desc, months.period desc
  limit 1
)

select
  period,
  first_day,
  last_day,
  dimension,
  value,
  value_name,
  spend,
  spend_share,
  impressions,
  clicks,
  conversions,
  purchase_value,
  conversions_told,
  ctr,
  cpc,
  cpa,
  roas,
  roas_index,
  ctr_index,
  is_settled
from audience_insights_aggregated
where account_id = $account_id and period = (select period from chosen)
order by dimension, spend desc nulls last, value
