-- Grain: one row per ad account and dimension of audience_insights_aggregated: the settled spend of all its
-- values is what the campaigns spent on its days, within 1 % (days asked for at different times move).
with dimensions as (
  select
    account_id,
    dimension,
    sum(spend) as spend,
    min(first_day) as first_day,
    max(last_day) as last_day
  from curated.audience_insights_aggregated
  where period = 'lifetime' and dimension <> 'custom_audience'
  group by account_id, dimension
  having count(spend) = count(*) and min(case when is_settled then 1 else 0 end) = 1
),

days as (
  select account_id, date, sum(spend) as spend
  from curated.campaign_day
  group by account_id, date
),

campaigns as (
  select
    dimensions.account_id as account_id,
    dimensions.dimension as dimension,
    sum(days.spend) as spend
  from dimensions
  inner join days
    on days.account_id = dimensions.account_id
    and days.date between dimensions.first_day and dimensions.last_day
  group by dimensions.account_id, dimensions.dimension
),

final as (
  select
    dimensions.account_id as account_id,
    dimensions.dimension as place,
    cast(campaigns.spend as varchar) as expected,
    cast(dimensions.spend as varchar) as found,
    abs(dimensions.spend - campaigns.spend) <= campaigns.spend * 0.01 as is_ok,
    1 as rows
  from dimensions
  inner join campaigns
    on campaigns.account_id = dimensions.account_id
    and campaigns.dimension = dimensions.dimension
)

select * from final
