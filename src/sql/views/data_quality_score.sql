-- Grain: one row per table that was judged. Its score is the average over its dimensions (completeness,
-- accuracy, consistency, timeliness, uniqueness, validity) of the average score of their checks, 0 to 100,
-- cut and not rounded, so that 100 means that nothing failed.
with checks as (
  select
    table_name,
    dimension,
    check_name,
    sum(judged) as judged,
    sum(failing) as failing,
    min(case when holds then 1 else 0 end) as holds
  from data_quality
  group by table_name, dimension, check_name
),

dimensions as (
  select
    table_name,
    dimension,
    avg(100 * cast(judged - failing as double) / judged) as score,
    count(*) as checks,
    sum(1 - holds) as failing_checks
  from checks
  group by table_name, dimension
)

select
  table_name,
  floor(avg(score) * 100) / 100 as score,
  max(case when dimension = 'completeness' then floor(score * 100) / 100 end) as completeness,
  max(case when dimension = 'accuracy' then floor(score * 100) / 100 end) as accuracy,
  max(case when dimension = 'consistency' then floor(score * 100) / 100 end) as consistency,
  max(case when dimension = 'timeliness' then floor(score * 100) / 100 end) as timeliness,
  max(case when dimension = 'uniqueness' then floor(score * 100) / 100 end) as uniqueness,
  max(case when dimension = 'validity' then floor(score * 100) / 100 end) as validity,
  cast(sum(checks) as bigint) as checks,
  cast(sum(failing_checks) as bigint) as failing_checks
from dimensions
group by table_name
order by table_name
