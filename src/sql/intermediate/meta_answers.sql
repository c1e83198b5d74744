-- Grain: one row per ad account of Meta's, day, level and pull day of which one answer is known to have brought the rows.
-- Answers of one pull day that cover the same day replace each other, so the last one counts. Where one of
-- them asked for a few campaigns only (a sweep of those that sleep), the log does not say which of the two a
-- row is from, and there is no row here: rather no answer than a wrong one.
with answers as (
  select
    cast(account_id as varchar) as account_id,
    case cast(dataset as varchar)
      when 'insights_ad_day' then 'ad'
      when 'insights_ad_set_day' then 'ad_set'
      when 'insights_campaign_day' then 'campaign'
      else 'account'
    end as level,
    cast(batch_id as varchar) as batch_id,
    cast(campaigns_kind as varchar) as campaigns_kind,
    cast(since as date) as since,
    cast(until as date) as until,
    cast(today as date) as pulled_on
  from staging.batches
  where cast(dataset as varchar) in (
    'insights_ad_day', 'insights_ad_set_day', 'insights_campaign_day', 'insights_account_day'
  )
),

final as (
  select
    levels.account_id as account_id,
    levels.date as date,
    levels.level as level,
    levels.pulled_on as pulled_on,
    max(answers.batch_id) as batch_id
  from intermediate.meta_levels as levels
  inner join answers
    on answers.account_id = levels.account_id
    and answers.level = levels.level
    and answers.pulled_on = levels.pulled_on
    and levels.date between answers.since and answers.until
  group by levels.account_id, levels.date, levels.level, levels.pulled_on
  having count(*) = 1 or sum(case when answers.campaigns_kind = 'in' then 1 else 0 end) = 0
)

select * from final
