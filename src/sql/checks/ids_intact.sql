-- Grain: one row per ad account and campaign of campaign_day. Ids are digits, and were never numbers: as a
-- number, an id of 18 digits loses its last ones, and then every id of the account ends with 0.
with campaigns as (
  select account_id, campaign_id, count(*) as days
  from curated.campaign_day
  group by account_id, campaign_id
),

accounts as (
  select
    account_id,
    count(*) as long_ids,
    sum(case when campaign_id like '%0' then 1 else 0 end) as ending_with_0
  from campaigns
  where length(campaign_id) >= 17
  group by account_id
),

final as (
  select
    campaigns.account_id as account_id,
    'campaign ' || campaigns.campaign_id as place,
    'digits, and not every id of the account ending with 0' as expected,
    campaigns.campaign_id as found,
    translate(campaigns.campaign_id, '0123456789', '') = ''
      and not (
        length(campaigns.campaign_id) >= 17
        and accounts.long_ids >= 6
        and accounts.ending_with_0 = accounts.long_ids
      ) as is_ok,
    campaigns.days as rows
  from campaigns
  left join accounts on accounts.account_id = campaigns.account_id
)

select * from final
