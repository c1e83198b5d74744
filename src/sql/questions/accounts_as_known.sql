-- What `adlake asof` shows when nothing is asked: each account's last 28 complete days.
select
  account_id,
  account_name,
  currency,
  last_complete_day,
  settled_until,
  spend_28d,
  conversions_28d,
  purchase_value_28d,
  roas_28d
from ad_accounts
order by account_name, account_id
