-- Grain: one row per account or campaign, metric and complete day on which the metric says anything: its
-- value, its logarithm (ad figures move by factors, not by steps), and how sure the figure is yet.
-- `is_usable`: it counts as history. Spend, clicks and impressions are final after 3 days, conversions and
-- ROAS after 28. `basis`: final; provisional (a day or two old); estimate (by the account's
-- maturity curve, whose own spread is `unsureness`); a figure that can only be too low has no row.
with aged as (
  select * from intermediate.subject_aged
),

-- Half a click or half a purchase is added where none may have come, since 0 has no logarithm.
-- `counted` is the number of events that a ratio rests on, `times` what they are counted among.
delivered as (
  select
    account_id, level, subject_id, date, currency, is_delivery_final as is_usable,
    case when is_delivery_final then 'final' else 'provisional' end as basis,
    0 as unsureness,
    'spend' as metric,
    spend / spend_share as value,
    ln(spend / spend_share) as size,
    impressions as counted,
    cast(null as double) as times
  from aged
  where spend > 0 and impressions >= 1000
  union all
  select
    account_id, level, subject_id, date, currency, is_delivery_final,
    case when is_delivery_final then 'final' else 'provisional' end, 0,
    'cpm', spend * 1000 / impressions, ln(spend * 1000 / impressions), impressions, null
  from aged
  where spend > 0 and impressions >= 1000
  union all
  select
    account_id, level, subject_id, date, currency, is_delivery_final,
    case when is_delivery_final then 'final' else 'provisional' end, 0,
    'ctr', clicks / impressions, ln((clicks + 0.5) / impressions), null, impressions
  from aged
  where impressions >= 1000 and clicks is not null
  union all
  select
    account_id, level, subject_id, date, currency, is_delivery_final,
    case when is_delivery_final then 'final' else 'provisional' end, 0,
    'cpc', spend / clicks, ln(spend / clicks), clicks, null
  from aged
  where spend > 0 and impressions >= 1000 and clicks >= 10
  union all
  select
    account_id, level, subject_id, date, currency, is_delivery_final,
    case when is_delivery_final then 'final' else 'provisional' end, 0,
    'reach', reach, ln(reach), impressions, null
  from aged
  where impressions >= 1000 and reach > 0
  union all
  select
    account_id, level, subject_id, date, currency, is_delivery_final,
    case when is_delivery_final then 'final' else 'provisional' end, 0,
    'frequency', frequency, ln(frequency), impressions, null
  from aged
  where impressions >= 1000 and frequency > 0
),

converted as (
  select
    account_id, level, subject_id, date, currency, is_settled as is_usable,
    case when is_settled then 'final' else 'estimate' end as basis,
    case when is_settled then 0 else conversions_unsureness end as unsureness,
    'conversions' as metric,
    case when is_settled then conversions else conversions / conversions_share end as value,
    ln(case when is_settled then conversions else conversions / conversions_share end + 0.5) as size,
    cast(null as double) as counted,
    1 as times
  from aged
  where conversions >= 0 and impressions >= 1000 and (is_settled or conversions_share is not null)
  union all
  select
    account_id, level, subject_id, date, currency, is_settled,
    case when is_settled then 'final' else 'estimate' end,
    case when is_settled then 0 else roas_unsureness end,
    'roas',
    purchase_value / spend / case when is_settled then 1 else roas_share end,
    ln(purchase_value / spend / case when is_settled then 1 else roas_share end),
    conversions, null
  from aged
  where
    conversions >= 5 and purchase_value > 0 and spend > 0
    and (is_settled or roas_share is not null)
),

-- Reach of an account is mostly not asked for; its weekdays are those of spend.
final as (
  select *, case metric when 'reach' then 'spend' else metric end as weekday_metric from delivered
  union all
  select *, metric from converted
)

select * from final
