-- Grain: one row per ad account and day that was asked about: what is known of it, and for a day that
-- is not settled what it will come to, with an 80 % interval.
-- The estimate is what is known over the share that was known of settled days at the same age (the
-- ratio of sums of a chain ladder); the interval is what is known times the spread of final over known
-- figures of these days. Both need 20 settled days: see maturity_curve.
with known as (
  select account_id, date, known_on, days_after, currency, spend, conversions, purchase_value
  from intermediate.account_day_known
  where is_latest
),

curve as (
  select account_id, metric, days_after, days, is_enough, share_known, factor_low, factor_high
  from curated.maturity_curve
),

-- From the 28th day on nothing changes any more: the figure is the final one.
aged as (
  select
    known.*,
    known.days_after >= 28 as is_settled,
    cast(known.spend as double) as spend_known,
    cast(known.conversions as double) as conversions_known,
    cast(known.purchase_value as double) as value_known,
    cast(known.purchase_value as double) / cast(nullif(known.spend, 0) as double) as roas_known
  from known
),

estimated as (
  select
    aged.*,
    of_spend.is_enough and of_conversions.is_enough and of_value.is_enough and of_roas.is_enough
      as is_enough,
    of_value.days as curve_days,
    of_value.share_known as share_known,
    aged.spend_known / nullif(of_spend.share_known, 0) as spend_estimate,
    aged.conversions_known / nullif(of_conversions.share_known, 0) as conversions_estimate,
    aged.conversions_known * of_conversions.factor_low as conversions_from,
    aged.conversions_known * of_conversions.factor_high as conversions_to,
    aged.value_known / nullif(of_value.share_known, 0) as value_estimate,
    aged.value_known * of_value.factor_low as value_from,
    aged.value_known * of_value.factor_high as value_to,
    aged.roas_known / nullif(of_roas.share_known, 0) as roas_estimate,
    aged.roas_known * of_roas.factor_low as roas_from,
    aged.roas_known * of_roas.factor_high as roas_to
  from aged
  left join curve as of_spend
    on of_spend.account_id = aged.account_id
    and of_spend.days_after = aged.days_after
    and of_spend.metric = 'spend'
  left join curve as of_conversions
    on of_conversions.account_id = aged.account_id
    and of_conversions.days_after = aged.days_after
    and of_conversions.metric = 'conversions'
  left join curve as of_value
    on of_value.account_id = aged.account_id
    and of_value.days_after = aged.days_after
    and of_value.metric = 'purchase_value'
  left join curve as of_roas
    on of_roas.account_id = aged.account_id
    and of_roas.days_after = aged.days_after
    and of_roas.metric = 'roas'
),

judged as (
  select
    estimated.*,
    case
      when spend is null or conversions is null or purchase_value is null then 'a figure is unknown'
      when is_settled then 'settled'
      when is_enough is null or not is_enough then 'too few settled days'
      when spend = 0 then 'no spend'
      when conversions = 0 or purchase_value <= 0 then 'no conversion known yet'
      else 'estimated'
    end as basis
  from estimated
),

final as (
  select
    account_id,
    date,
    currency,
    known_on,
    days_after,
    is_settled,
    basis,
    case when basis = 'estimated' then curve_days end as curve_days,
    case when basis = 'estimated' then share_known end as share_known,
    spend,
    conversions,
    purchase_value,
    round(roas_known, 10) as roas,
    case basis when 'settled' then spend_known when 'estimated' then round(spend_estimate, 6) end
      as spend_matured,
    case basis when 'settled' then conversions_known when 'estimated' then round(conversions_estimate, 6) end
      as conversions_matured,
    case basis when 'settled' then conversions_known when 'estimated' then round(conversions_from, 6) end
      as conversions_low,
    case basis when 'settled' then conversions_known when 'estimated' then round(conversions_to, 6) end
      as conversions_high,
    case basis when 'settled' then value_known when 'estimated' then round(value_estimate, 6) end
      as purchase_value_matured,
    case basis when 'settled' then value_known when 'estimated' then round(value_from, 6) end
      as purchase_value_low,
    case basis when 'settled' then value_known when 'estimated' then round(value_to, 6) end
      as purchase_value_high,
    round(case basis when 'settled' then roas_known when 'estimated' then roas_estimate end, 10)
      as roas_matured,
    round(case basis when 'settled' then roas_known when 'estimated' then roas_from end, 10)
      as roas_low,
    round(case basis when 'settled' then roas_known when 'estimated' then roas_to end, 10)
      as roas_high
  from judged
)

select * from final
