-- Grain: one row per ad account and complete day (level account), and per campaign and complete day with
-- a row (level campaign). Of an account it is the sum over its campaigns, unknown where one is; reach
-- and frequency do not add up, so they are those that were asked for the account as such, else NULL.
-- `series` and `day`: a number for each account or campaign, here and now, and for each day: windows over numbers take
-- half the time of windows over texts and dates.
with campaigns as (
  select
    campaign_day.account_id as account_id,
    campaign_day.campaign_id as campaign_id,
    campaign_day.date as date,
    campaign_day.currency as currency,
    campaign_day.is_settled as is_settled,
    campaign_day.pulled_on - campaign_day.date as age,
    campaign_day.spend as spend,
    campaign_day.impressions as impressions,
    campaign_day.reach as reach,
    campaign_day.frequency as frequency,
    campaign_day.clicks as clicks,
    campaign_day.conversions as conversions,
    campaign_day.purchase_value as purchase_value
  from curated.campaign_day as campaign_day
  inner join intermediate.account_days as account_days
    on account_days.account_id = campaign_day.account_id
    and campaign_day.date <= account_days.last_complete_day
),

asked_for as (
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(reach as bigint) as reach,
    cast(frequency as double) as frequency
  from staging.insights_account_day
),

accounts as (
  select
    account_id,
    date,
    max(currency) as currency,
    min(case when is_settled then 1 else 0 end) = 1 as is_settled,
    min(age) as age,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value
  from campaigns
  group by account_id, date
),

subjects as (
  select
    account_id,
    'campaign' as level,
    campaign_id as subject_id,
    date,
    currency,
    is_settled,
    age,
    cast(spend as double) as spend,
    cast(impressions as double) as impressions,
    cast(reach as double) as reach,
    cast(frequency as double) as frequency,
    cast(clicks as double) as clicks,
    cast(conversions as double) as conversions,
    cast(purchase_value as double) as purchase_value
  from campaigns
  union all
  select
    accounts.account_id,
    'account',
    accounts.account_id,
    accounts.date,
    accounts.currency,
    accounts.is_settled,
    accounts.age,
    cast(accounts.spend as double),
    cast(accounts.impressions as double),
    cast(asked_for.reach as double),
    asked_for.frequency,
    cast(accounts.clicks as double),
    cast(accounts.conversions as double),
    cast(accounts.purchase_value as double)
  from accounts
  left join asked_for
    on asked_for.account_id = accounts.account_id and asked_for.date = accounts.date
),

series as (
  select account_id, level, subject_id, row_number() over (order by account_id, level, subject_id) as series
  from (select distinct account_id, level, subject_id from subjects) as names
),

final as (
  select
    subjects.*,
    series.series as series,
    subjects.date - cast('2000-01-01' as date) as day
  from subjects
  inner join series
    on series.account_id = subjects.account_id
    and series.level = subjects.level
    and series.subject_id = subjects.subject_id
)

select * from final
