-- Grain: one row per ad account and campaign with a settled day with spend: how the value of a day grows with its
-- spend, value = scale × spend ^ elasticity, from the settled days of the last 180.
-- An elasticity under 1 means diminishing returns. It is fitted by quasi-Poisson maximum likelihood, which needs
-- no logarithm of a day without value and lets the variance grow with the value. For an elasticity b the best scale
-- is Σy / Σx^b, and what is left to maximise is b Σ y ln x - Σy ln Σx^b: the best of 0, 0.1 … 1.5, then two steps
-- of Newton. Where that ends under 0 it is 0 (spend makes no difference), over 1.5 it is 1.5.
--   elasticity's error = √(n / (n - 2) × Σ (y - m)² (v - v̄)²) / (Σy × the variance of v weighed by m), m the curve's
--           value, v = ln x, v̄ its mean weighed by m: right also where the variance does not grow with the value
--   level_variance = n / (n - 2) × Σ (y - m)² / (Σy)² at v̄, less what goes together with the elasticity's error: at
--           centre_spend the two errors are independent
-- Its fit_quality is the share of the deviance that the curve explains beyond a value that is always the same.
-- Basis, the first that holds: fewer than 14 days, fewer than 10 with value, spend that hardly differs (its 90 %
-- quantile is under 1.2 times its 10 % one), an error over 0.5, fitted.
with rules as (
  select
    14 as least_days,
    10 as least_days_with_value,
    1.2 as least_contrast,
    0.5 as most_error,
    0.0 as least_elasticity,
    1.5 as most_elasticity
),

tries as (
  select 0.0 as b
  union all select 0.1
  union all select 0.2
  union all select 0.3
  union all select 0.4
  union all select 0.5
  union all select 0.6
  union all select 0.7
  union all select 0.8
  union all select 0.9
  union all select 1.0
  union all select 1.1
  union all select 1.2
  union all select 1.3
  union all select 1.4
  union all select 1.5
),

points as (
  select account_id, campaign_id, date, currency, x, u, y
  from intermediate.response_points
),

-- Spend in units of its mean of logarithms, so that no power grows large.
centres as (
  select
    account_id,
    campaign_id,
    max(currency) as currency,
    count(*) as days,
    count(case when y > 0 then 1 end) as days_with_value,
    min(date) as first_day,
    max(date) as last_day,
    avg(u) as centre,
    min(x) as spend_min,
    max(x) as spend_max,
    avg(x) as spend_mean,
    sum(x) as spend,
    sum(y) as value
  from points
  group by account_id, campaign_id
),

ordered as (
  select
    points.account_id as account_id,
    points.campaign_id as campaign_id,
    points.x as x,
    row_number() over (
      partition by points.account_id, points.campaign_id order by points.x, points.date
    ) as place,
    count(*) over (partition by points.account_id, points.campaign_id) as total
  from points
),

-- Quantiles at the place p (n - 1) + 1 among n days in order, between two of them by proportion.
spreads as (
  select
    account_id,
    campaign_id,
    sum(x * greatest(0, 1 - abs(place - (0.1 * (total - 1) + 1)))) as spend_p10,
    sum(x * greatest(0, 1 - abs(place - (0.9 * (total - 1) + 1)))) as spend_p90
  from ordered
  group by account_id, campaign_id
),

centred as (
  select
    points.account_id as account_id,
    points.campaign_id as campaign_id,
    points.u - centres.centre as v,
    points.y as y
  from points
  inner join centres
    on centres.account_id = points.account_id
    and centres.campaign_id = points.campaign_id
  where centres.days >= 3 and centres.value > 0
),

searched as (
  select
    centred.account_id as account_id,
    centred.campaign_id as campaign_id,
    tries.b as b,
    tries.b * sum(centred.y * centred.v) - sum(centred.y) * ln(sum(exp(tries.b * centred.v))) as likelihood
  from centred
  cross join tries
  group by centred.account_id, centred.campaign_id, tries.b
),

starts as (
  select
    account_id,
    campaign_id,
    b,
    row_number() over (partition by account_id, campaign_id order by likelihood desc, b) as place
  from searched
),

first_step as (
  select
    centred.account_id as account_id,
    centred.campaign_id as campaign_id,
    max(starts.b) as b,
    sum(centred.y) as y_sum,
    sum(centred.y * centred.v) as yv,
    sum(exp(starts.b * centred.v)) as s0,
    sum(exp(starts.b * centred.v) * centred.v) as s1,
    sum(exp(starts.b * centred.v) * centred.v * centred.v) as s2
  from centred
  inner join starts
    on starts.account_id = centred.account_id
    and starts.campaign_id = centred.campaign_id
    and starts.place = 1
  group by centred.account_id, centred.campaign_id
),

once as (
  select
    account_id,
    campaign_id,
    b + (yv / y_sum - s1 / s0) / nullif(s2 / s0 - (s1 / s0) * (s1 / s0), 0) as b
  from first_step
),

second_step as (
  select
    centred.account_id as account_id,
    centred.campaign_id as campaign_id,
    max(once.b) as b,
    sum(centred.y) as y_sum,
    sum(centred.y * centred.v) as yv,
    sum(exp(once.b * centred.v)) as s0,
    sum(exp(once.b * centred.v) * centred.v) as s1,
    sum(exp(once.b * centred.v) * centred.v * centred.v) as s2
  from centred
  inner join once
    on once.account_id = centred.account_id
    and once.campaign_id = centred.campaign_id
  where once.b is not null
  group by centred.account_id, centred.campaign_id
),

twice as (
  select
    second_step.account_id as account_id,
    second_step.campaign_id as campaign_id,
    least(
      rules.most_elasticity,
      greatest(
        rules.least_elasticity,
        b + (yv / y_sum - s1 / s0) / nullif(s2 / s0 - (s1 / s0) * (s1 / s0), 0)
      )
    ) as b
  from second_step
  cross join rules
),

sums as (
  select
    centred.account_id as account_id,
    centred.campaign_id as campaign_id,
    max(twice.b) as b,
    count(*) as days,
    sum(centred.y) as y_sum,
    sum(exp(twice.b * centred.v)) as s0,
    sum(exp(twice.b * centred.v) * centred.v) as s1,
    sum(exp(twice.b * centred.v) * centred.v * centred.v) as s2,
    sum(case when centred.y > 0 then centred.y * ln(centred.y) else 0 end) as ylny,
    sum(centred.y * centred.v) as yv,
    sum(centred.y * centred.y) as yy,
    sum(centred.y * centred.y * centred.v) as yyv,
    sum(centred.y * centred.y * centred.v * centred.v) as yyvv,
    sum(centred.y * exp(twice.b * centred.v)) as ye,
    sum(centred.y * exp(twice.b * centred.v) * centred.v) as yev,
    sum(centred.y * exp(twice.b * centred.v) * centred.v * centred.v) as yevv,
    sum(exp(2 * twice.b * centred.v)) as ee,
    sum(exp(2 * twice.b * centred.v) * centred.v) as eev,
    sum(exp(2 * twice.b * centred.v) * centred.v * centred.v) as eevv
  from centred
  inner join twice
    on twice.account_id = centred.account_id
    and twice.campaign_id = centred.campaign_id
  group by centred.account_id, centred.campaign_id
),

-- The curve is m = height × e^(b v); r0, r1, r2 are Σ (y - m)² times 1, v and v².
fitted as (
  select
    sums.*,
    y_sum / s0 as height,
    s1 / s0 as v_mean,
    y_sum * (s2 / s0 - (s1 / s0) * (s1 / s0)) as information,
    cast(days as double) / nullif(days - 2, 0) as small_sample,
    greatest(0, yy - 2 * y_sum / s0 * ye + power(y_sum / s0, 2) * ee) as r0,
    yyv - 2 * y_sum / s0 * yev + power(y_sum / s0, 2) * eev as r1,
    greatest(0, yyvv - 2 * y_sum / s0 * yevv + power(y_sum / s0, 2) * eevv) as r2,
    2 * (ylny - y_sum * ln(y_sum / s0) - b * yv) as deviance,
    2 * (ylny - y_sum * ln(y_sum / days)) as deviance_flat
  from sums
),

-- How the errors of the elasticity and of the level (the logarithm of the curve at v_mean) go together.
erring as (
  select
    fitted.*,
    small_sample * greatest(0, r2 - 2 * v_mean * r1 + v_mean * v_mean * r0) / nullif(information * information, 0)
      as elasticity_variance,
    small_sample * (r1 - v_mean * r0) / nullif(y_sum * information, 0) as covariance,
    small_sample * r0 / nullif(y_sum * y_sum, 0) as level_variance
  from fitted
),

judged as (
  select
    centres.account_id as account_id,
    centres.campaign_id as campaign_id,
    centres.currency as currency,
    centres.first_day as first_day,
    centres.last_day as last_day,
    centres.days as days,
    centres.days_with_value as days_with_value,
    centres.spend_min as spend_min,
    centres.spend_max as spend_max,
    centres.spend_mean as spend_mean,
    centres.spend as spend,
    centres.value as value,
    spreads.spend_p10 as spend_p10,
    spreads.spend_p90 as spend_p90,
    erring.b as elasticity,
    sqrt(erring.elasticity_variance) as elasticity_error,
    erring.height * exp(-erring.b * centres.centre) as scale,
    greatest(
      0,
      erring.level_variance - coalesce(power(erring.covariance, 2) / nullif(erring.elasticity_variance, 0), 0)
    ) as level_variance,
    exp(
      centres.centre + erring.v_mean - coalesce(erring.covariance / nullif(erring.elasticity_variance, 0), 0)
    ) as centre_spend,
    1 - erring.deviance / nullif(erring.deviance_flat, 0) as fit_quality
  from centres
  inner join spreads
    on spreads.account_id = centres.account_id
    and spreads.campaign_id = centres.campaign_id
  left join erring
    on erring.account_id = centres.account_id
    and erring.campaign_id = centres.campaign_id
),

named as (
  select
    judged.*,
    names.campaign_name as campaign_name,
    case
      when judged.days < rules.least_days then 'fewer than 14 settled days with spend'
      when judged.days_with_value < rules.least_days_with_value then 'fewer than 10 settled days with value'
      when judged.spend_p90 < rules.least_contrast * judged.spend_p10 then 'spend hardly differs between days'
      when judged.elasticity is null or judged.elasticity_error is null then 'spend hardly differs between days'
      when judged.elasticity_error > rules.most_error then 'too uncertain'
      else 'fitted'
    end as basis
  from judged
  cross join rules
  left join intermediate.campaign_names as names
    on names.account_id = judged.account_id
    and names.campaign_id = judged.campaign_id
),

final as (
  select
    account_id,
    campaign_id,
    campaign_name,
    currency,
    first_day,
    last_day,
    days,
    basis,
    round(spend_mean, 6) as spend_mean,
    round(spend_min, 6) as spend_min,
    round(spend_max, 6) as spend_max,
    round(value / nullif(spend, 0), 10) as roas,
    case when basis = 'fitted' then round(elasticity, 6) end as elasticity,
    case when basis = 'fitted' then round(elasticity_error, 6) end as elasticity_error,
    case when basis = 'fitted' then round(scale, 12) end as scale,
    case when basis = 'fitted' then round(centre_spend, 6) end as centre_spend,
    case when basis = 'fitted' then round(level_variance, 12) end as level_variance,
    case when basis = 'fitted' then round(fit_quality, 6) end as fit_quality,
    case when basis = 'fitted' then round(scale * elasticity * power(spend_mean, elasticity - 1), 10) end
      as marginal_roas
  from named
)

select * from final
