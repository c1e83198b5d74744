-- Grain: one row per platform, ad account and day: the source and the level its figures are taken from.
-- Spend is never counted twice: of a day exactly one source and one level is used. The source is what was
-- pulled from the platform; exports count on days of which nothing was pulled, unless the preference
-- `prefer` says `exports` for the platform (or, without a subject, for all). The level is the finest one
-- that is complete: whose spend is that of the fullest level, less at most what rounding explains (half
-- a cent for each row, and never more than a cent and a thousandth of the spend).
with sums as (
  select
    'api' as source,
    'meta' as platform,
    account_id,
    date,
    level,
    sum(objects) as objects,
    case when sum(known) = sum(objects) then sum(spend) end as spend
  from intermediate.meta_levels
  group by account_id, date, level
  union all
  select
    source,
    platform,
    account_id,
    date,
    level,
    count(*) as objects,
    case when count(spend) = count(*) then sum(spend) end as spend
  from intermediate.report_rows
  group by source, platform, account_id, date, level
),

levels as (
  select
    sums.*,
    case level when 'ad' then 4 when 'ad_set' then 3 when 'campaign' then 2 else 1 end as fineness
  from sums
),

preferences as (
  select cast(subject as varchar) as platform, cast(value as varchar) as preferred
  from staging.preferences
  where cast(name as varchar) = 'prefer'
),

wanted as (
  select
    levels.*,
    coalesce(own.preferred, general.preferred, 'api') as preferred
  from levels
  left join preferences as own on own.platform = levels.platform
  left join preferences as general on general.platform = ''
),

compared as (
  select
    wanted.*,
    max(spend) over (partition by platform, account_id, date, source) as fullest,
    max(objects) over (partition by platform, account_id, date, source) as most_objects
  from wanted
),

ranked as (
  select
    compared.*,
    row_number() over (
      partition by platform, account_id, date
      order by
        case when (source = 'export') = (preferred = 'exports') then 0 else 1 end,
        case
          when fullest is null then 0
          when spend >= fullest - least(
            0.005 * (objects + most_objects),
            0.01 + 0.001 * abs(fullest)
          ) then 0
          else 1
        end,
        fineness desc
    ) as place
  from compared
),

final as (
  select platform, account_id, date, source, level
  from ranked
  where place = 1
)

select * from final
