-- Grain: one row per ad account of Meta's, day, level and pull day: what was pulled at that level, added up.
with rows as (
  select account_id, date, 'ad' as level, pulled_on, spend
  from curated.ad_day
  union all
  select account_id, date, 'campaign' as level, pulled_on, spend
  from curated.campaign_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'ad_set' as level,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend
  from staging.insights_ad_set_day
  union all
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    'account' as level,
    cast(pulled_on as date) as pulled_on,
    cast(spend as decimal(18, 6)) as spend
  from staging.insights_account_day
),

final as (
  select
    account_id,
    date,
    level,
    pulled_on,
    count(*) as objects,
    count(spend) as known,
    sum(spend) as spend
  from rows
  group by account_id, date, level, pulled_on
)

select * from final
