-- Grain: one row per ad account, campaign and settled day with spend, of the last 180 days up to the newest such
-- day of the campaign: what the day cost and returned. Days of which a figure is unknown are left out.
with settled as (
  select account_id, campaign_id, date, currency, spend, purchase_value
  from curated.campaign_day
  where is_settled and spend > 0 and purchase_value is not null
),

newest as (
  select account_id, campaign_id, max(date) as last_day
  from settled
  group by account_id, campaign_id
),

final as (
  select
    settled.account_id as account_id,
    settled.campaign_id as campaign_id,
    settled.date as date,
    settled.currency as currency,
    cast(settled.spend as double) as x,
    ln(cast(settled.spend as double)) as u,
    cast(settled.purchase_value as double) as y
  from settled
  inner join newest
    on newest.account_id = settled.account_id
    and newest.campaign_id = settled.campaign_id
  where settled.date > newest.last_day - 180
)

select * from final
