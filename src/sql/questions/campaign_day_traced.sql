-- Rows of campaign_day of one campaign ($id) on one day ($day), one per account that has it.
select *
from campaign_day
where campaign_id = $id and date = cast($day as date)
order by account_id
