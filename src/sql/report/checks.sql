-- Grain: one row per table and check, over all accounts: how many rows it looked at, and how many fail.
-- Those that do not hold come first.
select
  table_name,
  dimension,
  check_name,
  max(what) as what,
  sum(judged) as judged,
  sum(failing) as failing,
  min(must_hold) as must_hold,
  bool_and(holds) as holds,
  100 * cast(sum(judged) - sum(failing) as double) / sum(judged) as score
from data_quality
group by table_name, dimension, check_name
order by holds, score, table_name, check_name
