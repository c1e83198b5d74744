-- Grain: one row per ad account, metric (spend, conversions, purchase_value) and day of the last 280 complete days
-- before a forecast (`origin` and before, age 0 and up), from the account's first day on: what it is made from.
-- A day without a row is one of 0. Days that are not settled count as what they will come to
-- (maturity_curve); without a curve conversions and values of the newest 7 days are left out, since they still
-- come in. A metric that is unknown on one of the days has no rows.
with curve as (
  select account_id, metric, days_after, share_known
  from curated.maturity_curve
  where is_enough and share_known > 0
),

ends as (
  select account_id, last_complete_day
  from intermediate.account_days
  where last_complete_day is not null
),

days as (
  select
    days.account_id as account_id,
    days.date as date,
    days.is_settled as is_settled,
    days.pulled_on - days.date as days_after,
    max(days.currency) as currency,
    cast(sum(days.spend) as double) as spend,
    cast(sum(days.conversions) as double) as conversions,
    cast(sum(days.purchase_value) as double) as purchase_value,
    count(*) - count(days.spend) as spend_unknown,
    count(*) - count(days.conversions) as conversions_unknown,
    count(*) - count(days.purchase_value) as value_unknown
  from curated.campaign_day as days
  inner join ends on ends.account_id = days.account_id
  where days.date <= ends.last_complete_day and days.date > ends.last_complete_day - 287
  group by days.account_id, days.date, days.is_settled, days.pulled_on - days.date
),

figures as (
  select account_id, date, currency, is_settled, days_after, 'spend' as metric, spend as amount, spend_unknown as unknowns
  from days
  union all
  select account_id, date, currency, is_settled, days_after, 'conversions', conversions, conversions_unknown
  from days
  union all
  select account_id, date, currency, is_settled, days_after, 'purchase_value', purchase_value, value_unknown
  from days
),

matured as (
  select
    figures.account_id as account_id,
    figures.metric as metric,
    figures.date as date,
    max(figures.currency) as currency,
    sum(figures.unknowns) as unknowns,
    min(
      case
        when figures.is_settled or curve.share_known is not null or figures.metric = 'spend' then 1
        else 0
      end
    ) as is_final,
    sum(
      case when figures.is_settled then figures.amount else figures.amount / coalesce(curve.share_known, 1) end
    ) as amount
  from figures
  left join curve
    on curve.account_id = figures.account_id
    and curve.metric = figures.metric
    and curve.days_after = figures.days_after
  group by figures.account_id, figures.metric, figures.date
),

-- A day that is not final counts once it is 7 days old: most of what comes has come.
starts as (
  select
    matured.account_id as account_id,
    matured.metric as metric,
    max(matured.currency) as currency,
    sum(matured.unknowns) as unknowns,
    min(matured.date) as first_day,
    max(ends.last_complete_day) as last_complete_day,
    coalesce(
      min(case when matured.is_final = 0 and matured.date > ends.last_complete_day - 7 then matured.date end) - 1,
      max(ends.last_complete_day)
    ) as origin
  from matured
  inner join ends on ends.account_id = matured.account_id
  group by matured.account_id, matured.metric
),

digits as (
  select 0 as n
  union all select 1
  union all select 2
  union all select 3
  union all select 4
  union all select 5
  union all select 6
),

-- 0 to 279: 7 × 40.
counts as (
  select 70 * fours.n + 7 * tens.n + digits.n as n
  from digits
  cross join (select n from digits union all select 7 union all select 8 union all select 9) as tens
  cross join (select n from digits where n < 4) as fours
),

calendar as (
  select
    starts.account_id as account_id,
    starts.metric as metric,
    starts.currency as currency,
    starts.last_complete_day as last_complete_day,
    starts.origin as origin,
    starts.origin - counts.n as date,
    counts.n as age
  from starts
  cross join counts
  where starts.unknowns = 0 and starts.origin - counts.n >= starts.first_day
),

final as (
  select
    calendar.account_id as account_id,
    calendar.metric as metric,
    calendar.currency as currency,
    calendar.last_complete_day as last_complete_day,
    calendar.origin as origin,
    calendar.date as date,
    calendar.age as age,
    coalesce(matured.amount, 0) as amount
  from calendar
  left join matured
    on matured.account_id = calendar.account_id
    and matured.metric = calendar.metric
    and matured.date = calendar.date
)

select * from final
