-- Grain: one row per row of subject_day: whether its delivery is final, and, of a day that is not settled, how
-- much of a day's figures is known at its age by the account's maturity curve, and how unsure that is. All that
-- is judged of a day is made of these rows, of the day and of the days before it, and of nothing else.
with days as (
  select
    account_id,
    level,
    subject_id,
    date,
    currency,
    is_settled,
    is_settled or age >= 3 as is_delivery_final,
    case when not is_settled then age end as open_age,
    spend,
    impressions,
    reach,
    frequency,
    clicks,
    conversions,
    purchase_value
  from intermediate.subject_day
),

curve as (
  select
    account_id,
    metric,
    days_after,
    share_known,
    ln(factor_high / factor_low) / 2.5631 as unsureness
  from curated.maturity_curve
  where is_enough and share_known > 0 and factor_low > 0
),

final as (
  select
    days.account_id as account_id,
    days.level as level,
    days.subject_id as subject_id,
    days.date as date,
    days.currency as currency,
    days.is_settled as is_settled,
    days.is_delivery_final as is_delivery_final,
    days.spend as spend,
    days.impressions as impressions,
    days.reach as reach,
    days.frequency as frequency,
    days.clicks as clicks,
    days.conversions as conversions,
    days.purchase_value as purchase_value,
    coalesce(of_spend.share_known, 1) as spend_share,
    of_conversions.share_known as conversions_share,
    of_conversions.unsureness as conversions_unsureness,
    of_roas.share_known as roas_share,
    of_roas.unsureness as roas_unsureness
  from days
  left join curve as of_spend
    on of_spend.account_id = days.account_id
    and of_spend.days_after = days.open_age
    and of_spend.metric = 'spend'
  left join curve as of_conversions
    on of_conversions.account_id = days.account_id
    and of_conversions.days_after = days.open_age
    and of_conversions.metric = 'conversions'
  left join curve as of_roas
    on of_roas.account_id = days.account_id
    and of_roas.days_after = days.open_age
    and of_roas.metric = 'roas'
)

select * from final
