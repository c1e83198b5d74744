-- Grain: one row per ad account and campaign that spent something within the last 7 complete days: how the daily
-- spend of the account's campaigns could be split otherwise, for more value by their response curves.
-- Advice, no more: curves compare days on which more and less was spent, which is no experiment. Campaigns
-- without a fitted curve keep what they have, and so does an account with fewer than two that have one.
-- The split maximises Σ scale × spend ^ elasticity for the same sum of spend, each campaign within
-- [least, most]: between 0.7 and 1.3 times what it spends now, and between the least settled day of its curve
-- divided by 1.1 and the most times 1.1 (what it spends now is always allowed). At the best split the next unit
-- of money returns the same everywhere but at the limits, so each candidate for that return (200 from the
-- lowest to the highest that any campaign can have, in equal ratios) gives a split; the two around the sum
-- that is there are mixed so that the sum is met. Curves steeper than 0.95 are taken as 0.95 here.
-- gain = Σ value at the split - Σ value now, by the curves, less its optimism: what looks best is where curves err
-- upwards. By Stein's lemma that is, on average, Σ slack × V × (1 - slack / Σ slack), with V the variance of f', the
-- return of the next unit of money at the split, and slack = P × -1 / f'' how far the best spend of a campaign moves
-- with f', P the probability that the errors of its curve leave it between its limits.
-- Its 80 % interval: ± 1.2816 √(Σ variance + Σ optimism²), where the variance of a campaign's gain follows from the
-- error of its elasticity and of the level of its curve.
with rules as (
  select
    0.7 as least_share,
    1.3 as most_share,
    1.1 as beyond_seen,
    0.95 as steepest,
    1.2815515655 as z
),

ends as (
  select account_id, last_complete_day
  from intermediate.account_days
  where last_complete_day is not null
),

present as (
  select
    days.account_id as account_id,
    days.campaign_id as campaign_id,
    max(days.currency) as currency,
    max(ends.last_complete_day) as as_of,
    sum(case when days.date > ends.last_complete_day - 7 then days.spend end) as spend_7d,
    case when count(days.spend) = count(*) then sum(days.spend) end as spend,
    max(ends.last_complete_day) - min(days.date) + 1 as days
  from curated.campaign_day as days
  inner join ends on ends.account_id = days.account_id
  where days.date > ends.last_complete_day - 14 and days.date <= ends.last_complete_day
  group by days.account_id, days.campaign_id
),

campaigns as (
  select
    present.account_id as account_id,
    present.campaign_id as campaign_id,
    present.currency as currency,
    present.as_of as as_of,
    cast(present.spend as double) / present.days as now,
    curves.campaign_name as campaign_name,
    coalesce(curves.basis, 'fewer than 14 settled days with spend') as basis,
    least(curves.elasticity, rules.steepest) as b,
    curves.elasticity_error as b_error,
    case when curves.elasticity < rules.steepest then curves.elasticity_error else 0 end as b_freedom,
    curves.scale * power(curves.centre_spend, curves.elasticity)
      / power(curves.centre_spend, least(curves.elasticity, rules.steepest)) as a,
    curves.centre_spend as centre,
    curves.level_variance as level_variance,
    curves.spend_min as spend_min,
    curves.spend_max as spend_max
  from present
  cross join rules
  left join curated.response_curves as curves
    on curves.account_id = present.account_id
    and curves.campaign_id = present.campaign_id
  where present.spend_7d > 0 and present.spend > 0
),

movable as (
  select
    campaigns.*,
    least(now, greatest(rules.least_share * now, spend_min / rules.beyond_seen)) as least_spend,
    greatest(now, least(rules.most_share * now, spend_max * rules.beyond_seen)) as most_spend,
    count(*) over (partition by account_id) as together
  from campaigns
  cross join rules
  where basis = 'fitted' and b > 0
),

shared as (
  select * from movable where together >= 2
),

ranges as (
  select
    account_id,
    sum(now) as budget,
    ln(min(a * b * power(most_spend, b - 1))) as lowest,
    ln(max(a * b * power(least_spend, b - 1))) as highest
  from shared
  group by account_id
),

tens as (
  select 0 as n
  union all select 1
  union all select 2
  union all select 3
  union all select 4
  union all select 5
  union all select 6
  union all select 7
  union all select 8
  union all select 9
),

steps as (
  select 20 * (high.n) + 2 * low.n + more.n as n
  from tens as high
  cross join tens as low
  cross join (select 0 as n union all select 1) as more
),

candidates as (
  select
    shared.account_id as account_id,
    shared.campaign_id as campaign_id,
    steps.n as n,
    least(
      shared.most_spend,
      greatest(
        shared.least_spend,
        power(
          shared.a * shared.b / exp(ranges.lowest + (ranges.highest - ranges.lowest) * steps.n / 199.0),
          1 / (1 - shared.b)
        )
      )
    ) as spend
  from shared
  inner join ranges on ranges.account_id = shared.account_id
  cross join steps
),

sums as (
  select
    candidates.account_id as account_id,
    candidates.n as n,
    sum(candidates.spend) as spend,
    max(ranges.budget) as budget
  from candidates
  inner join ranges on ranges.account_id = candidates.account_id
  group by candidates.account_id, candidates.n
),

-- The more the next unit of money must return, the less is spent: the split that just costs too much and
-- the one after it.
around as (
  select account_id, coalesce(max(case when spend >= budget then n end), 0) as above
  from sums
  group by account_id
),

mixes as (
  select
    around.account_id as account_id,
    around.above as above,
    case
      when more.spend > less.spend
        then least(1, greatest(0, (more.budget - less.spend) / (more.spend - less.spend)))
      else 1
    end as share
  from around
  inner join sums as more on more.account_id = around.account_id and more.n = around.above
  left join sums as less on less.account_id = around.account_id and less.n = around.above + 1
),

splits as (
  select
    shared.account_id as account_id,
    shared.campaign_id as campaign_id,
    mixes.share * more.spend + (1 - mixes.share) * coalesce(less.spend, more.spend) as suggested,
    ln(shared.a * shared.b) - ranges.lowest - (ranges.highest - ranges.lowest) * mixes.above / 199.0 as pull
  from shared
  inner join mixes on mixes.account_id = shared.account_id
  inner join ranges on ranges.account_id = shared.account_id
  inner join candidates as more
    on more.account_id = shared.account_id
    and more.campaign_id = shared.campaign_id
    and more.n = mixes.above
  left join candidates as less
    on less.account_id = shared.account_id
    and less.campaign_id = shared.campaign_id
    and less.n = mixes.above + 1
),

valued as (
  select
    campaigns.*,
    coalesce(splits.suggested, campaigns.now) as suggested,
    splits.suggested is not null as is_moved,
    splits.pull / (1 - campaigns.b) as log_best,
    shared.least_spend as least_spend,
    shared.most_spend as most_spend,
    campaigns.a * power(campaigns.now, campaigns.b) as value_now,
    campaigns.a * power(splits.suggested, campaigns.b) as value_then
  from campaigns
  left join splits
    on splits.account_id = campaigns.account_id
    and splits.campaign_id = campaigns.campaign_id
  left join shared
    on shared.account_id = campaigns.account_id
    and shared.campaign_id = campaigns.campaign_id
),

varied as (
  select
    valued.*,
    (value_then - value_now) * (value_then - value_now) * level_variance
    + power(value_then * ln(suggested / centre) - value_now * ln(now / centre), 2) * b_error * b_error
      as gain_variance,
    value_then * b / suggested as next_return,
    sqrt(level_variance + power((1 / b + ln(suggested / centre)) * b_freedom, 2)) as return_error
  from valued
),

-- A normal distribution's share under x is 1 / (1 + e^(-1.702 x)), within 0.01.
freedoms as (
  select
    varied.*,
    suggested / next_return / (1 - b) * (
      1 / (1 + exp(-1.702 * least(40, greatest(-40, (ln(most_spend) - log_best) * (1 - b) / nullif(return_error, 0)))))
      - 1 / (1 + exp(-1.702 * least(40, greatest(-40, (ln(least_spend) - log_best) * (1 - b) / nullif(return_error, 0)))))
    ) as slack
  from varied
),

flattered as (
  select
    freedoms.*,
    slack * power(next_return * return_error, 2)
    * (1 - slack / nullif(sum(slack) over (partition by account_id), 0)) as optimism
  from freedoms
),

accounts as (
  select
    account_id,
    count(case when is_moved then 1 end) as moved,
    sum(now) as spend,
    sum(value_then - value_now) - coalesce(sum(optimism), 0) as gain,
    sqrt(sum(gain_variance) + coalesce(sum(optimism * optimism), 0)) as gain_error
  from flattered
  group by account_id
),

final as (
  select
    varied.account_id as account_id,
    varied.campaign_id as campaign_id,
    names.campaign_name as campaign_name,
    varied.currency as currency,
    varied.as_of as as_of,
    case
      when varied.basis <> 'fitted' then varied.basis
      when varied.b = 0 then 'value does not grow with spend'
      when accounts.moved = 0 then 'no other campaign to share with'
      else 'fitted'
    end as basis,
    round(varied.now, 6) as spend_per_day,
    round(varied.suggested, 6) as suggested_spend_per_day,
    round(varied.suggested - varied.now, 6) as change_per_day,
    round(varied.suggested / varied.now - 1, 6) as change_share,
    round(case when varied.is_moved then varied.least_spend end, 6) as least_spend_per_day,
    round(case when varied.is_moved then varied.most_spend end, 6) as most_spend_per_day,
    round(varied.value_now, 6) as value_per_day,
    round(case when varied.is_moved then varied.value_then end, 6) as suggested_value_per_day,
    round(case when varied.is_moved then varied.value_now * varied.b / varied.now end, 10) as marginal_roas,
    round(case when varied.is_moved then varied.value_then * varied.b / varied.suggested end, 10)
      as suggested_marginal_roas,
    round(accounts.spend, 6) as account_spend_per_day,
    round(accounts.gain, 6) as account_gain_per_day,
    round(accounts.gain - rules.z * accounts.gain_error, 6) as account_gain_low,
    round(accounts.gain + rules.z * accounts.gain_error, 6) as account_gain_high,
    case
      when accounts.moved = 0 then 'keep: too little is known'
      when accounts.gain - rules.z * accounts.gain_error <= 0 then 'keep: no gain that can be told from chance'
      when not varied.is_moved then 'keep: too little is known'
      when varied.suggested > 1.02 * varied.now then 'advice: spend more'
      when varied.suggested < 0.98 * varied.now then 'advice: spend less'
      else 'keep: about right'
    end as advice
  from varied
  cross join rules
  inner join accounts on accounts.account_id = varied.account_id
  left join intermediate.campaign_names as names
    on names.account_id = varied.account_id
    and names.campaign_id = varied.campaign_id
)

select * from final
