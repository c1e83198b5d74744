-- Grain: one row per ad account, day and account day of a pull that asked about all of the day's
-- campaigns: what the day was known as then, over all campaigns. NULL when a part of it is unknown.
-- A pull about a few campaigns only (`in`) shows at the next pull about all of them; the latest row
-- holds everything that is known, so that it adds up to the campaign days.
with batches as (
  select distinct
    cast(account_id as varchar) as account_id,
    cast(since as date) as since,
    cast(until as date) as until,
    cast(today as date) as asked_on
  from staging.batches
  where
    cast(dataset as varchar) = 'insights_campaign_day'
    and since is not null
    and until is not null
    and cast(campaigns_kind as varchar) <> 'in'
    and complete
),

versions as (
  select
    account_id,
    date,
    campaign_id,
    known_on,
    currency,
    spend,
    conversions,
    purchase_value,
    change,
    version
  from curated.restatement_day
),

days as (
  select account_id, date, max(currency) as currency
  from versions
  group by account_id, date
),

asks as (
  select distinct days.account_id as account_id, days.date as date, batches.asked_on as known_on
  from days
  inner join batches
    on batches.account_id = days.account_id
    and batches.since <= days.date
    and batches.until >= days.date
    and batches.asked_on >= days.date
),

marked as (
  select
    versions.*,
    case
      when change = 'withdrawn' then 0
      when spend is null or conversions is null or purchase_value is null then 1
      else 0
    end as is_unknown
  from versions
),

-- Each version takes the place of the one before it: what comes is added, what it replaces is taken away.
moves as (
  select
    account_id,
    date,
    known_on,
    coalesce(spend, 0) - coalesce(lag(spend) over history, 0) as spend,
    coalesce(conversions, 0) - coalesce(lag(conversions) over history, 0) as conversions,
    coalesce(purchase_value, 0) - coalesce(lag(purchase_value) over history, 0) as purchase_value,
    is_unknown - coalesce(lag(is_unknown) over history, 0) as unknowns
  from marked
  window history as (partition by account_id, date, campaign_id order by version)
),

points as (
  select account_id, date, known_on, spend, conversions, purchase_value, unknowns, 0 as is_ask
  from moves
  union all
  select account_id, date, known_on, 0, 0, 0, 0, 1
  from asks
),

steps as (
  select
    account_id,
    date,
    known_on,
    sum(spend) as spend,
    sum(conversions) as conversions,
    sum(purchase_value) as purchase_value,
    sum(unknowns) as unknowns,
    max(is_ask) as is_ask
  from points
  group by account_id, date, known_on
),

totals as (
  select
    account_id,
    date,
    known_on,
    is_ask,
    sum(spend) over known_then as spend,
    sum(conversions) over known_then as conversions,
    sum(purchase_value) over known_then as purchase_value,
    sum(unknowns) over known_then as unknowns,
    sum(spend) over day as spend_now,
    sum(conversions) over day as conversions_now,
    sum(purchase_value) over day as purchase_value_now,
    sum(unknowns) over day as unknowns_now
  from steps
  window
    day as (partition by account_id, date),
    known_then as (
      partition by account_id, date
      order by known_on
      rows between unbounded preceding and current row
    )
),

asked as (
  select
    totals.*,
    row_number() over (partition by account_id, date order by known_on desc) = 1 as is_latest
  from totals
  where is_ask = 1
),

final as (
  select
    asked.account_id as account_id,
    asked.date as date,
    asked.known_on as known_on,
    asked.known_on - asked.date as days_after,
    asked.is_latest as is_latest,
    days.currency as currency,
    case
      when asked.is_latest then case when asked.unknowns_now = 0 then asked.spend_now end
      when asked.unknowns = 0 then asked.spend
    end as spend,
    case
      when asked.is_latest then case when asked.unknowns_now = 0 then asked.conversions_now end
      when asked.unknowns = 0 then asked.conversions
    end as conversions,
    case
      when asked.is_latest then case when asked.unknowns_now = 0 then asked.purchase_value_now end
      when asked.unknowns = 0 then asked.purchase_value
    end as purchase_value
  from asked
  inner join days on days.account_id = asked.account_id and days.date = asked.date
)

select * from final
