-- Grain: one row per path of channels that led to an order, the most frequent first.
select
  path,
  steps,
  orders,
  open_journeys,
  conversion_rate,
  currency,
  revenue,
  revenue_note,
  contacts_per_order,
  days_per_order
from journeys
where orders > 0
order by orders desc, path
