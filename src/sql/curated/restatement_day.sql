-- Grain: one row per ad account, campaign, day and account day of a pull on which what is known of it
-- was new or different. Until the next row every pull said the same.
with versions as (
  select
    cast(account_id as varchar) as account_id,
    cast(date as date) as date,
    cast(campaign_id as varchar) as campaign_id,
    cast(batch_id as varchar) as batch_id,
    cast(known_on as date) as known_on,
    cast(page as varchar) as page,
    cast(row as bigint) as row,
    cast(state as varchar) as state,
    cast(currency as varchar) as currency,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(purchases as decimal(18, 6)) as conversions,
    cast(purchase_value as decimal(18, 6)) as purchase_value
  from staging.campaign_day_versions
),

-- Of several pulls on one day the last counts. Batch ids ascend in the order of landing.
ranked as (
  select
    versions.*,
    row_number() over (
      partition by account_id, campaign_id, date, known_on order by batch_id desc
    ) as newest_first
  from versions
),

-- What is withdrawn counts as nothing when changes are worked out; what is unreadable is unknown.
counted as (
  select
    ranked.*,
    case when state = 'withdrawn' then 0 else spend end as spend_counted,
    case when state = 'withdrawn' then 0 else conversions end as conversions_counted,
    case when state = 'withdrawn' then 0 else purchase_value end as value_counted
  from ranked
  where newest_first = 1
),

compared as (
  select
    counted.*,
    lag(state) over history as state_before,
    lag(impressions) over history as impressions_before,
    lag(clicks) over history as clicks_before,
    lag(spend_counted) over history as spend_before,
    lag(conversions_counted) over history as conversions_before,
    lag(value_counted) over history as value_before
  from counted
  window history as (partition by account_id, campaign_id, date order by known_on, batch_id)
),

-- Two pulls of one day may undo each other: then nothing is different to the day before.
different as (
  select *
  from compared
  where
    state_before is null
    or state_before <> state
    or impressions is distinct from impressions_before
    or clicks is distinct from clicks_before
    or spend_counted is distinct from spend_before
    or conversions_counted is distinct from conversions_before
    or value_counted is distinct from value_before
),

final as (
  select
    different.account_id as account_id,
    different.date as date,
    different.campaign_id as campaign_id,
    campaign_names.campaign_name as campaign_name,
    different.known_on as known_on,
    different.known_on - different.date as days_after,
    row_number() over history as version,
    row_number() over (
      partition by different.account_id, different.campaign_id, different.date
      order by different.known_on desc
    ) = 1 as is_latest,
    case
      when different.state_before is null then 'first'
      when different.state <> 'known' then different.state
      when different.state_before = 'withdrawn' then 'returned'
      else 'restated'
    end as change,
    different.currency as currency,
    different.spend as spend,
    different.impressions as impressions,
    different.clicks as clicks,
    different.conversions as conversions,
    different.purchase_value as purchase_value,
    case when different.state_before is not null then different.spend_counted - different.spend_before end
      as spend_change,
    case
      when different.state_before is not null
        then different.conversions_counted - different.conversions_before
    end as conversions_change,
    case when different.state_before is not null then different.value_counted - different.value_before end
      as purchase_value_change,
    different.batch_id as batch_id,
    different.page as page,
    different.row as row
  from different
  left join intermediate.campaign_names as campaign_names
    on campaign_names.account_id = different.account_id
    and campaign_names.campaign_id = different.campaign_id
  window history as (
    partition by different.account_id, different.campaign_id, different.date
    order by different.known_on
  )
)

select * from final
