-- Days of two ads or campaigns ($a, $b) from $since to $until (both inclusive); without them the last 28 days up
-- to the newest complete day of the account, of the two accounts the earlier one.
with days as (
  select
    'campaign' as level, account_id, account_name, campaign_id as object_id, campaign_name as object_name, date,
    currency, is_settled, spend, impressions, clicks, link_clicks, conversions, purchase_value
  from campaign_day
  where campaign_id in ($a, $b)
  union all
  select
    'ad', account_id, account_name, ad_id, ad_name, date,
    currency, is_settled, spend, impressions, clicks, link_clicks, conversions, purchase_value
  from ad_day
  where ad_id in ($a, $b)
),

ends as (
  select min(coalesce(ad_accounts.last_complete_day, own.last_day)) as last_day
  from (select account_id, max(date) as last_day from days group by account_id) as own
  left join ad_accounts on ad_accounts.account_id = own.account_id
)

select
  days.level,
  days.account_id,
  days.object_id,
  days.object_name,
  cast(days.date as varchar) as date,
  days.currency,
  days.is_settled,
  days.spend,
  days.impressions,
  days.clicks,
  days.link_clicks,
  days.conversions,
  days.purchase_value,
  cast(coalesce(cast($until as date), ends.last_day) as varchar) as until,
  cast(coalesce(cast($since as date), coalesce(cast($until as date), ends.last_day) - 27) as varchar) as since
from days
cross join ends
order by days.object_id, days.account_id, days.date
