-- Grain: one row per currency and day that has facts: what one unit is worth in US dollars, if known.
-- The rate is the last one on or before the day, and at most 7 days old. USD needs no rate.
with rates as (
  select
    cast(date as date) as fx_date,
    cast(currency as varchar) as currency,
    cast(usd_per_unit as decimal(18, 10)) as usd_per_unit
  from staging.fx_rates
),

facts as (
  select account_id, currency, date
  from partial.campaign_currency_days
  union
  select account_id, currency, date
  from partial.ad_currency_days
),

days as (
  select distinct
    coalesce(nullif(facts.currency, ''), accounts.currency) as currency,
    facts.date as date
  from facts
  left join intermediate.accounts as accounts on accounts.account_id = facts.account_id
),

candidates as (
  select
    days.currency as currency,
    days.date as date,
    rates.fx_date as fx_date,
    rates.usd_per_unit as usd_per_unit,
    row_number() over (
      partition by days.currency, days.date order by rates.fx_date desc
    ) as newest_first
  from days
  inner join rates
    on rates.currency = days.currency
    and rates.fx_date <= days.date
    and rates.fx_date >= cast(days.date - interval '7 days' as date)
  where days.currency <> 'USD'
),

final as (
  select
    days.currency as currency,
    days.date as date,
    case
      when days.currency = 'USD' then cast(1 as decimal(18, 10))
      else candidates.usd_per_unit
    end as usd_per_unit,
    candidates.fx_date as fx_date,
    case
      when days.currency = 'USD' or candidates.usd_per_unit is not null then cast(null as varchar)
      else 'no rate for ' || days.currency || ' on or within 7 days before '
        || cast(days.date as varchar)
    end as fx_note
  from days
  left join candidates
    on candidates.currency = days.currency
    and candidates.date = days.date
    and candidates.newest_first = 1
  where days.currency is not null
)

select * from final
