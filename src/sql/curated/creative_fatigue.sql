-- Grain: one row per ad account and creative that was ever shown: whether people tire of it, from its last 28
-- complete days, and what to do.
-- A straight line is laid through its CTR by day, each day counting by its impressions; the same for CVR by
-- link clicks, over days whose conversions can be judged: settled ones, others over the share that is known
-- at their age (maturity_curve), without that days that are 7 days old. change = the line on its last day over
-- the line on its first, less 1. Days differ more than chance alone, so the line's error is widened by
-- √(χ² / (days - 2)) where that is over 1. How sure a fall is: 1 / (1 + e^(1.702 slope / error)), which is
-- the normal distribution to 0.01.
--   fall      = least(1, -change / 0.5) × (how sure - 0.8) / 0.2: falling by half for sure is all of it, and
--               what is not 80 % sure is none
--   pressure  = the greater of: frequency's rise from the first 7 days to the last 7, of 50 % (the mean
--               frequency of an ad on a day); age of 90 days
--   score     = 100 × (0.55 × fall of CTR + 0.25 × fall of CVR + 0.20 × pressure); without a CVR to go by
--               100 × (0.80 × fall of CTR + 0.20 × pressure)
-- Recommendation, the first that holds:
--   1. resting          not shown within the last 7 complete days
--   2. too little data  fewer than 7 days, 2,000 impressions or 30 clicks within the 28 days, or one unknown
--   3. watch            a score of 60 and more, while the account's other creatives fell at least half as much:
--                       then it is hardly this creative
--   4. rotate           a score of 60 and more
--   5. watch            a score of 30 and more
--   6. fresh            otherwise
with rules as (
  select
    7 as least_days,
    2000 as least_impressions,
    30 as least_clicks,
    20 as least_conversions,
    0.5 as full_fall,
    0.8 as least_sure,
    0.5 as full_rise,
    90 as full_age,
    60 as rotate_score,
    30 as watch_score,
    0.5 as shared_fall,
    7 as judged_after
),

lives as (
  select
    places.account_id as account_id,
    places.creative_id as creative_id,
    max(places.currency) as currency,
    min(places.first_day) as first_day,
    max(places.last_day) as last_day,
    max(ends.last_complete_day) as last_complete_day
  from intermediate.creative_places as places
  inner join intermediate.creative_ends as ends on ends.account_id = places.account_id
  where places.creative_id is not null and places.first_day is not null
  group by places.account_id, places.creative_id
),

curve as (
  select account_id, days_after, share_known
  from curated.maturity_curve
  where is_enough and metric = 'conversions' and share_known > 0
),

recent as (
  select
    days.account_id as account_id,
    days.creative_id as creative_id,
    27 - (ends.last_complete_day - days.date) as x,
    days.impressions is null or days.clicks is null as is_unknown,
    cast(days.impressions as double) as impressions,
    cast(days.clicks as double) as clicks,
    cast(days.ad_reach as double) as ad_reach,
    case
      when days.link_clicks > 0
        and (days.settled = 1 or curve.share_known is not null or days.days_after >= rules.judged_after)
        then cast(days.link_clicks as double)
    end as link_clicks,
    case
      when days.link_clicks > 0 and days.settled = 1 then cast(days.conversions as double)
      when days.link_clicks > 0 and curve.share_known is not null
        then cast(days.conversions as double) / curve.share_known
      when days.link_clicks > 0 and days.days_after >= rules.judged_after
        then cast(days.conversions as double)
    end as conversions
  from intermediate.creative_day as days
  inner join intermediate.creative_ends as ends on ends.account_id = days.account_id
  cross join rules
  left join curve on curve.account_id = days.account_id and curve.days_after = days.days_after
  where days.impressions is null or days.impressions > 0
),

sums as (
  select
    account_id,
    creative_id,
    count(*) as days,
    max(case when is_unknown then 1 else 0 end) as unknowns,
    min(x) as x_first,
    max(x) as x_last,
    sum(impressions) as n,
    sum(x * impressions) as xn,
    sum(x * x * impressions) as xxn,
    sum(clicks) as k,
    sum(x * clicks) as xk,
    sum(clicks * clicks / nullif(impressions, 0)) as kk,
    sum(case when x < 7 then impressions end) as early_impressions,
    sum(case when x < 7 then ad_reach end) as early_reach,
    sum(case when x >= 21 then impressions end) as late_impressions,
    sum(case when x >= 21 then ad_reach end) as late_reach,
    count(conversions) as cvr_days,
    min(case when conversions is not null then x end) as cvr_first,
    max(case when conversions is not null then x end) as cvr_last,
    sum(case when conversions is not null then link_clicks end) as m,
    sum(case when conversions is not null then x * link_clicks end) as xm,
    sum(case when conversions is not null then x * x * link_clicks end) as xxm,
    sum(conversions) as c,
    sum(x * conversions) as xc,
    sum(conversions * conversions / link_clicks) as cc
  from recent
  group by account_id, creative_id
),

accounts as (
  select account_id, sum(n) as n, sum(xn) as xn, sum(xxn) as xxn, sum(k) as k, sum(xk) as xk
  from sums
  where unknowns = 0
  group by account_id
),

-- The others of the account: all of it less the creative itself.
lines as (
  select
    sums.*,
    sums.xn / nullif(sums.n, 0) as x_mean,
    sums.k / nullif(sums.n, 0) as ctr,
    sums.xxn - sums.xn * sums.xn / nullif(sums.n, 0) as ctr_spread,
    (sums.xk - sums.xn * sums.k / nullif(sums.n, 0))
      / nullif(sums.xxn - sums.xn * sums.xn / nullif(sums.n, 0), 0) as ctr_slope,
    sums.xm / nullif(sums.m, 0) as cvr_x_mean,
    sums.c / nullif(sums.m, 0) as cvr,
    sums.xxm - sums.xm * sums.xm / nullif(sums.m, 0) as cvr_spread,
    (sums.xc - sums.xm * sums.c / nullif(sums.m, 0))
      / nullif(sums.xxm - sums.xm * sums.xm / nullif(sums.m, 0), 0) as cvr_slope,
    accounts.k - sums.k as others_k,
    (accounts.k - sums.k) / nullif(accounts.n - sums.n, 0) as others_ctr,
    (accounts.xn - sums.xn) / nullif(accounts.n - sums.n, 0) as others_x_mean,
    (
      (accounts.xk - sums.xk)
      - (accounts.xn - sums.xn) * (accounts.k - sums.k) / nullif(accounts.n - sums.n, 0)
    ) / nullif(
      (accounts.xxn - sums.xxn)
      - (accounts.xn - sums.xn) * (accounts.xn - sums.xn) / nullif(accounts.n - sums.n, 0),
      0
    ) as others_slope
  from sums
  left join accounts on accounts.account_id = sums.account_id and sums.unknowns = 0
),

ends as (
  select
    lines.*,
    ctr + ctr_slope * (x_first - x_mean) as ctr_start,
    greatest(0, ctr + ctr_slope * (x_last - x_mean)) as ctr_end,
    cvr + cvr_slope * (cvr_first - cvr_x_mean) as cvr_start,
    greatest(0, cvr + cvr_slope * (cvr_last - cvr_x_mean)) as cvr_end,
    others_ctr + others_slope * (x_first - others_x_mean) as others_start,
    greatest(0, others_ctr + others_slope * (x_last - others_x_mean)) as others_end,
    sqrt(
      greatest(
        1,
        (kk - k * ctr - ctr_slope * ctr_slope * ctr_spread) / nullif(ctr * (1 - ctr), 0) / nullif(days - 2, 0)
      ) * ctr * (1 - ctr) / nullif(ctr_spread, 0)
    ) as ctr_error,
    sqrt(
      greatest(
        1,
        (cc - c * cvr - cvr_slope * cvr_slope * cvr_spread) / nullif(cvr, 0) / nullif(cvr_days - 2, 0)
      ) * cvr / nullif(cvr_spread, 0)
    ) as cvr_error
  from lines
),

changes as (
  select
    lives.account_id as account_id,
    lives.creative_id as creative_id,
    lives.currency as currency,
    lives.first_day as first_day,
    lives.last_day as last_day,
    lives.last_complete_day as last_complete_day,
    lives.last_complete_day - lives.first_day + 1 as age_days,
    coalesce(ends.days, 0) as days,
    ends.unknowns as unknowns,
    ends.n as n,
    ends.k as k,
    ends.c as c,
    ends.ctr as ctr,
    ends.cvr as cvr,
    ends.ctr_slope as ctr_slope,
    ends.ctr_end / nullif(greatest(ends.ctr_start, 0), 0) - 1 as ctr_change,
    1 / (1 + exp(least(500, greatest(-500, 1.702 * ends.ctr_slope / nullif(ends.ctr_error, 0))))) as ctr_sure,
    case when ends.c >= rules.least_conversions and ends.cvr_days >= rules.least_days
      then ends.cvr_end / nullif(greatest(ends.cvr_start, 0), 0) - 1
    end as cvr_change,
    case when ends.c >= rules.least_conversions and ends.cvr_days >= rules.least_days
      then 1 / (1 + exp(least(500, greatest(-500, 1.702 * ends.cvr_slope / nullif(ends.cvr_error, 0)))))
    end as cvr_sure,
    case when ends.others_k >= rules.least_clicks
      then ends.others_end / nullif(greatest(ends.others_start, 0), 0) - 1
    end as others_change,
    ends.early_impressions / nullif(ends.early_reach, 0) as early_frequency,
    ends.late_impressions / nullif(ends.late_reach, 0) as late_frequency
  from lives
  cross join rules
  left join ends on ends.account_id = lives.account_id and ends.creative_id = lives.creative_id
),

falls as (
  select
    changes.*,
    late_frequency / nullif(early_frequency, 0) - 1 as frequency_change,
    case
      when ctr_slope >= 0 then 0
      when ctr_change is not null
        then least(1, greatest(0, -ctr_change) / rules.full_fall)
          * greatest(0, (ctr_sure - rules.least_sure) / (1 - rules.least_sure))
    end as ctr_fall,
    case
      when cvr_change is not null
        then least(1, greatest(0, -cvr_change) / rules.full_fall)
          * greatest(0, (cvr_sure - rules.least_sure) / (1 - rules.least_sure))
    end as cvr_fall,
    greatest(
      least(1, greatest(0, coalesce(late_frequency / nullif(early_frequency, 0) - 1, 0)) / rules.full_rise),
      least(1, age_days / cast(rules.full_age as double))
    ) as pressure
  from changes
  cross join rules
),

scored as (
  select
    falls.*,
    case
      when last_day <= last_complete_day - 7 then 'resting'
      when days < rules.least_days or unknowns = 1 or n < rules.least_impressions or k < rules.least_clicks
        or ctr_fall is null
        then 'too little data'
    end as note,
    case
      when cvr_fall is null then 100 * (0.80 * coalesce(ctr_fall, 0) + 0.20 * pressure)
      else 100 * (0.55 * coalesce(ctr_fall, 0) + 0.25 * cvr_fall + 0.20 * pressure)
    end as full_score
  from falls
  cross join rules
),

judged as (
  select
    scored.*,
    case when note is null then round(full_score, 6) end as score,
    coalesce(
      note,
      case
        when full_score >= rules.rotate_score and others_change <= rules.shared_fall * ctr_change then 'watch'
        when full_score >= rules.rotate_score then 'rotate'
        when full_score >= rules.watch_score then 'watch'
        else 'fresh'
      end
    ) as recommendation,
    note is null and full_score >= rules.rotate_score and others_change <= rules.shared_fall * ctr_change
      as is_shared
  from scored
  cross join rules
),

-- What to show instead: of those that are fresh, or have rested for 28 days, the one that did best.
bench as (
  select
    judged.account_id as account_id,
    judged.creative_id as creative_id,
    row_number() over (
      partition by judged.account_id
      order by past.roas_low desc nulls last, past.ctr_low desc nulls last, judged.creative_id
    ) as place
  from judged
  inner join curated.creative_performance as past
    on past.account_id = judged.account_id
    and past.creative_id = judged.creative_id
    and past.period = 'lifetime'
  cross join rules
  where
    past.impressions >= rules.least_impressions
    and (
      judged.recommendation = 'fresh'
      or (judged.recommendation = 'resting' and judged.last_day <= judged.last_complete_day - 28)
    )
),

names as (
  select account_id, creative_id, creative_name
  from curated.creative_performance
  where period = 'lifetime'
),

final as (
  select
    judged.account_id as account_id,
    judged.creative_id as creative_id,
    names.creative_name as creative_name,
    judged.currency as currency,
    judged.last_complete_day - 27 as since,
    judged.last_complete_day as until,
    judged.first_day as first_day,
    judged.last_day as last_day,
    judged.age_days as age_days,
    judged.days as days,
    cast(judged.n as bigint) as impressions,
    cast(judged.k as bigint) as clicks,
    round(judged.ctr, 10) as ctr,
    round(judged.ctr_change, 6) as ctr_change,
    round(judged.ctr_sure, 6) as ctr_fall_probability,
    round(judged.cvr, 10) as cvr,
    round(judged.cvr_change, 6) as cvr_change,
    round(judged.cvr_sure, 6) as cvr_fall_probability,
    round(judged.early_frequency, 6) as frequency_first,
    round(judged.late_frequency, 6) as frequency_last,
    round(judged.frequency_change, 6) as frequency_change,
    round(judged.others_change, 6) as others_ctr_change,
    judged.score as fatigue_score,
    judged.recommendation as recommendation,
    case when judged.recommendation = 'rotate' then bench.creative_id end as rotate_to_creative_id,
    case
      when judged.note = 'resting'
        then 'Last shown on ' || cast(judged.last_day as varchar) || '.'
      when judged.note is not null
        then cast(judged.days as varchar) || ' days shown, '
          || coalesce(cast(cast(judged.n as bigint) as varchar), 'unknown') || ' impressions and '
          || coalesce(cast(cast(judged.k as bigint) as varchar), 'unknown')
          || ' clicks within 28 days; 7, 2000 and 30 are needed, and none of them unknown.'
      else 'CTR ' || case when judged.ctr_change < 0 then 'fell' else 'rose' end
        || coalesce(
          ' by ' || cast(cast(abs(100 * judged.ctr_change) as decimal(18, 0)) as varchar) || ' %', ' from nothing'
        )
        || ' in ' || cast(judged.days as varchar) || ' days (a fall is '
        || cast(cast(100 * judged.ctr_sure as decimal(18, 0)) as varchar) || ' % sure)'
        || case
          when judged.cvr_change is null then ''
          else ', CVR ' || case when judged.cvr_change < 0 then 'fell' else 'rose' end || ' by '
            || cast(cast(abs(100 * judged.cvr_change) as decimal(18, 0)) as varchar) || ' %'
        end
        || '. Shown for ' || cast(judged.age_days as varchar) || ' days'
        || case
          when judged.late_frequency is null then ''
          else ', at a frequency of ' || cast(cast(judged.late_frequency as decimal(18, 2)) as varchar) || ' a day'
        end
        || '.'
        || case
          when judged.is_shared then ' The account''s other creatives fell, too: look for another cause first.'
          else ''
        end
    end as evidence
  from judged
  left join names
    on names.account_id = judged.account_id
    and names.creative_id = judged.creative_id
  left join bench
    on bench.account_id = judged.account_id
    and bench.place = 1
)

select * from final
