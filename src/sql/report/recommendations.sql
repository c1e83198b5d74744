-- Grain: one row per campaign that spent between $since and $until: what to do, over the shortest
-- period, from $period on, that is settled enough to say so; else why it cannot be said.
with running as (
  select campaign_id
  from campaign_day
  where account_id = $account_id and date between cast($since as date) and cast($until as date)
  group by campaign_id
  having sum(spend) > 0
),

lengths as (
  select * from (values ('7d', 1), ('14d', 2), ('28d', 3), ('90d', 4)) as known (period, length)
),

advice as (
  select
    roi.campaign_id,
    roi.campaign_name,
    roi.recommendation,
    roi.period,
    roi.since,
    roi.until,
    roi.spend,
    roi.conversions,
    roi.purchase_value,
    roi.roas,
    roi.roas_matured,
    roi.cpa,
    roi.marginal_roas,
    roi.share_of_spend,
    roi.share_of_value,
    roi.share_unsettled,
    roi.order_roas,
    roi.evidence,
    row_number() over (
      partition by roi.campaign_id
      order by
        case when roi.recommendation in ('wait: not settled', 'too little data') then 1 else 0 end,
        lengths.length
    ) as place
  from campaign_roi_analysis as roi
  inner join lengths on lengths.period = roi.period
  inner join running on running.campaign_id = roi.campaign_id
  where
    roi.account_id = $account_id
    and lengths.length >= (select max(length) from lengths as asked where asked.period = $period)
)

select
  campaign_id,
  campaign_name,
  recommendation,
  period,
  since,
  until,
  spend,
  conversions,
  purchase_value,
  roas,
  roas_matured,
  cpa,
  marginal_roas,
  share_of_spend,
  share_of_value,
  share_unsettled,
  order_roas,
  evidence
from advice
where place = 1
order by spend desc nulls last, campaign_id
