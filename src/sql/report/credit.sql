-- Grain: one row per model, currency and channel: what of all orders of the lake the channel is credited
-- with. The rows of a model add up to the revenue.
select
  model,
  currency,
  channel,
  since,
  until,
  orders,
  revenue,
  total_revenue,
  share
from attribution
where period = 'lifetime' and level = 'channel'
order by total_revenue desc, currency, model, revenue desc, channel
