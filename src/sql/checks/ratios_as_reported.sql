-- Grain: one row per ad account, day and campaign whose cost per click, cost per 1,000 impressions or
-- click-through rate is not what the API says (0.5 % or rounding is allowed); one per account for all others.
with final as (
  select
    account_id,
    coalesce(cast(date as varchar) || ', campaign ' || campaign_id, 'all other days') as place,
    'the API''s own CPC, CPM and CTR' as expected,
    case when agrees then 'the same' else 'another figure' end as found,
    agrees as is_ok,
    sum(rows) as rows
  from partial.campaign_day_ratios
  group by account_id, date, campaign_id, agrees
)

select * from final
