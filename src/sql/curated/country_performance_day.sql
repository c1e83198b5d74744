-- Grain: one row per platform, ad account, day (account time zone), campaign and country.
-- From Meta's breakdown by country and from exports that are broken down by country and by nothing else; the
-- former wins for a day of an account, unless the preference `prefer` says `exports`. Its sum can differ from
-- ad_performance_day: a platform does not place every conversion. Rows whose account is told by their ids are
-- that account's.
with exported as (
  select
    reports.platform as platform,
    coalesce(owned.owner_id, reports.account_id) as account_id,
    reports.date_start as date_start,
    reports.campaign_id as campaign_id,
    reports.campaign_name as campaign_name,
    reports.country as country,
    reports.currency as currency,
    reports.spend as spend,
    reports.impressions as impressions,
    reports.clicks as clicks,
    reports.purchases as purchases,
    reports.purchase_value as purchase_value,
    reports.conversions as conversions,
    reports.conversion_value as conversion_value,
    reports.platform = 'meta' or (reports.conversions is null and reports.conversion_value is null)
      as counts_purchases,
    case reports.level when 'ad' then 4 when 'ad_set' then 3 when 'campaign' then 2 else 1 end as fineness
  from intermediate.reports as reports
  left join intermediate.report_owned as owned
    on owned.source = reports.source
    and owned.platform = reports.platform
    and owned.account_id = reports.account_id
    and owned.date_start = reports.date_start
    and owned.date_stop = reports.date_stop
    and owned.level = reports.level
    and owned.object_key = reports.object_key
    and owned.occurrence = reports.occurrence
    and owned.country = reports.country
    and owned.age is null
    and owned.gender is null
    and owned.region is null
    and owned.publisher_platform is null
    and owned.platform_position is null
    and owned.device_platform is null
    and owned.hour is null
    and owned.segment is null
  where reports.source = 'export'
    and reports.date_start = reports.date_stop
    and reports.country is not null
    and reports.age is null
    and reports.gender is null
    and reports.region is null
    and reports.publisher_platform is null
    and reports.platform_position is null
    and reports.device_platform is null
    and reports.hour is null
    and reports.segment is null
    and coalesce(owned.is_told, false) = false
),

-- One level a day, the finest at which a file came: campaigns are then its sums.
finest as (
  select
    exported.*,
    max(fineness) over (partition by platform, account_id, date_start) as most_fine
  from exported
),

rows as (
  select
    'export' as source,
    cast(platform as varchar) as platform,
    cast(account_id as varchar) as account_id,
    cast(date_start as date) as date,
    coalesce(cast(campaign_id as varchar), cast(campaign_name as varchar), '') as campaign_key,
    cast(campaign_id as varchar) as campaign_id,
    cast(campaign_name as varchar) as campaign_name,
    cast(country as varchar) as country,
    cast(currency as varchar) as currency,
    cast(spend as decimal(18, 6)) as spend,
    cast(impressions as bigint) as impressions,
    cast(clicks as bigint) as clicks,
    cast(case when counts_purchases then purchases else conversions end as decimal(18, 6)) as conversions,
    cast(case when counts_purchases then purchase_value else conversion_value end as decimal(18, 6))
      as conversions_value
  from finest
  where fineness = most_fine
  union all
  select
    'api' as source,
    'meta' as platform,
    cast(days.account_id as varchar) as account_id,
    cast(days.date as date) as date,
    coalesce(cast(days.campaign_id as varchar), '') as campaign_key,
    cast(days.campaign_id as varchar) as campaign_id,
    campaign_names.campaign_name as campaign_name,
    coalesce(cast(days.country as varchar), '') as country,
    coalesce(nullif(cast(days.currency as varchar), ''), accounts.currency) as currency,
    cast(days.spend as decimal(18, 6)) as spend,
    cast(days.impressions as bigint) as impressions,
    cast(days.clicks as bigint) as clicks,
    cast(days.purchases as decimal(18, 6)) as conversions,
    cast(days.purchase_value as decimal(18, 6)) as conversions_value
  from staging.insights_country_day as days
  left join intermediate.accounts as accounts on accounts.account_id = days.account_id
  left join intermediate.campaign_names as campaign_names
    on campaign_names.account_id = days.account_id
    and campaign_names.campaign_id = days.campaign_id
),

preferences as (
  select cast(subject as varchar) as platform, cast(value as varchar) as preferred
  from staging.preferences
  where cast(name as varchar) = 'prefer'
),

sources as (
  select
    rows.platform as platform,
    rows.account_id as account_id,
    rows.date as date,
    rows.source as source,
    row_number() over (
      partition by rows.platform, rows.account_id, rows.date
      order by
        case
          when (rows.source = 'export') = (coalesce(own.preferred, general.preferred, 'api') = 'exports') then 0
          else 1
        end
    ) as place
  from (select distinct platform, account_id, date, source from rows) as rows
  left join preferences as own on own.platform = rows.platform
  left join preferences as general on general.platform = ''
),

totals as (
  select
    rows.source as source,
    rows.platform as platform,
    rows.account_id as account_id,
    rows.date as date,
    rows.campaign_key as campaign_key,
    max(rows.campaign_id) as campaign_id,
    max(rows.campaign_name) as campaign_name,
    rows.country as country,
    max(rows.currency) as currency,
    case when count(rows.spend) = count(*) then sum(rows.spend) end as spend,
    case when count(rows.impressions) = count(*) then sum(rows.impressions) end as impressions,
    case when count(rows.clicks) = count(*) then sum(rows.clicks) end as clicks,
    case when count(rows.conversions) = count(*) then sum(rows.conversions) end as conversions,
    case when count(rows.conversions_value) = count(*) then sum(rows.conversions_value) end
      as conversions_value
  from rows
  inner join sources
    on sources.platform = rows.platform
    and sources.account_id = rows.account_id
    and sources.date = rows.date
    and sources.source = rows.source
    and sources.place = 1
  group by rows.source, rows.platform, rows.account_id, rows.date, rows.campaign_key, rows.country
),

final as (
  select
    totals.platform || case when totals.source = 'api' then '_api' else '_export' end as source_relation,
    totals.date as date_day,
    totals.date as date,
    totals.platform as platform,
    totals.account_id as account_id,
    totals.campaign_key as campaign_key,
    totals.campaign_id as campaign_id,
    totals.campaign_name as campaign_name,
    totals.country as country,
    totals.currency as currency,
    totals.clicks as clicks,
    totals.impressions as impressions,
    totals.spend as spend,
    totals.conversions as conversions,
    totals.conversions_value as conversions_value,
    case
      when totals.spend = 0 then cast(0 as decimal(18, 6))
      when totals.currency = 'USD' then cast(totals.spend as decimal(18, 6))
      else cast(round(cast(totals.spend as decimal(38, 6)) * rates.usd_per_unit, 6) as decimal(18, 6))
    end as spend_usd,
    case
      when totals.conversions_value = 0 then cast(0 as decimal(18, 6))
      when totals.currency = 'USD' then cast(totals.conversions_value as decimal(18, 6))
      else cast(round(cast(totals.conversions_value as decimal(38, 6)) * rates.usd_per_unit, 6) as decimal(18, 6))
    end as conversions_value_usd
  from totals
  left join intermediate.daily_rates as rates
    on rates.currency = totals.currency and rates.date = totals.date
)

select * from final
