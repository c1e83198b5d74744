-- Rows of ad_day of one ad ($id) on one day ($day), one per account that has it.
select *
from ad_day
where ad_id = $id and date = cast($day as date)
order by account_id
