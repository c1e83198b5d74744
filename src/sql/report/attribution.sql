-- Grain: one row: an account's purchases and their value between $since and $until, by attribution
-- window. The windows overlap. A figure that is unknown on one row makes the sum unknown; but a row whose
-- answer named no purchase at all has none in any window, although it does not tell which were asked for.
select
  case when count(spend) = count(*) then sum(spend) end as spend,
  case when count(conversions) = count(*) then sum(conversions) end as conversions,
  case when count(purchase_value) = count(*) then sum(purchase_value) end as purchase_value,
  case
    when count(conversions_1d_click) > 0 and count(*) filter (where conversions_1d_click is null and conversions_source is not null) = 0
      then sum(conversions_1d_click)
  end as conversions_1d_click,
  case
    when count(purchase_value_1d_click) > 0 and count(*) filter (where purchase_value_1d_click is null and purchase_value_source is not null) = 0
      then sum(purchase_value_1d_click)
  end as purchase_value_1d_click,
  case
    when count(conversions_7d_click) > 0 and count(*) filter (where conversions_7d_click is null and conversions_source is not null) = 0
      then sum(conversions_7d_click)
  end as conversions_7d_click,
  case
    when count(purchase_value_7d_click) > 0 and count(*) filter (where purchase_value_7d_click is null and purchase_value_source is not null) = 0
      then sum(purchase_value_7d_click)
  end as purchase_value_7d_click,
  case
    when count(conversions_28d_click) > 0 and count(*) filter (where conversions_28d_click is null and conversions_source is not null) = 0
      then sum(conversions_28d_click)
  end as conversions_28d_click,
  case
    when count(purchase_value_28d_click) > 0 and count(*) filter (where purchase_value_28d_click is null and purchase_value_source is not null) = 0
      then sum(purchase_value_28d_click)
  end as purchase_value_28d_click,
  case
    when count(conversions_1d_view) > 0 and count(*) filter (where conversions_1d_view is null and conversions_source is not null) = 0
      then sum(conversions_1d_view)
  end as conversions_1d_view,
  case
    when count(purchase_value_1d_view) > 0 and count(*) filter (where purchase_value_1d_view is null and purchase_value_source is not null) = 0
      then sum(purchase_value_1d_view)
  end as purchase_value_1d_view,
  case
    when count(conversions_1d_ev) > 0 and count(*) filter (where conversions_1d_ev is null and conversions_source is not null) = 0
      then sum(conversions_1d_ev)
  end as conversions_1d_ev,
  case
    when count(purchase_value_1d_ev) > 0 and count(*) filter (where purchase_value_1d_ev is null and purchase_value_source is not null) = 0
      then sum(purchase_value_1d_ev)
  end as purchase_value_1d_ev,
  string_agg(distinct attribution_setting, ', ' order by attribution_setting) as attribution_settings
from campaign_day
where account_id = $account_id and date between cast($since as date) and cast($until as date)
