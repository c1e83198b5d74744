-- Grain: one row per ad account, campaign and period in which the campaign has a row: what the shop and
-- people away from the web know of it. NULL with a note where nothing was brought into the lake.
-- A sale belongs to the campaign that it names by id, else by a name (campaign, then utm_campaign) that
-- exactly one campaign has. Its day is the ad account's own when its time is known, else as it was told.
-- A customer is new with the order that says so, else with the first order of his key in the lake; what
-- he orders within 30, 90 and 365 days of it is the value of the campaign of that first order.
with members as (
  select account_id, campaign_id, period, since, until, currency
  from intermediate.campaign_period
),

names as (
  select account_id, campaign_id, campaign_name
  from intermediate.campaign_names
),

keys as (
  select account_id, campaign_id, campaign_id as key
  from names
  union
  select min(account_id), min(campaign_id), campaign_name
  from names
  group by campaign_name
  having count(*) = 1
),

orders as (
  select
    cast(source as varchar) as source,
    cast(order_id as varchar) as order_id,
    cast(ordered_at as timestamp with time zone) as ordered_at,
    cast(day as date) as day,
    cast(amount as decimal(38, 6)) - coalesce(cast(refunded as decimal(38, 6)), 0) as revenue,
    cast(currency as varchar) as currency,
    cast(customer_key as varchar) as customer_key,
    cast(customer_type as varchar) as customer_type,
    coalesce(
      cast(campaign_id as varchar), cast(campaign as varchar), cast(utm_campaign as varchar)
    ) as campaign_key
  from staging.orders
  where is_sold
),

ordered as (
  select
    orders.*,
    min(day) over (partition by customer_key) as first_day,
    max(day) over () as newest_day,
    row_number() over (partition by customer_key order by day, ordered_at, source, order_id) as place
  from orders
),

-- What a customer came to within some days of the first order, said on that order alone.
lifetimes as (
  select
    customer_key,
    max(newest_day) - max(first_day) as days_since,
    sum(case when day - first_day < 30 then revenue end) as within_30_days,
    sum(case when day - first_day < 90 then revenue end) as within_90_days,
    sum(case when day - first_day < 365 then revenue end) as within_365_days
  from ordered
  where customer_key is not null
  group by customer_key
),

credited as (
  select
    keys.account_id as account_id,
    keys.campaign_id as campaign_id,
    coalesce(cast(ordered.ordered_at at time zone accounts.timezone as date), ordered.day) as day,
    ordered.revenue as revenue,
    ordered.currency as currency,
    case
      when ordered.customer_type is not null then ordered.customer_type = 'new'
      when ordered.customer_key is not null then ordered.place = 1
    end as is_new,
    case when ordered.place = 1 and lifetimes.days_since >= 30 then lifetimes.within_30_days end
      as within_30_days,
    case when ordered.place = 1 and lifetimes.days_since >= 90 then lifetimes.within_90_days end
      as within_90_days,
    case when ordered.place = 1 and lifetimes.days_since >= 365 then lifetimes.within_365_days end
      as within_365_days
  from ordered
  inner join keys on keys.key = ordered.campaign_key
  inner join intermediate.accounts as accounts on accounts.account_id = keys.account_id
  left join lifetimes on lifetimes.customer_key = ordered.customer_key
),

campaign_orders as (
  select
    members.account_id as account_id,
    members.campaign_id as campaign_id,
    members.period as period,
    members.since as since,
    count(*) as orders,
    count(case when credited.currency is distinct from members.currency then 1 end) as foreign_orders,
    sum(credited.revenue) as revenue,
    count(credited.is_new) as known_customers,
    count(case when credited.is_new then 1 end) as new_customers,
    sum(credited.within_30_days) as within_30_days,
    count(credited.within_30_days) as customers_30_days,
    sum(credited.within_90_days) as within_90_days,
    count(credited.within_90_days) as customers_90_days,
    sum(credited.within_365_days) as within_365_days,
    count(credited.within_365_days) as customers_365_days
  from members
  inner join credited
    on credited.account_id = members.account_id
    and credited.campaign_id = members.campaign_id
    and credited.day >= members.since
    and credited.day <= members.until
  group by members.account_id, members.campaign_id, members.period, members.since
),

offline as (
  select
    cast(converted_at as timestamp with time zone) as converted_at,
    cast(day as date) as day,
    cast(value as decimal(38, 6)) as value,
    cast(currency as varchar) as currency,
    coalesce(cast(campaign_id as varchar), cast(campaign as varchar)) as campaign_key
  from staging.offline_conversions
),

campaign_offline as (
  select
    members.account_id as account_id,
    members.campaign_id as campaign_id,
    members.period as period,
    members.since as since,
    count(*) as conversions,
    count(case when offline.value is null then 1 end) as without_value,
    count(
      case when offline.value is not null and offline.currency is distinct from members.currency then 1 end
    ) as foreign_conversions,
    sum(offline.value) as value
  from members
  inner join keys on keys.account_id = members.account_id and keys.campaign_id = members.campaign_id
  inner join offline on offline.campaign_key = keys.key
  inner join intermediate.accounts as accounts on accounts.account_id = members.account_id
  where
    coalesce(cast(offline.converted_at at time zone accounts.timezone as date), offline.day)
    between members.since and members.until
  group by members.account_id, members.campaign_id, members.period, members.since
),

present as (
  select
    (select count(*) from orders) > 0 as has_orders,
    (select count(*) from offline) > 0 as has_offline
),

final as (
  select
    members.account_id as account_id,
    members.campaign_id as campaign_id,
    members.period as period,
    members.since as since,
    case when present.has_orders then coalesce(campaign_orders.orders, 0) end as orders,
    case
      when present.has_orders and coalesce(campaign_orders.foreign_orders, 0) = 0
        then coalesce(campaign_orders.revenue, 0)
    end as order_revenue,
    case
      when campaign_orders.orders = campaign_orders.known_customers
        then campaign_orders.new_customers
    end as new_customers,
    case
      when campaign_orders.foreign_orders = 0
        then cast(campaign_orders.within_30_days as double) / nullif(campaign_orders.customers_30_days, 0)
    end as value_30d,
    case
      when campaign_orders.foreign_orders = 0
        then cast(campaign_orders.within_90_days as double) / nullif(campaign_orders.customers_90_days, 0)
    end as value_90d,
    case
      when campaign_orders.foreign_orders = 0
        then cast(campaign_orders.within_365_days as double) / nullif(campaign_orders.customers_365_days, 0)
    end as value_365d,
    case
      when not present.has_orders then 'no orders in the lake'
      when campaign_orders.orders is null then 'no order names this campaign'
      when campaign_orders.foreign_orders > 0 then 'orders in another currency'
      when campaign_orders.orders > campaign_orders.known_customers
        then 'orders that do not say whose they are'
    end as orders_note,
    case when present.has_offline then coalesce(campaign_offline.conversions, 0) end
      as offline_conversions,
    case
      when
        present.has_offline
        and coalesce(campaign_offline.without_value, 0) = 0
        and coalesce(campaign_offline.foreign_conversions, 0) = 0
        then coalesce(campaign_offline.value, 0)
    end as offline_value,
    case
      when not present.has_offline then 'no offline conversions in the lake'
      when campaign_offline.foreign_conversions > 0 then 'offline conversions in another currency'
      when campaign_offline.without_value > 0 then 'offline conversions without a value'
    end as offline_note
  from members
  cross join present
  left join campaign_orders
    on campaign_orders.account_id = members.account_id
    and campaign_orders.campaign_id = members.campaign_id
    and campaign_orders.period = members.period
    and campaign_orders.since = members.since
  left join campaign_offline
    on campaign_offline.account_id = members.account_id
    and campaign_offline.campaign_id = members.campaign_id
    and campaign_offline.period = members.period
    and campaign_offline.since = members.since
)

select * from final
