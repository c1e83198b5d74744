-- Grain: one row per platform, ad account and benchmark that the owner has: the account's own figure of the same
-- metric beside it, over its last 28 days, of the same objective or country where the benchmark has one.
-- Like is compared with like: money in the currency of the benchmark alone. What is not compared says why.
with benchmarks as (
  select
    cast(source as varchar) as source,
    cast(industry as varchar) as industry,
    cast(platform as varchar) as platform,
    cast(objective as varchar) as objective,
    cast(country as varchar) as country,
    cast(metric as varchar) as metric,
    cast(currency as varchar) as currency,
    cast(low as decimal(18, 6)) as low,
    cast(median as decimal(18, 6)) as median,
    cast(high as decimal(18, 6)) as high
  from staging.benchmarks
),

accounts as (
  select
    platform,
    account_id,
    max(account_name) as account_name,
    max(date_day) as until
  from curated.ad_performance_day
  group by platform, account_id
),

rows as (
  select
    platform,
    account_id,
    '' as objective,
    '' as country,
    date_day as date,
    currency,
    spend,
    impressions,
    clicks,
    conversions,
    conversions_value
  from curated.ad_performance_day
  union all
  select
    'meta',
    account_id,
    objective,
    '',
    date,
    currency,
    spend,
    impressions,
    clicks,
    conversions,
    purchase_value
  from curated.campaign_day
  where objective is not null
  union all
  select
    platform,
    account_id,
    '',
    country,
    date,
    currency,
    spend,
    impressions,
    clicks,
    conversions,
    conversions_value
  from curated.country_performance_day
  where country is not null
),

-- A sum of which a part is unknown is unknown.
sums as (
  select
    rows.platform as platform,
    rows.account_id as account_id,
    rows.objective as objective,
    rows.country as country,
    case when min(rows.currency) = max(rows.currency) then max(rows.currency) end as currency,
    cast(case when count(rows.spend) = count(*) then sum(rows.spend) end as double) as spend,
    cast(case when count(rows.impressions) = count(*) then sum(rows.impressions) end as double) as impressions,
    cast(case when count(rows.clicks) = count(*) then sum(rows.clicks) end as double) as clicks,
    cast(case when count(rows.conversions) = count(*) then sum(rows.conversions) end as double) as conversions,
    cast(case when count(rows.conversions_value) = count(*) then sum(rows.conversions_value) end as double) as value
  from rows
  inner join accounts
    on accounts.platform = rows.platform
    and accounts.account_id = rows.account_id
    and rows.date between accounts.until - 27 and accounts.until
  group by rows.platform, rows.account_id, rows.objective, rows.country
),

paired as (
  select
    accounts.platform as platform,
    accounts.account_id as account_id,
    accounts.account_name as account_name,
    accounts.until - 27 as since,
    accounts.until as until,
    benchmarks.source as source,
    benchmarks.industry as industry,
    benchmarks.objective as objective,
    benchmarks.country as country,
    benchmarks.metric as metric,
    benchmarks.currency as currency,
    benchmarks.low as low,
    benchmarks.median as median,
    benchmarks.high as high,
    benchmarks.platform as benchmark_platform,
    sums.account_id is not null as has_rows,
    case benchmarks.metric
      when 'ctr' then sums.clicks / nullif(sums.impressions, 0)
      when 'cvr' then sums.conversions / nullif(sums.clicks, 0)
      when 'cpc' then sums.spend / nullif(sums.clicks, 0)
      when 'cpm' then 1000 * sums.spend / nullif(sums.impressions, 0)
      when 'cpa' then sums.spend / nullif(sums.conversions, 0)
      when 'roas' then sums.value / nullif(sums.spend, 0)
    end as figure,
    benchmarks.currency = '' or sums.currency = benchmarks.currency as is_same_money
  from accounts
  inner join benchmarks
    on benchmarks.platform = '' or benchmarks.platform = accounts.platform
  left join sums
    on sums.platform = accounts.platform
    and sums.account_id = accounts.account_id
    and sums.objective = benchmarks.objective
    and sums.country = benchmarks.country
),

judged as (
  select
    paired.*,
    case when is_same_money then figure end as value,
    case
      when not has_rows and objective <> '' and country <> '' then 'no figures by objective and country'
      when not has_rows and objective <> '' then 'no campaign with this objective'
      when not has_rows and country <> '' then 'nothing known of this country'
      when not has_rows then 'no rows'
      when not coalesce(is_same_money, false) then 'another currency'
      when figure is null then 'not known, or nothing to divide by'
    end as note
  from paired
),

final as (
  select
    platform,
    account_id,
    account_name,
    since,
    until,
    source,
    industry,
    benchmark_platform,
    objective,
    country,
    metric,
    currency,
    round(value, 10) as value,
    low,
    median,
    high,
    round(value / cast(nullif(median, 0) as double) - 1, 10) as difference,
    case
      when value is null then null
      when low is not null and value < cast(low as double) then 'below the usual range'
      when high is not null and value > cast(high as double) then 'above the usual range'
      when low is not null and high is not null then 'within the usual range'
      when value < cast(median as double) then 'below the median'
      when value > cast(median as double) then 'above the median'
      else 'at the median'
    end as place,
    case
      when value is null or value = cast(median as double) then null
      when metric in ('cpc', 'cpm', 'cpa') then value < cast(median as double)
      else value > cast(median as double)
    end as is_better,
    note
  from judged
)

select * from final
