-- Grain: one row per campaign that was live between $since and $until: since when, its last 28 complete days
-- against the 28 before them, and its best 28 days ever. These are the account's last days, not those of the
-- report. `roas_matured` is what the ROAS of the 28 days will come to when all purchases are in.
select
  history.campaign_id as campaign_id,
  history.campaign_name as campaign_name,
  history.first_day as first_day,
  history.last_day as last_day,
  history.days_live as days_live,
  history.until as until,
  history.spend_28d as spend_28d,
  history.spend_before as spend_before,
  history.conversions_28d as conversions_28d,
  history.conversions_before as conversions_before,
  history.ctr_28d as ctr_28d,
  history.ctr_before as ctr_before,
  history.cpa_28d as cpa_28d,
  history.cpa_before as cpa_before,
  history.roas_28d as roas_28d,
  roi.roas_matured as roas_matured,
  history.roas_before as roas_before,
  history.best_roas as best_roas,
  history.best_until as best_until
from campaign_history as history
left join campaign_roi_analysis as roi
  on roi.account_id = history.account_id
  and roi.campaign_id = history.campaign_id
  and roi.period = '28d'
where
  history.account_id = $account_id
  and history.first_day <= cast($until as date)
  and history.last_day >= cast($since as date)
order by history.spend_28d desc nulls last, history.campaign_id
