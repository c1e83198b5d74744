-- Grain: one row per currency and day that has a rate: what one unit is worth in US dollars.
-- The rate of a day is the last one on or before it, and at most 7 days old, so a weekend has the rate
-- of its Friday. USD is not in here: it needs no rate.
with rates as (
  select
    cast(date as date) as fx_date,
    cast(currency as varchar) as currency,
    cast(usd_per_unit as decimal(18, 10)) as usd_per_unit
  from staging.fx_rates
),

ages as (
  select 0 as days union all select 1 union all select 2 union all select 3
  union all select 4 union all select 5 union all select 6 union all select 7
),

candidates as (
  select
    rates.currency as currency,
    cast(rates.fx_date + ages.days as date) as date,
    rates.fx_date as fx_date,
    rates.usd_per_unit as usd_per_unit,
    row_number() over (
      partition by rates.currency, cast(rates.fx_date + ages.days as date) order by ages.days
    ) as newest_first
  from rates
  cross join ages
),

final as (
  select currency, date, usd_per_unit, fx_date
  from candidates
  where newest_first = 1
)

select * from final
