-- Grain: one row per table that was judged, over all accounts: its score, 0 to 100, and that of each dimension of
-- quality that a check looks at. The worst comes first.
select
  table_name,
  score,
  completeness as completeness_score,
  accuracy as accuracy_score,
  consistency as consistency_score,
  timeliness as timeliness_score,
  uniqueness as uniqueness_score,
  validity as validity_score,
  checks,
  failing_checks
from data_quality_score
order by score, table_name
