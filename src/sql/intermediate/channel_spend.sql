-- Grain: one row per day and ad platform, for every day from the platform's first to its last one in the lake.
-- A day between them without a row is a day without delivery: 0, and not unknown.
with accounts as (
  select
    date,
    platform,
    account_id,
    max(case when source_relation = 'meta_api' and level in ('ad', 'ad_set') then pulled_on end)
      as details_pulled_on,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    min(fx_note) as spend_note,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(conversions_value_usd) = count(*) then sum(conversions_value_usd) end
      as conversions_value_usd
  from curated.ad_performance_day
  group by date, platform, account_id
),

-- Old days of details may wait for their day of the week, while late conversions come in by campaign.
campaigns as (
  select
    account_id,
    date,
    max(pulled_on) as pulled_on,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value_usd) = count(*) then sum(purchase_value_usd) end as purchase_value_usd
  from curated.campaign_day
  group by account_id, date
),

newest as (
  select
    accounts.date as date,
    accounts.platform as platform,
    accounts.spend_usd as spend_usd,
    accounts.spend_note as spend_note,
    accounts.impressions as impressions,
    accounts.clicks as clicks,
    case
      when campaigns.pulled_on > accounts.details_pulled_on
        then coalesce(campaigns.conversions, accounts.conversions)
      else accounts.conversions
    end as conversions,
    case
      when campaigns.pulled_on > accounts.details_pulled_on
        then coalesce(campaigns.purchase_value_usd, accounts.conversions_value_usd)
      else accounts.conversions_value_usd
    end as conversions_value_usd
  from accounts
  left join campaigns
    on campaigns.account_id = accounts.account_id
    and campaigns.date = accounts.date
    and accounts.details_pulled_on is not null
),

facts as (
  select
    date,
    platform as channel,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    min(spend_note) as spend_note,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as attributed_conversions,
    case when count(conversions_value_usd) = count(*) then sum(conversions_value_usd) end
      as attributed_value_usd
  from newest
  group by date, platform
),

spans as (
  select channel, min(date) as first_day, max(date) as last_day
  from facts
  group by channel
),

all_days as (
  select date from facts
  union
  select date from intermediate.shop_day
),

final as (
  select
    all_days.date as date,
    spans.channel as channel,
    case when facts.date is null then 0 else facts.spend_usd end as spend_usd,
    case when facts.spend_usd is null then facts.spend_note end as spend_note,
    case when facts.date is null then 0 else facts.impressions end as impressions,
    case when facts.date is null then 0 else facts.clicks end as clicks,
    case when facts.date is null then 0 else facts.attributed_conversions end as attributed_conversions,
    case when facts.date is null then 0 else facts.attributed_value_usd end as attributed_value_usd
  from spans
  inner join all_days on all_days.date between spans.first_day and spans.last_day
  left join facts on facts.channel = spans.channel and facts.date = all_days.date
)

select * from final
