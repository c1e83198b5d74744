-- Grain: one row per day and ad platform between $since and $until, with what was sold on the day: the
-- whole lake, in US dollars. The sales of a day stand in each of its rows.
select
  date,
  channel,
  spend_usd,
  spend_note,
  total_spend_usd,
  attributed_conversions,
  attributed_value_usd,
  platform_roas,
  orders,
  new_customers,
  revenue_usd,
  revenue_note,
  mer,
  new_customer_cac,
  halo_share
from channel_day
where date between cast($since as date) and cast($until as date)
order by date, channel
