-- Grain: one row per ad account, campaign and day: what its spend and value will come to, by how settled
-- days of the account grew from the same age (see maturity_curve). NULL where that cannot be said.
with days as (
  select account_id, campaign_id, date, pulled_on, is_settled, spend, purchase_value
  from curated.campaign_day
),

curve as (
  select account_id, metric, days_after, share_known
  from curated.maturity_curve
  where is_enough
),

final as (
  select
    days.account_id as account_id,
    days.campaign_id as campaign_id,
    days.date as date,
    case
      when days.is_settled or days.spend = 0 then days.spend
      else cast(cast(days.spend as double) / nullif(of_spend.share_known, 0) as decimal(38, 6))
    end as spend_matured,
    case
      when days.is_settled then days.purchase_value
      else cast(cast(days.purchase_value as double) / nullif(of_value.share_known, 0) as decimal(38, 6))
    end as value_matured
  from days
  left join curve as of_spend
    on of_spend.account_id = days.account_id
    and of_spend.days_after = days.pulled_on - days.date
    and of_spend.metric = 'spend'
  left join curve as of_value
    on of_value.account_id = days.account_id
    and of_value.days_after = days.pulled_on - days.date
    and of_value.metric = 'purchase_value'
)

select * from final
