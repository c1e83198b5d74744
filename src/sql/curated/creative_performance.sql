-- Grain: one row per ad account, creative and period in which an ad with it has a row: the last 7, 28 and 90
-- complete days, and all days (lifetime). NULL as creative: ads whose creative is not known.
-- Ranks go by the lower end of an 80 % interval of each rate, so that one purchase of two clicks does not win:
-- to what a creative did, 10 clicks, purchases or views are added at the account's own rate of the period
-- (prior_events), as if that had been seen before. Then, with n and k the sums so enlarged and p = k / n:
--   ctr_low, cvr_low, hook_rate_low   Wilson: (p + z²/2n − z √(p (1 − p) / n + z²/4n²)) / (1 + z²/n)
--   roas_low   k purchases for n spend: k (1 − 1/9k − z / 3√k)³ / n (Wilson and Hilferty's quantile of a
--              gamma distribution), times the value of a purchase
with rules as (
  select 10 as prior_events, 1.2815515655 as z
),

spans as (
  select '7d' as period, 1 as widest, 7 as length
  union all
  select '28d', 2, 28
  union all
  select '90d', 3, 90
  union all
  select 'lifetime', 4, null
),

-- Periods lie within one another, so each place is part of several.
totals as (
  select
    folded.account_id as account_id,
    folded.creative_id as creative_id,
    spans.period as period,
    max(folded.currency) as currency,
    min(folded.settled) as settled,
    sum(folded.ad_days) as ad_days,
    min(folded.first_day) as first_day,
    max(folded.last_day) as last_day,
    case when count(folded.spend) = count(*) then sum(folded.spend) end as spend,
    case when count(folded.impressions) = count(*) then sum(folded.impressions) end as impressions,
    case when count(folded.clicks) = count(*) then sum(folded.clicks) end as clicks,
    case when count(folded.link_clicks) = count(*) then sum(folded.link_clicks) end as link_clicks,
    case when count(folded.conversions) = count(*) then sum(folded.conversions) end as conversions,
    case when count(folded.purchase_value) = count(*) then sum(folded.purchase_value) end
      as purchase_value,
    case when count(folded.video_views_3s) = count(*) then sum(folded.video_views_3s) end
      as video_views_3s,
    sum(folded.video_thruplay) as video_thruplay,
    sum(folded.video_p25) as video_p25,
    sum(folded.video_p50) as video_p50,
    sum(folded.video_p75) as video_p75,
    sum(folded.video_p100) as video_p100
  from intermediate.creative_places as folded
  inner join spans on spans.widest >= folded.place
  group by folded.account_id, folded.creative_id, spans.period
),

-- What is usual in the account: of each rate over the creatives whose parts are known.
usual as (
  select
    account_id,
    period,
    cast(sum(case when impressions is not null then clicks end) as double)
      / nullif(sum(case when clicks is not null then impressions end), 0) as ctr,
    cast(sum(case when link_clicks is not null then conversions end) as double)
      / nullif(sum(case when conversions is not null then link_clicks end), 0) as cvr,
    cast(sum(case when video_views_3s > 0 and impressions is not null then video_views_3s end) as double)
      / nullif(sum(case when video_views_3s > 0 then impressions end), 0) as hook_rate,
    cast(sum(case when conversions is not null and purchase_value is not null then spend end) as double)
      / cast(nullif(sum(case when spend is not null and purchase_value is not null then conversions end), 0) as double)
      as cpa,
    cast(sum(case when conversions is not null and spend is not null then purchase_value end) as double)
      / cast(nullif(sum(case when spend is not null and purchase_value is not null then conversions end), 0) as double)
      as aov
  from totals
  group by account_id, period
),

-- Purchases after a view alone can outnumber link clicks: then each of them counts as one.
enlarged as (
  select
    totals.*,
    usual.hook_rate as usual_hook_rate,
    rules.z as z,
    case when totals.video_views_3s > 0 and totals.impressions > 0
      then cast(totals.video_views_3s as double) / totals.impressions
    end as hook_rate,
    case when totals.impressions > 0 then totals.clicks + rules.prior_events end as clicks_more,
    case when totals.impressions > 0 then totals.impressions + rules.prior_events / nullif(usual.ctr, 0) end
      as impressions_more,
    case when totals.link_clicks > 0 then cast(totals.conversions as double) + rules.prior_events end
      as conversions_more,
    case when totals.link_clicks > 0 then totals.link_clicks + rules.prior_events / nullif(usual.cvr, 0) end
      as link_clicks_more,
    case when totals.video_views_3s > 0 then totals.video_views_3s + rules.prior_events end as views_more,
    case
      when totals.video_views_3s > 0
        then totals.impressions + rules.prior_events / nullif(usual.hook_rate, 0)
    end as video_impressions_more,
    case when totals.spend > 0 then cast(totals.conversions as double) + rules.prior_events end
      as purchases_more,
    case when totals.spend > 0 then cast(totals.spend as double) + rules.prior_events * usual.cpa end
      as spend_more,
    (cast(totals.purchase_value as double) + rules.prior_events * usual.aov)
      / (cast(totals.conversions as double) + rules.prior_events) as aov_more
  from totals
  inner join usual on usual.account_id = totals.account_id and usual.period = totals.period
  cross join rules
),

shares as (
  select
    enlarged.*,
    least(1, clicks_more / impressions_more) as ctr_p,
    least(1, conversions_more / link_clicks_more) as cvr_p,
    least(1, views_more / video_impressions_more) as hook_p
  from enlarged
),

bounded as (
  select
    shares.*,
    (ctr_p + z * z / (2 * impressions_more)
      - z * sqrt(ctr_p * (1 - ctr_p) / impressions_more + z * z / (4 * impressions_more * impressions_more)))
      / (1 + z * z / impressions_more) as ctr_low,
    (cvr_p + z * z / (2 * link_clicks_more)
      - z * sqrt(cvr_p * (1 - cvr_p) / link_clicks_more + z * z / (4 * link_clicks_more * link_clicks_more)))
      / (1 + z * z / link_clicks_more) as cvr_low,
    (hook_p + z * z / (2 * video_impressions_more)
      - z * sqrt(
        hook_p * (1 - hook_p) / video_impressions_more
        + z * z / (4 * video_impressions_more * video_impressions_more)
      )) / (1 + z * z / video_impressions_more) as hook_rate_low,
    purchases_more * power(1 - 1 / (9 * purchases_more) - z / (3 * sqrt(purchases_more)), 3)
      * aov_more / nullif(spend_more, 0) as roas_low
  from shares
),

rounded as (
  select
    bounded.*,
    round(bounded.ctr_low, 10) as ctr_bound,
    round(bounded.cvr_low, 10) as cvr_bound,
    round(bounded.roas_low, 10) as roas_bound,
    round(bounded.hook_rate_low, 10) as hook_bound
  from bounded
),

ranked as (
  select
    rounded.*,
    rank() over (by_period order by spend desc nulls last) as spend_place,
    rank() over (by_period order by ctr_bound desc nulls last) as ctr_place,
    rank() over (by_period order by cvr_bound desc nulls last) as cvr_place,
    rank() over (by_period order by roas_bound desc nulls last) as roas_place,
    rank() over (by_period order by hook_bound desc nulls last) as hook_place
  from rounded
  window by_period as (
    partition by account_id, period, case when creative_id is null then 1 else 0 end
  )
),

creatives as (
  select
    cast(account_id as varchar) as account_id,
    cast(creative_id as varchar) as creative_id,
    cast(creative_name as varchar) as creative_name,
    cast(object_type as varchar) as object_type,
    cast(title as varchar) as title,
    cast(body as varchar) as body
  from staging.ad_creatives
),

uses as (
  select
    cast(account_id as varchar) as account_id,
    cast(creative_id as varchar) as creative_id,
    count(*) as ads,
    count(case when cast(effective_status as varchar) = 'ACTIVE' then 1 end) as active_ads,
    min(cast(ad_name as varchar)) as ad_name
  from staging.ads
  group by cast(account_id as varchar), cast(creative_id as varchar)
),

final as (
  select
    ranked.account_id as account_id,
    coalesce(ranked.creative_id, 'unknown') as creative_key,
    ranked.creative_id as creative_id,
    coalesce(creatives.creative_name, uses.ad_name) as creative_name,
    creatives.object_type as object_type,
    creatives.title as title,
    creatives.body as body,
    ranked.period as period,
    coalesce(ends.last_complete_day - (spans.length - 1), ends.first_date) as since,
    case when spans.length is null then ends.last_date else ends.last_complete_day end as until,
    ranked.currency as currency,
    coalesce(uses.ads, 0) as ads,
    coalesce(uses.active_ads, 0) as active_ads,
    ranked.ad_days as ad_days,
    ranked.first_day as first_day,
    ranked.last_day as last_day,
    ranked.settled = 1 as is_settled,
    ranked.spend as spend,
    ranked.impressions as impressions,
    ranked.clicks as clicks,
    ranked.link_clicks as link_clicks,
    ranked.conversions as conversions,
    ranked.purchase_value as purchase_value,
    round(cast(ranked.clicks as double) / nullif(ranked.impressions, 0), 10) as ctr,
    round(cast(ranked.conversions as double) / nullif(ranked.link_clicks, 0), 10) as cvr,
    round(cast(ranked.spend as double) / nullif(ranked.clicks, 0), 10) as cpc,
    round(cast(ranked.spend as double) * 1000 / nullif(ranked.impressions, 0), 10) as cpm,
    round(cast(ranked.spend as double) / cast(nullif(ranked.conversions, 0) as double), 10) as cpa,
    round(cast(ranked.purchase_value as double) / cast(nullif(ranked.spend, 0) as double), 10) as roas,
    ranked.video_views_3s as video_views_3s,
    ranked.video_thruplay as video_thruplay,
    round(ranked.hook_rate, 10) as hook_rate,
    round(ranked.hook_rate / nullif(ranked.usual_hook_rate, 0), 10) as thumb_stop_index,
    round(cast(ranked.video_thruplay as double) / nullif(ranked.video_views_3s, 0), 10) as hold_rate,
    round(cast(ranked.video_p25 as double) / nullif(ranked.video_views_3s, 0), 10) as hold_rate_p25,
    round(cast(ranked.video_p50 as double) / nullif(ranked.video_views_3s, 0), 10) as hold_rate_p50,
    round(cast(ranked.video_p75 as double) / nullif(ranked.video_views_3s, 0), 10) as hold_rate_p75,
    round(cast(ranked.video_p100 as double) / nullif(ranked.video_views_3s, 0), 10) as hold_rate_p100,
    ranked.ctr_bound as ctr_low,
    ranked.cvr_bound as cvr_low,
    ranked.roas_bound as roas_low,
    ranked.hook_bound as hook_rate_low,
    case when ranked.creative_id is not null and ranked.spend is not null then ranked.spend_place end
      as rank_spend,
    case when ranked.creative_id is not null and ranked.ctr_bound is not null then ranked.ctr_place end
      as rank_ctr,
    case when ranked.creative_id is not null and ranked.cvr_bound is not null then ranked.cvr_place end
      as rank_cvr,
    case when ranked.creative_id is not null and ranked.roas_bound is not null then ranked.roas_place end
      as rank_roas,
    case when ranked.creative_id is not null and ranked.hook_bound is not null then ranked.hook_place end
      as rank_hook_rate
  from ranked
  inner join intermediate.creative_ends as ends on ends.account_id = ranked.account_id
  inner join spans on spans.period = ranked.period
  left join creatives
    on creatives.account_id = ranked.account_id
    and creatives.creative_id = ranked.creative_id
  left join uses
    on uses.account_id = ranked.account_id
    and uses.creative_id = ranked.creative_id
)

select * from final
