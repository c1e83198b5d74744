-- Grain: one row per campaign that spent within the account's last 7 complete days: how the same money
-- could be split otherwise. Advice: the curves come from no experiment.
select
  campaign_id,
  campaign_name,
  as_of,
  basis,
  spend_per_day,
  suggested_spend_per_day,
  change_per_day,
  change_share,
  marginal_roas,
  suggested_marginal_roas,
  account_spend_per_day,
  account_gain_per_day,
  account_gain_low,
  account_gain_high,
  advice
from budget_allocation
where account_id = $account_id
order by abs(change_per_day) desc nulls last, spend_per_day desc nulls last, campaign_id
