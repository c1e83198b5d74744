-- Grain: one row per ad account, campaign and period in which the campaign has a row: what the last
-- 20 % of its spend returned, or why that cannot be said.
-- The settled days with spend are put in order of their spend and cut into halves (the middle one of an
-- odd number is left out). Between the mean days of the halves value grows as spend to the power of
-- elasticity = ln(value_high / value_low) / ln(spend_high / spend_low). With 80 % of the spend there
-- would have been 0.8 ^ elasticity of the value, so the last 20 % returned
-- roas * (1 - 0.8 ^ elasticity) / 0.2.
with rules as (
  select 14 as least_days, 20 as least_conversions, 1.2 as least_contrast
),

members as (
  select
    account_id,
    campaign_id,
    period,
    since,
    until,
    row_number() over (order by account_id, campaign_id, period, since) as member
  from intermediate.campaign_period
),

days as (
  select
    members.member as member,
    campaign_day.date as date,
    campaign_day.spend as spend,
    campaign_day.purchase_value as purchase_value,
    campaign_day.conversions as conversions
  from members
  inner join curated.campaign_day as campaign_day
    on campaign_day.account_id = members.account_id
    and campaign_day.campaign_id = members.campaign_id
    and campaign_day.date >= members.since
    and campaign_day.date <= members.until
  where
    campaign_day.is_settled
    and campaign_day.spend > 0
    and campaign_day.purchase_value is not null
    and campaign_day.conversions is not null
),

ranked as (
  select
    days.*,
    row_number() over (partition by member order by spend, date) as place,
    count(*) over (partition by member) as total
  from days
),

halves as (
  select
    member,
    max(total) as days,
    sum(conversions) as conversions,
    sum(spend) as spend,
    sum(purchase_value) as purchase_value,
    cast(sum(case when place * 2 < total + 1 then spend end) as double) as spend_low,
    cast(sum(case when place * 2 > total + 1 then spend end) as double) as spend_high,
    cast(sum(case when place * 2 < total + 1 then purchase_value end) as double) as value_low,
    cast(sum(case when place * 2 > total + 1 then purchase_value end) as double) as value_high
  from ranked
  group by member
),

judged as (
  select
    halves.*,
    case
      when halves.days < rules.least_days then 'fewer than 14 settled days with spend'
      when halves.conversions < rules.least_conversions then 'fewer than 20 conversions on settled days'
      when halves.spend_high < rules.least_contrast * halves.spend_low
        then 'spend hardly differs between days'
      when halves.value_low <= 0 or halves.value_high <= 0 then 'a half of the days has no value'
    end as note
  from halves
  cross join rules
),

bent as (
  select
    judged.*,
    case when note is null then ln(value_high / value_low) / ln(spend_high / spend_low) end
      as elasticity
  from judged
),

final as (
  select
    members.account_id as account_id,
    members.campaign_id as campaign_id,
    members.period as period,
    members.since as since,
    bent.elasticity as elasticity,
    cast(bent.purchase_value as double) / cast(nullif(bent.spend, 0) as double)
      * (1 - power(0.8, bent.elasticity)) / 0.2 as marginal_roas,
    case when bent.member is null then 'fewer than 14 settled days with spend' else bent.note end
      as note
  from members
  left join bent on bent.member = members.member
)

select * from final
