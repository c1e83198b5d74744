-- Grain: one row per staging file, ad account, currency and day that has facts of ads.
with insights as (
  select
    input,
    cast(account_id as varchar) as account_id,
    cast(currency as varchar) as currency,
    cast(date as date) as date
  from staging.insights_ad_day
),

final as (
  select distinct input, account_id, currency, date
  from insights
)

select * from final
