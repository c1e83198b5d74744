-- Grain: one row per source and prediction: what was predicted for a campaign's day, and what came.
-- What came is settled, or what the day will come to (maturity_curve), or as it is known (provisional).
--   error   predicted - actual
--   score   100 × (1 - |predicted - actual| / the greater of the two): 100 is exact (also 0 for 0), 50 is off by
--           half of the greater; of both, the mean of what could be compared
with predictions as (
  select
    cast(source as varchar) as source,
    cast(prediction_id as varchar) as prediction_id,
    cast(campaign_id as varchar) as campaign_id,
    cast(day as date) as date,
    cast(predicted_roas as double) as predicted_roas,
    cast(predicted_ctr as double) as predicted_ctr,
    cast(model as varchar) as model,
    cast(pulled_on as date) as imported_on
  from staging.predictions
),

campaigns as (
  select
    names.account_id as account_id,
    names.campaign_id as campaign_id,
    names.campaign_name as campaign_name,
    days.last_complete_day as last_complete_day,
    row_number() over (partition by names.campaign_id order by names.account_id) as place
  from intermediate.campaign_names as names
  left join intermediate.account_days as days on days.account_id = names.account_id
),

joined as (
  select
    predictions.*,
    campaigns.account_id as account_id,
    campaigns.campaign_name as campaign_name,
    days.date is not null as has_day,
    days.is_settled as is_settled,
    days.spend as spend,
    days.impressions as impressions,
    predictions.date > campaigns.last_complete_day as is_ahead,
    cast(days.clicks as double) / nullif(days.impressions, 0) as actual_ctr,
    matured.value_matured is not null and matured.spend_matured is not null and not days.is_settled
      as is_matured,
    case
      when matured.value_matured is not null and matured.spend_matured is not null
        then cast(matured.value_matured as double) / cast(nullif(matured.spend_matured, 0) as double)
      else cast(days.purchase_value as double) / cast(nullif(days.spend, 0) as double)
    end as actual_roas
  from predictions
  left join campaigns
    on campaigns.campaign_id = predictions.campaign_id
    and campaigns.place = 1
  left join curated.campaign_day as days
    on days.account_id = campaigns.account_id
    and days.campaign_id = predictions.campaign_id
    and days.date = predictions.date
  left join intermediate.campaign_day_matured as matured
    on matured.account_id = campaigns.account_id
    and matured.campaign_id = predictions.campaign_id
    and matured.date = predictions.date
),

scored as (
  select
    joined.*,
    case
      when predicted_roas is null or actual_roas is null then null
      when predicted_roas = actual_roas then 100
      else 100 * greatest(0, 1 - abs(predicted_roas - actual_roas) / greatest(abs(predicted_roas), abs(actual_roas)))
    end as roas_score,
    case
      when predicted_ctr is null or actual_ctr is null then null
      when predicted_ctr = actual_ctr then 100
      else 100 * greatest(0, 1 - abs(predicted_ctr - actual_ctr) / greatest(predicted_ctr, actual_ctr))
    end as ctr_score
  from joined
),

final as (
  select
    source,
    prediction_id,
    account_id,
    campaign_id,
    campaign_name,
    date,
    model,
    imported_on,
    case
      when account_id is null then 'no such campaign'
      when is_ahead then 'still to come'
      when not has_day then 'not shown that day'
      when predicted_roas is not null and actual_roas is null and ctr_score is null then 'nothing to divide by'
      when predicted_ctr is not null and actual_ctr is null and roas_score is null then 'nothing to divide by'
      when roas_score is null and ctr_score is null then 'nothing predicted'
      when is_settled then 'settled'
      when is_matured then 'matured'
      else 'provisional'
    end as status,
    predicted_roas,
    case when is_ahead then null else round(actual_roas, 10) end as actual_roas,
    case when is_ahead then null else round(predicted_roas - actual_roas, 10) end as roas_error,
    case when is_ahead then null else round(roas_score, 6) end as roas_score,
    predicted_ctr,
    case when is_ahead then null else round(actual_ctr, 10) end as actual_ctr,
    case when is_ahead then null else round(predicted_ctr - actual_ctr, 10) end as ctr_error,
    case when is_ahead then null else round(ctr_score, 6) end as ctr_score,
    case
      when is_ahead then null
      when roas_score is null then round(ctr_score, 6)
      when ctr_score is null then round(roas_score, 6)
      else round((roas_score + ctr_score) / 2, 6)
    end as accuracy_score
  from scored
)

select * from final
