-- Grain: one row per ad account, campaign and period in which the campaign has a row: what to do, by
-- these rules, the first that holds; and the figures that say so.
--   1. too little data   at the account's cost per purchase its spend would not have brought 5 purchases
--                        (evidence_purchases), and it brought fewer; or a figure is unknown
--   2. hold              its objective is not to sell and it sold nothing: ROAS does not judge it
--   3. wait: not settled it cannot be told what its days that are not settled will come to, and they
--                        hold more than half of its spend (unsettled_share); or less than 70 % of its
--                        value is known by now (known_share)
--   4. stop              its ROAS is under 1 (break_even) and under half of the account's (stop_index), and
--                        its spend would have brought 10 purchases (stop_purchases)
--   5. scale             its ROAS is at least 1 and 1.2 times the account's (scale_index), and the last 20 %
--                        of its spend did not return less than 1, as far as that is known
--   6. fix               its ROAS is under 1 or under 0.8 times the account's (fix_index)
--   7. hold              otherwise
-- ROAS is the matured one where there is one (see campaign_day_matured), of the campaign and the account
-- alike, else the one that is known.
with rules as (
  select
    5 as evidence_purchases,
    0.5 as unsettled_share,
    0.7 as known_share,
    1.0 as break_even,
    0.5 as stop_index,
    10 as stop_purchases,
    1.2 as scale_index,
    0.8 as fix_index
),

campaigns as (
  select
    account_id,
    campaign_id,
    period,
    since,
    currency,
    objective,
    spend,
    spend_settled,
    spend_matured,
    conversions,
    purchase_value,
    value_matured
  from intermediate.campaign_period
),

accounts as (
  select
    account_id,
    period,
    since,
    case when count(spend) = count(*) then sum(spend) end as spend,
    case when count(conversions) = count(*) then sum(conversions) end as conversions,
    case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
    case when count(spend_matured) = count(*) then sum(spend_matured) end as spend_matured,
    case when count(value_matured) = count(*) then sum(value_matured) end as value_matured
  from campaigns
  group by account_id, period, since
),

compared as (
  select
    campaigns.*,
    cast(campaigns.purchase_value as double) / cast(nullif(campaigns.spend, 0) as double) as roas,
    cast(campaigns.value_matured as double) / cast(nullif(campaigns.spend_matured, 0) as double)
      as roas_matured,
    cast(accounts.purchase_value as double) / cast(nullif(accounts.spend, 0) as double)
      as account_roas,
    cast(accounts.value_matured as double) / cast(nullif(accounts.spend_matured, 0) as double)
      as account_roas_matured,
    cast(campaigns.spend as double) * cast(accounts.conversions as double)
      / cast(nullif(accounts.spend, 0) as double) as expected_purchases,
    1 - cast(campaigns.spend_settled as double) / cast(nullif(campaigns.spend, 0) as double)
      as share_unsettled,
    cast(campaigns.purchase_value as double) / cast(nullif(campaigns.value_matured, 0) as double)
      as share_known,
    marginal.marginal_roas as marginal_roas
  from campaigns
  inner join accounts
    on accounts.account_id = campaigns.account_id
    and accounts.period = campaigns.period
    and accounts.since = campaigns.since
  inner join intermediate.campaign_marginal as marginal
    on marginal.account_id = campaigns.account_id
    and marginal.campaign_id = campaigns.campaign_id
    and marginal.period = campaigns.period
    and marginal.since = campaigns.since
),

-- Both sides are taken in the same way: matured, or as known.
weighed as (
  select
    compared.*,
    roas_matured is not null and account_roas_matured is not null as is_matured,
    case
      when roas_matured is not null and account_roas_matured is not null then roas_matured
      else roas
    end as own_roas,
    case
      when roas_matured is not null and account_roas_matured is not null then account_roas_matured
      else account_roas
    end as other_roas
  from compared
),

judged as (
  select
    weighed.*,
    case
      when spend is null or conversions is null or purchase_value is null or own_roas is null
        or other_roas is null or expected_purchases is null
        then 'too little data'
      when expected_purchases < rules.evidence_purchases and conversions < rules.evidence_purchases
        then 'too little data'
      when conversions = 0 and objective is not null
        and objective not in (
          'OUTCOME_SALES', 'CONVERSIONS', 'PRODUCT_CATALOG_SALES', 'STORE_VISITS', 'APP_INSTALLS',
          'OUTCOME_APP_PROMOTION'
        )
        then 'hold'
      when not is_matured and share_unsettled > rules.unsettled_share then 'wait: not settled'
      when is_matured and share_known < rules.known_share then 'wait: not settled'
      when own_roas < rules.break_even and own_roas < rules.stop_index * other_roas
        and expected_purchases >= rules.stop_purchases
        then 'stop'
      when own_roas >= rules.break_even and own_roas >= rules.scale_index * other_roas
        and coalesce(marginal_roas, rules.break_even) >= rules.break_even
        then 'scale'
      when own_roas < rules.break_even or own_roas < rules.fix_index * other_roas then 'fix'
      else 'hold'
    end as recommendation
  from weighed
  cross join rules
),

final as (
  select
    account_id,
    campaign_id,
    period,
    since,
    account_roas,
    roas_matured,
    account_roas_matured,
    share_unsettled,
    share_known,
    expected_purchases,
    recommendation,
    case
      when spend is null or conversions is null or purchase_value is null
        then 'A figure of one of its days is unknown.'
      when spend = 0 then 'It spent nothing.'
      when expected_purchases is null or other_roas is null
        then 'A figure of the account is unknown, or it spent nothing.'
      else
        'ROAS ' || cast(cast(roas as decimal(18, 2)) as varchar)
        || case
          when is_matured and share_unsettled > 0
            then ', about ' || cast(cast(roas_matured as decimal(18, 2)) as varchar) || ' in the end'
          else ''
        end
        || ', of the account ' || cast(cast(other_roas as decimal(18, 2)) as varchar)
        || '. ' || cast(cast(conversions as decimal(18, 0)) as varchar) || ' purchases for '
        || cast(cast(spend as decimal(38, 2)) as varchar) || ' ' || coalesce(currency, '')
        || '; at the account''s cost per purchase it would be '
        || cast(cast(expected_purchases as decimal(18, 1)) as varchar)
        || '. ' || cast(cast(100 * share_unsettled as decimal(18, 0)) as varchar)
        || ' % of the spend is not settled.'
        || case
          when marginal_roas is not null
            then ' The last 20 % of the spend returned '
              || cast(cast(marginal_roas as decimal(18, 2)) as varchar) || '.'
          else ''
        end
    end as evidence
  from judged
)

select * from final
