-- Grain: one row per rule about delivery and tracking, ad account or campaign, and span of days on which the
-- rule holds: no delivery after a week of it every day; spend and clicks go on and purchases do not come.
-- What is true of the whole account is said of the account alone.
with limits as (
  select
    max(case when rule = 'delivery_stopped' then value end) as days,
    max(case when rule = 'purchases_missing' then value end) as expected
  from intermediate.alert_setting
  where subject = '' and setting <> 'enabled'
),

days as (
  select * from intermediate.subject_day
),

delivered as (
  select
    account_id,
    level,
    subject_id,
    date,
    count(*) over (
      partition by series
      order by day
      range between 6 preceding and current row
    ) as days_7d,
    lead(date) over (partition by series order by day) as next_day
  from days
  where impressions > 0
),

-- The newest gap counts while the campaign is set to deliver; the earlier ones ended with delivery.
gaps as (
  select
    delivered.account_id as account_id,
    delivered.level as level,
    delivered.subject_id as subject_id,
    delivered.date + 1 as first_day,
    coalesce(delivered.next_day - 1, account_days.last_complete_day) as last_day
  from delivered
  cross join limits
  inner join intermediate.account_days as account_days
    on account_days.account_id = delivered.account_id
  left join curated.campaigns as campaigns
    on campaigns.account_id = delivered.account_id
    and campaigns.campaign_id = delivered.subject_id
    and delivered.level = 'campaign'
  where
    delivered.days_7d = 7
    and coalesce(delivered.next_day - 1, account_days.last_complete_day) - delivered.date >= limits.days
    and (
      delivered.next_day is not null
      or delivered.level = 'account'
      or (
        campaigns.effective_status = 'ACTIVE'
        and (campaigns.stop_time is null or cast(campaigns.stop_time as date) > delivered.date + 1)
      )
    )
),

stopped as (
  select
    'delivery_stopped' as rule,
    gaps.account_id as account_id,
    gaps.level as level,
    gaps.subject_id as subject_id,
    gaps.first_day as first_day,
    gaps.last_day as last_day,
    3 as rank,
    cast(0 as double) as value,
    cast(null as double) as expected,
    'No impression on ' || cast(gaps.last_day - gaps.first_day + 1 as varchar) || ' complete '
    || case when gaps.last_day = gaps.first_day then 'day' else 'days' end || ' from '
    || cast(gaps.first_day as varchar) || ' on, after delivery on every day of the week before.' as evidence
  from gaps
  left join gaps as whole
    on whole.account_id = gaps.account_id
    and whole.level = 'account'
    and gaps.level = 'campaign'
    and gaps.first_day between whole.first_day and whole.last_day
  where whole.account_id is null
),

curve as (
  select account_id, days_after, share_known
  from curated.maturity_curve
  where metric = 'conversions' and is_enough
),

-- What the clicks of a day bring in the end, by the settled part of the 84 days before; of a young day only
-- what is known at its age, and half of it where the lake has not seen enough days grow.
expected as (
  select
    days.*,
    days.clicks
    * sum(case when days.is_settled then days.conversions end) over history
    / nullif(sum(case when days.is_settled then days.clicks end) over history, 0)
    * case when days.is_settled then 1 else coalesce(curve.share_known, 0.5) end as expected
  from days
  left join curve on curve.account_id = days.account_id and curve.days_after = days.age
  window history as (
    partition by days.series
    order by days.day
    range between 84 preceding and 1 preceding
  )
),

summed as (
  select
    expected.*,
    count(*) over three_days as days_3d,
    sum(expected) over three_days as expected_3d,
    sum(conversions) over three_days as conversions_3d,
    sum(clicks) over three_days as clicks_3d,
    sum(spend) over three_days as spend_3d
  from expected
  window three_days as (
    partition by series
    order by day
    range between 2 preceding and current row
  )
),

missing as (
  select
    summed.account_id as account_id,
    summed.level as level,
    summed.subject_id as subject_id,
    summed.date as date,
    case when summed.expected >= limits.expected then summed.expected else summed.expected_3d end as expected,
    case when summed.expected >= limits.expected then 1 else 3 end as length,
    case when summed.expected >= limits.expected then summed.clicks else summed.clicks_3d end as clicks,
    case when summed.expected >= limits.expected then summed.spend else summed.spend_3d end as spend,
    summed.currency as currency
  from summed
  cross join limits
  where
    summed.conversions = 0
    and summed.spend > 0
    and (
      summed.expected >= limits.expected
      or (summed.days_3d = 3 and summed.conversions_3d = 0 and summed.expected_3d >= limits.expected)
    )
),

untracked as (
  select
    'purchases_missing' as rule,
    missing.account_id as account_id,
    missing.level as level,
    missing.subject_id as subject_id,
    missing.date as first_day,
    missing.date as last_day,
    3 as rank,
    cast(0 as double) as value,
    round(missing.expected, 10) as expected,
    'No purchase on '
    || case when missing.length = 1 then 'this day' else 'the 3 days that end here' end
    || ', where ' || cast(cast(missing.expected as decimal(18, 0)) as varchar)
    || ' were to be expected by now: ' || cast(cast(missing.clicks as decimal(18, 0)) as varchar)
    || ' clicks and ' || cast(cast(missing.spend as decimal(18, 2)) as varchar)
    || coalesce(' ' || missing.currency, '') || ' were spent.' as evidence
  from missing
  left join missing as whole
    on whole.account_id = missing.account_id
    and whole.date = missing.date
    and whole.level = 'account'
    and missing.level = 'campaign'
  where whole.account_id is null
),

final as (
  select * from stopped
  union all
  select * from untracked
)

select * from final
