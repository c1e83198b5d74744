-- Grain: one row per creative that spent in the account's last complete days: 7, 28 or 90, whichever is
-- nearest to $period; with how tired people are of it, over its last 28 complete days.
select
  performance.creative_id as creative_id,
  performance.creative_name as creative_name,
  performance.object_type as object_type,
  performance.title as title,
  performance.since as since,
  performance.until as until,
  performance.active_ads as active_ads,
  performance.spend as spend,
  performance.impressions as impressions,
  performance.conversions as conversions,
  performance.purchase_value as purchase_value,
  performance.roas as roas,
  performance.roas_low as roas_low,
  performance.ctr as ctr,
  performance.cvr as cvr,
  performance.hook_rate as hook_rate,
  performance.hold_rate as hold_rate,
  performance.rank_roas as rank_roas,
  fatigue.age_days as age_days,
  fatigue.ctr_change as ctr_change,
  fatigue.cvr_change as cvr_change,
  fatigue.frequency_last as frequency_last,
  fatigue.fatigue_score as fatigue_score,
  fatigue.recommendation as recommendation,
  other.creative_name as rotate_to,
  fatigue.evidence as evidence
from creative_performance as performance
left join creative_fatigue as fatigue
  on fatigue.account_id = performance.account_id and fatigue.creative_id = performance.creative_id
left join creative_fatigue as other
  on other.account_id = fatigue.account_id and other.creative_id = fatigue.rotate_to_creative_id
where
  performance.account_id = $account_id
  and performance.period = case when cast($period as varchar) = '14d' then '28d' else $period end
  and performance.spend > 0
order by performance.spend desc, performance.creative_key
