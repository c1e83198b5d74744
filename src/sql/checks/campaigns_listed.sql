-- Grain: one row per ad account and campaign of campaign_day, where campaigns of the account are listed at
-- all. What brought figures is in the list of campaigns.
with listed as (
  select account_id, campaign_id
  from curated.campaigns
),

accounts as (
  select distinct account_id
  from listed
),

days as (
  select account_id, campaign_id, count(*) as rows
  from curated.campaign_day
  group by account_id, campaign_id
),

final as (
  select
    days.account_id as account_id,
    'campaign ' || days.campaign_id as place,
    'in the list of campaigns' as expected,
    case when listed.campaign_id is null then 'not listed' else 'listed' end as found,
    listed.campaign_id is not null as is_ok,
    days.rows as rows
  from days
  inner join accounts on accounts.account_id = days.account_id
  left join listed
    on listed.account_id = days.account_id
    and listed.campaign_id = days.campaign_id
)

select * from final
