-- Grain: one row per ad account that the lake knows, with its name, currency and time zone.
with entities as (
  select
    cast(account_id as varchar) as account_id,
    nullif(cast(account_name as varchar), '') as account_name,
    nullif(cast(currency as varchar), '') as currency,
    nullif(cast(timezone_name as varchar), '') as timezone
  from staging.ad_accounts
),

batches as (
  select
    cast(account_id as varchar) as account_id,
    nullif(cast(currency as varchar), '') as currency,
    nullif(cast(timezone as varchar), '') as timezone,
    cast(batch_id as varchar) as batch_id
  from staging.batches
  -- Exports are of accounts of all platforms; this table is of Meta's, as its API knows them.
  where cast(dataset as varchar) not like '%!_report' escape '!'
    and cast(dataset as varchar) not like '%!_insights' escape '!'
),

ids as (
  select account_id from entities
  union
  select account_id from batches
  union
  select account_id from partial.campaign_currency_days
  union
  select account_id from partial.ad_currency_days
),

-- A batch id begins with the instant it landed, so the greatest one is the newest.
ranked_batches as (
  select
    account_id,
    currency,
    timezone,
    row_number() over (partition by account_id order by batch_id desc) as newest_first
  from batches
  where currency is not null
),

final as (
  select
    ids.account_id as account_id,
    coalesce(entities.account_name, 'unknown account ' || ids.account_id) as account_name,
    coalesce(entities.currency, ranked_batches.currency) as currency,
    coalesce(entities.timezone, ranked_batches.timezone, 'UTC') as timezone
  from ids
  left join entities on entities.account_id = ids.account_id
  left join ranked_batches
    on ranked_batches.account_id = ids.account_id
    and ranked_batches.newest_first = 1
)

select * from final
