-- Grain: one row per day and channel from $since to $until (both inclusive), to be turned into columns.
select date, channel, revenue_usd, spend_usd, impressions
from channel_day
where date >= cast($since as date)
  and date <= cast($until as date)
order by date, channel
