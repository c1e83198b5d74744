-- Grain: one row per campaign that has rows between $before (the first day of the span before) and
-- $until; figures of the span ($since to $until) and of the span before it.
-- A figure that is unknown on one row makes the sum unknown.
with days as (
  select
    campaign_id,
    campaign_name,
    date >= cast($since as date) as is_now,
    spend,
    purchase_value,
    conversions,
    impressions,
    clicks,
    is_settled
  from campaign_day
  where account_id = $account_id and date between cast($before as date) and cast($until as date)
),

final as (
  select
    campaign_id,
    max(campaign_name) as campaign_name,
    case when count(spend) filter (where is_now) = count(*) filter (where is_now)
      then coalesce(sum(spend) filter (where is_now), 0) end as spend,
    case when count(purchase_value) filter (where is_now) = count(*) filter (where is_now)
      then coalesce(sum(purchase_value) filter (where is_now), 0) end as purchase_value,
    case when count(conversions) filter (where is_now) = count(*) filter (where is_now)
      then coalesce(sum(conversions) filter (where is_now), 0) end as conversions,
    case when count(impressions) filter (where is_now) = count(*) filter (where is_now)
      then coalesce(sum(impressions) filter (where is_now), 0) end as impressions,
    case when count(clicks) filter (where is_now) = count(*) filter (where is_now)
      then coalesce(sum(clicks) filter (where is_now), 0) end as clicks,
    case when count(spend) filter (where not is_now) = count(*) filter (where not is_now)
      then coalesce(sum(spend) filter (where not is_now), 0) end as spend_before,
    case when count(purchase_value) filter (where not is_now) = count(*) filter (where not is_now)
      then coalesce(sum(purchase_value) filter (where not is_now), 0) end as purchase_value_before,
    case when count(conversions) filter (where not is_now) = count(*) filter (where not is_now)
      then coalesce(sum(conversions) filter (where not is_now), 0) end as conversions_before,
    case when count(impressions) filter (where not is_now) = count(*) filter (where not is_now)
      then coalesce(sum(impressions) filter (where not is_now), 0) end as impressions_before,
    case when count(clicks) filter (where not is_now) = count(*) filter (where not is_now)
      then coalesce(sum(clicks) filter (where not is_now), 0) end as clicks_before,
    count(*) filter (where is_now and not is_settled) > 0 as is_provisional
  from days
  group by campaign_id
)

select * from final
order by spend desc nulls last, campaign_id
