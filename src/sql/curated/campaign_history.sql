-- Grain: one row per ad account and campaign that was ever shown or spent money: how long it has been live, its
-- last 28 complete days against the 28 before them, and its best 28 days ever.
-- Its best days are the 28 with the highest ROAS of those that are settled, with 10 purchases and more (fewer would
-- make the best of luck), and all of which the lake can hold: those that end 28 days after the account's first or later.
with rules as (
  select 10 as best_purchases
),

days as (
  select
    campaign_day.account_id as account_id,
    campaign_day.campaign_id as campaign_id,
    campaign_day.campaign_name as campaign_name,
    campaign_day.date as date,
    campaign_day.currency as currency,
    campaign_day.is_settled as is_settled,
    campaign_day.spend as spend,
    campaign_day.impressions as impressions,
    campaign_day.clicks as clicks,
    campaign_day.conversions as conversions,
    campaign_day.purchase_value as purchase_value,
    campaign_day.roas_28d as roas_28d,
    campaign_day.conversions_28d as conversions_28d,
    periods.until as until,
    case
      when campaign_day.date between periods.since and periods.until then 'now'
      when campaign_day.date between periods.since - 28 and periods.since - 1 then 'before'
    end as part
  from curated.campaign_day as campaign_day
  inner join intermediate.account_periods as periods
    on periods.account_id = campaign_day.account_id
    and periods.period = '28d'
),

-- A sum of which a part is unknown is unknown; a campaign without a row on the days delivered nothing.
parts as (
  select
    account_id,
    campaign_id,
    part,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value
  from days
  where part is not null
  group by account_id, campaign_id, part
),

campaigns as (
  select
    account_id,
    campaign_id,
    max(campaign_name) as campaign_name,
    max(currency) as currency,
    max(until) as until,
    min(case when impressions > 0 or spend > 0 then date end) as first_day,
    max(case when impressions > 0 or spend > 0 then date end) as last_day,
    count(case when impressions > 0 or spend > 0 then 1 end) as days_live
  from days
  group by account_id, campaign_id
),

starts as (
  select account_id, min(date) + 27 as first_whole
  from days
  group by account_id
),

ranked as (
  select
    days.account_id as account_id,
    days.campaign_id as campaign_id,
    days.date as date,
    days.roas_28d as roas_28d,
    row_number() over (
      partition by days.account_id, days.campaign_id
      order by days.roas_28d desc, days.date
    ) as place
  from days
  cross join rules
  inner join starts
    on starts.account_id = days.account_id
    and days.date >= starts.first_whole
  where days.is_settled
    and days.roas_28d is not null
    and days.conversions_28d >= rules.best_purchases
),

figures as (
  select
    campaigns.account_id as account_id,
    campaigns.campaign_id as campaign_id,
    campaigns.campaign_name as campaign_name,
    campaigns.currency as currency,
    campaigns.first_day as first_day,
    campaigns.last_day as last_day,
    campaigns.days_live as days_live,
    campaigns.until as until,
    case when now_part.account_id is null then 0 else now_part.spend end as spend_28d,
    case when before_part.account_id is null then 0 else before_part.spend end as spend_before,
    case when now_part.account_id is null then 0 else now_part.conversions end as conversions_28d,
    case when before_part.account_id is null then 0 else before_part.conversions end as conversions_before,
    cast(now_part.clicks as double) / nullif(now_part.impressions, 0) as ctr_28d,
    cast(before_part.clicks as double) / nullif(before_part.impressions, 0) as ctr_before,
    cast(now_part.spend as double) / cast(nullif(now_part.conversions, 0) as double) as cpa_28d,
    cast(before_part.spend as double) / cast(nullif(before_part.conversions, 0) as double) as cpa_before,
    cast(now_part.purchase_value as double) / cast(nullif(now_part.spend, 0) as double) as roas_28d,
    cast(before_part.purchase_value as double) / cast(nullif(before_part.spend, 0) as double) as roas_before,
    ranked.roas_28d as best_roas,
    ranked.date as best_until
  from campaigns
  left join parts as now_part
    on now_part.account_id = campaigns.account_id
    and now_part.campaign_id = campaigns.campaign_id
    and now_part.part = 'now'
  left join parts as before_part
    on before_part.account_id = campaigns.account_id
    and before_part.campaign_id = campaigns.campaign_id
    and before_part.part = 'before'
  left join ranked
    on ranked.account_id = campaigns.account_id
    and ranked.campaign_id = campaigns.campaign_id
    and ranked.place = 1
  where campaigns.first_day is not null
),

final as (
  select
    account_id,
    campaign_id,
    campaign_name,
    currency,
    first_day,
    last_day,
    days_live,
    until,
    spend_28d,
    spend_before,
    round(cast(spend_28d as double) / cast(nullif(spend_before, 0) as double) - 1, 10) as spend_change,
    conversions_28d,
    conversions_before,
    round(ctr_28d, 10) as ctr_28d,
    round(ctr_before, 10) as ctr_before,
    round(ctr_28d / nullif(ctr_before, 0) - 1, 10) as ctr_change,
    round(cpa_28d, 10) as cpa_28d,
    round(cpa_before, 10) as cpa_before,
    round(cpa_28d / nullif(cpa_before, 0) - 1, 10) as cpa_change,
    round(roas_28d, 10) as roas_28d,
    round(roas_before, 10) as roas_before,
    round(roas_28d / nullif(roas_before, 0) - 1, 10) as roas_change,
    best_roas,
    best_until,
    round(roas_28d / nullif(best_roas, 0), 10) as share_of_best
  from figures
)

select * from final
