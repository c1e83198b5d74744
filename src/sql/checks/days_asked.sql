-- Grain: one row per ad account and answer about campaign days. Between the first day that was ever asked
-- for and the last there is none that nobody asked for: a day without delivery is known to be one.
with answers as (
  select
    cast(account_id as varchar) as account_id,
    cast(since as date) as since,
    cast(until as date) as until
  from staging.batches
  where dataset = 'insights_campaign_day' and since is not null
),

before as (
  select
    account_id,
    since,
    max(until) over (
      partition by account_id
      order by since, until
      rows between unbounded preceding and 1 preceding
    ) as asked_until
  from answers
),

final as (
  select
    account_id,
    cast(since as varchar) as place,
    'every day asked for' as expected,
    case
      when since > asked_until + 1
        then 'nobody asked for ' || cast(asked_until + 1 as varchar) || ' to ' || cast(since - 1 as varchar)
      else 'no gap'
    end as found,
    asked_until is null or since <= asked_until + 1 as is_ok,
    1 as rows
  from before
)

select * from final
