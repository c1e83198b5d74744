-- Grain: one row per period (each month of orders, and lifetime), level, model, currency and member: a channel, or
-- a campaign of a channel. The revenue of a model's members is, to the last digit, that of all orders of the
-- period and currency: rounded down first, then the members with the largest remainders have a unit more.
with orders as (
  select journey, day, currency, cast(revenue as decimal(22, 6)) as revenue
  from intermediate.journey_order
),

credits as (
  select period, level, model, journey, channel, campaign, cast(share as decimal(16, 12)) as share
  from intermediate.attribution_credit
),

credited as (
  select
    credits.period as period,
    credits.level as level,
    credits.model as model,
    orders.currency as currency,
    credits.channel as channel,
    credits.campaign as campaign,
    sum(credits.share) as orders,
    sum(orders.revenue * credits.share) as revenue
  from credits
  inner join orders on orders.journey = credits.journey
  group by
    credits.period, credits.level, credits.model, orders.currency, credits.channel, credits.campaign
),

-- What Markov's chain credits is what had a contact before it: all that linear credits to members.
reached as (
  select
    period,
    level,
    currency,
    sum(case when channel <> '(no contact known)' then orders end) as orders,
    sum(case when channel <> '(no contact known)' then revenue end) as revenue
  from credited
  where model = 'linear'
  group by period, level, currency
),

chained as (
  select
    chain.period as period,
    chain.level as level,
    'markov' as model,
    reached.currency as currency,
    chain.channel as channel,
    chain.campaign as campaign,
    cast(cast(reached.orders as double) * chain.share_lost / chain.all_lost as decimal(38, 18)) as orders,
    cast(cast(reached.revenue as double) * chain.share_lost / chain.all_lost as decimal(38, 18)) as revenue
  from (
    select chain.*, sum(cast(share_lost as decimal(38, 10))) over (partition by period, level) as all_lost
    from intermediate.attribution_chain as chain
  ) as chain
  inner join reached on reached.period = chain.period and reached.level = chain.level
  where chain.all_lost > 0 and reached.orders > 0
  union all
  select period, level, 'markov', currency, channel, campaign, orders, revenue
  from credited
  where model = 'linear' and channel = '(no contact known)'
),

parts as (
  select period, level, model, currency, channel, campaign, cast(orders as decimal(38, 12)) as orders,
    cast(revenue as decimal(38, 18)) as revenue
  from credited
  union all
  select period, level, model, currency, channel, campaign, cast(orders as decimal(38, 12)), revenue
  from chained
),

dated as (
  select 'lifetime' as period, day, currency, revenue
  from orders
  union all
  select substr(cast(day as varchar), 1, 7), day, currency, revenue
  from orders
),

totals as (
  select
    period,
    currency,
    min(day) as since,
    max(day) as until,
    sum(revenue) as revenue,
    case
      when sum(revenue) = round(sum(revenue), 2) then cast(0.01 as decimal(8, 6))
      else cast(0.000001 as decimal(8, 6))
    end as unit
  from dated
  group by period, currency
),

floored as (
  select
    parts.*,
    totals.since as since,
    totals.until as until,
    totals.unit as unit,
    totals.revenue as total_revenue,
    floor(parts.revenue / totals.unit) as units,
    parts.revenue / totals.unit - floor(parts.revenue / totals.unit) as remainder
  from parts
  inner join totals on totals.period = parts.period and totals.currency = parts.currency
),

ranked as (
  select
    floored.*,
    cast(round(cast(total_revenue / unit as double)) as bigint)
    - cast(sum(units) over (partition by period, level, model, currency) as bigint) as left_over,
    row_number() over (
      partition by period, level, model, currency
      order by round(remainder, 6) desc, channel, campaign
    ) as place
  from floored
),

names as (
  select campaign_id, min(campaign_name) as campaign_name
  from intermediate.campaign_names
  group by campaign_id
),

final as (
  select
    ranked.period as period,
    ranked.level as level,
    ranked.model as model,
    ranked.currency as currency,
    ranked.channel as channel,
    ranked.campaign as campaign,
    names.campaign_name as campaign_name,
    ranked.since as since,
    ranked.until as until,
    round(cast(ranked.orders as double), 6) as orders,
    cast(cast(ranked.units as bigint) + case when ranked.place <= ranked.left_over then 1 else 0 end as decimal(20, 0))
      * ranked.unit as revenue,
    ranked.total_revenue as total_revenue,
    round(cast(ranked.revenue as double) / nullif(cast(ranked.total_revenue as double), 0), 10) as share
  from ranked
  left join names on names.campaign_id = ranked.campaign
)

select * from final
