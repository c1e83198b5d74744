-- Grain: one row per ad account, metric (spend, conversions, purchase_value, roas) and number of days
-- after a day, 0 to 28: how much of the day's final figure was known then, from settled days alone.
-- A settled day counts when it had spend and a conversion in the end, lies within 180 days before the
-- newest settled day, and was asked about on exactly that day after it.
with known as (
  select account_id, date, days_after, is_latest, spend, conversions, purchase_value
  from intermediate.account_day_known
),

settled as (
  select account_id, date, spend, conversions, purchase_value
  from known
  where is_latest and days_after >= 28 and spend > 0 and conversions > 0 and purchase_value > 0
),

newest as (
  select account_id, max(date) as newest_day
  from settled
  group by account_id
),

-- A figure that was not there yet counts as nothing known: 0.
pairs as (
  select
    known.account_id as account_id,
    known.date as date,
    known.days_after as days_after,
    known.spend as spend,
    known.conversions as conversions,
    known.purchase_value as purchase_value,
    settled.spend as spend_final,
    settled.conversions as conversions_final,
    settled.purchase_value as purchase_value_final
  from known
  inner join settled on settled.account_id = known.account_id and settled.date = known.date
  inner join newest on newest.account_id = known.account_id
  where
    known.days_after between 0 and 28
    and known.date >= newest.newest_day - 179
    and known.spend is not null
    and known.conversions is not null
    and known.purchase_value is not null
),

measured as (
  select
    account_id,
    date,
    days_after,
    'spend' as metric,
    cast(spend as double) as amount,
    cast(spend_final as double) as amount_final
  from pairs
  union all
  select
    account_id, date, days_after, 'conversions', cast(conversions as double), cast(conversions_final as double)
  from pairs
  union all
  select
    account_id, date, days_after, 'purchase_value', cast(purchase_value as double), cast(purchase_value_final as double)
  from pairs
  union all
  select
    account_id,
    date,
    days_after,
    'roas',
    cast(purchase_value as double) / cast(spend as double),
    cast(purchase_value_final as double) / cast(spend_final as double)
  from pairs
  where spend > 0
),

shares as (
  select
    account_id,
    metric,
    days_after,
    date,
    amount / amount_final as share,
    case when amount > 0 then amount_final / amount end as factor,
    row_number() over (partition by account_id, metric, days_after order by amount / amount_final, date)
      as place,
    count(*) over (partition by account_id, metric, days_after) as days,
    case
      when amount > 0 then row_number() over (
        partition by account_id, metric, days_after, case when amount > 0 then 1 else 0 end
        order by amount_final / nullif(amount, 0), date
      )
    end as factor_place,
    count(case when amount > 0 then 1 end) over (partition by account_id, metric, days_after)
      as factor_days
  from measured
),

-- A quantile lies at the place p (n + 1) among n values in order, between two of them by proportion:
-- so that the next day falls below it with probability p.
quantiles as (
  select
    account_id,
    metric,
    days_after,
    max(days) as days,
    max(factor_days) as factor_days,
    sum(share * greatest(0, 1 - abs(place - least(greatest(0.1 * (days + 1), 1), days)))) as share_p10,
    sum(share * greatest(0, 1 - abs(place - 0.5 * (days + 1)))) as share_p50,
    sum(share * greatest(0, 1 - abs(place - least(greatest(0.9 * (days + 1), 1), days)))) as share_p90,
    min(factor) as factor_min,
    sum(factor * greatest(0, 1 - abs(factor_place - least(greatest(0.1 * (factor_days + 1), 1), factor_days))))
      as factor_p10,
    sum(factor * greatest(0, 1 - abs(factor_place - least(0.8 * (factor_days + 1), factor_days)))) as factor_p80,
    sum(factor * greatest(0, 1 - abs(factor_place - least(0.9 * (factor_days + 1), factor_days)))) as factor_p90,
    cast(count(case when factor <= 1 then 1 end) as double) / nullif(max(factor_days), 0) as share_final
  from shares
  group by account_id, metric, days_after
),

-- Ratios of sums: days with much count for more than days with little.
sums as (
  select
    account_id,
    days_after,
    cast(sum(spend) as double) / cast(nullif(sum(spend_final), 0) as double) as spend,
    cast(sum(conversions) as double) / cast(nullif(sum(conversions_final), 0) as double) as conversions,
    cast(sum(purchase_value) as double) / cast(nullif(sum(purchase_value_final), 0) as double)
      as purchase_value
  from pairs
  group by account_id, days_after
),

final as (
  select
    quantiles.account_id as account_id,
    quantiles.metric as metric,
    quantiles.days_after as days_after,
    quantiles.days as days,
    quantiles.days >= 20 and quantiles.factor_days >= 20 as is_enough,
    round(
      case quantiles.metric
        when 'spend' then sums.spend
        when 'conversions' then sums.conversions
        when 'purchase_value' then sums.purchase_value
        else sums.purchase_value / nullif(sums.spend, 0)
      end,
      10
    ) as share_known,
    round(quantiles.share_p10, 10) as share_p10,
    round(quantiles.share_p50, 10) as share_p50,
    round(quantiles.share_p90, 10) as share_p90,
    round(quantiles.share_final, 10) as share_of_days_final,
    round(case when quantiles.share_final >= 0.1 then quantiles.factor_min else quantiles.factor_p10 end, 10)
      as factor_low,
    round(case when quantiles.share_final >= 0.1 then quantiles.factor_p80 else quantiles.factor_p90 end, 10)
      as factor_high
  from quantiles
  inner join sums
    on sums.account_id = quantiles.account_id
    and sums.days_after = quantiles.days_after
)

select * from final
