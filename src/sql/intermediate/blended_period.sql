-- Grain: one row per ad account and period in which a channel has days: what was sold on them against
-- the spend of all channels, in US dollars (see channel_day). The same for all accounts with the same days.
with days as (
  select
    date,
    max(total_spend_usd) as spend_usd,
    max(revenue_usd) as revenue_usd,
    min(spend_note) as spend_note,
    min(revenue_note) as revenue_note
  from curated.channel_day
  group by date
),

final as (
  select
    periods.account_id as account_id,
    periods.period as period,
    periods.since as since,
    case when count(days.revenue_usd) = count(*) then sum(days.revenue_usd) end as revenue_usd,
    case when count(days.spend_usd) = count(*) then sum(days.spend_usd) end as spend_usd,
    case
      when count(days.revenue_usd) < count(*) then min(days.revenue_note)
      when count(days.spend_usd) < count(*) then min(days.spend_note)
    end as note
  from intermediate.account_periods as periods
  inner join days on days.date >= periods.since and days.date <= periods.until
  group by periods.account_id, periods.period, periods.since
)

select * from final
