-- Grain: one row per day and ad platform, for every day from the platform's first to its last one in the lake.
-- A day between them without a row is a day without delivery: 0, and not unknown.
with facts as (
  select
    date,
    platform as channel,
    case when count(spend_usd) = count(*) then sum(spend_usd) end as spend_usd,
    min(fx_note) as spend_note,
    case when count(impressions) = count(*) then sum(impressions) end as impressions,
    case when count(clicks) = count(*) then sum(clicks) end as clicks,
    case when count(conversions) = count(*) then sum(conversions) end as attributed_conversions,
    case when count(conversions_value_usd) = count(*) then sum(conversions_value_usd) end
      as attributed_value_usd
  from curated.ad_performance_day
  group by date, platform
),

-- Old days of ads may wait for their day of the week, while late conversions come in by campaign: what a
-- campaign has had since its ads were asked for is added. A campaign without ads on the day counts when
-- it spent nothing, or what its deleted ads had would come and go with the days of the week.
open_days as (
  select account_id, date, max(pulled_on) as pulled_on
  from curated.ad_performance_day
  where source_relation = 'meta_api' and level in ('ad', 'ad_set') and not is_settled
  group by account_id, date
),

details as (
  select
    ads.account_id as account_id,
    ads.date as date,
    ads.campaign_id as campaign_id,
    max(ads.pulled_on) as pulled_on,
    case when count(ads.conversions) = count(*) then sum(ads.conversions) end as conversions,
    case when count(ads.conversions_value_usd) = count(*) then sum(ads.conversions_value_usd) end
      as value_usd
  from curated.ad_performance_day as ads
  inner join open_days on open_days.account_id = ads.account_id and open_days.date = ads.date
  where ads.platform = 'meta'
  group by ads.account_id, ads.date, ads.campaign_id
),

late as (
  select
    campaigns.date as date,
    'meta' as channel,
    sum(campaigns.conversions - case when details.date is null then 0 else details.conversions end)
      as conversions,
    sum(campaigns.purchase_value_usd - case when details.date is null then 0 else details.value_usd end)
      as value_usd
  from curated.campaign_day as campaigns
  inner join open_days on open_days.account_id = campaigns.account_id and open_days.date = campaigns.date
  left join details
    on details.account_id = campaigns.account_id
    and details.date = campaigns.date
    and details.campaign_id = campaigns.campaign_id
  where
    campaigns.pulled_on > coalesce(details.pulled_on, open_days.pulled_on)
    and (details.date is not null or campaigns.spend = 0)
  group by campaigns.date
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
    case when facts.date is null then 0 else facts.attributed_conversions + coalesce(late.conversions, 0) end
      as attributed_conversions,
    case when facts.date is null then 0 else facts.attributed_value_usd + coalesce(late.value_usd, 0) end
      as attributed_value_usd
  from spans
  inner join all_days on all_days.date between spans.first_day and spans.last_day
  left join facts on facts.channel = spans.channel and facts.date = all_days.date
  left join late on late.channel = spans.channel and late.date = all_days.date
)

select * from final
