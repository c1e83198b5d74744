-- Grain: one row per order that counts, period, level, model and member (channel, or channel and campaign) that
-- is credited with a part of it. The parts of an order are 1 together, whatever the model.
-- An order nobody was in contact before, or of nobody known, is credited to '(no contact known)'.
with half_life as (
  select coalesce(max(case when name = 'attribution_half_life_days' then cast(cast(value as varchar) as double) end), 7)
    as days
  from staging.preferences
),

touches as (
  select
    members.*,
    max(case when not is_direct then place end) over journey as last_other,
    min(days_before) over journey as newest,
    count(*) over (partition by period, level, journey, channel, campaign) as of_member
  from intermediate.attribution_member as members
  where is_converted
  window journey as (partition by period, level, journey)
),

-- Shapley: the worth of a set of members is the revenue of the journeys that touched no other. Then a member's
-- value is, exactly and for any number of members, an even share of each journey that it is part of.
-- Time decay is measured from the newest contact: the same shares, and no number that is too small.
weights as (
  select
    period, level, journey, channel, campaign, 'first_touch' as model,
    case when place = 1 then 1.0 else 0.0 end as weight
  from touches
  union all
  select
    period, level, journey, channel, campaign, 'last_touch',
    case when place = touches then 1.0 else 0.0 end
  from touches
  union all
  select
    period, level, journey, channel, campaign, 'last_non_direct',
    case when place = coalesce(last_other, touches) then 1.0 else 0.0 end
  from touches
  union all
  select period, level, journey, channel, campaign, 'linear', 1.0
  from touches
  union all
  select
    period, level, journey, channel, campaign, 'position_based',
    case
      when touches <= 2 then 1.0
      when place in (1, touches) then 0.4
      else cast(0.2 as double) / (touches - 2)
    end
  from touches
  union all
  select
    touches.period, touches.level, touches.journey, touches.channel, touches.campaign, 'time_decay',
    power(2, -(touches.days_before - touches.newest) / half_life.days)
  from touches
  cross join half_life
  union all
  select period, level, journey, channel, campaign, 'shapley', cast(1 as double) / of_member
  from touches
),

members as (
  select
    period, level, journey, channel, campaign, model,
    sum(cast(weight as decimal(38, 15))) as weight
  from weights
  group by period, level, journey, channel, campaign, model
),

shares as (
  select
    members.*,
    cast(weight as double) / cast(sum(weight) over (partition by period, level, journey, model) as double)
      as share
  from members
),

-- Markov credits all orders of a period together, so it is no share of one order: see attribution.
known as (
  select distinct period, level, journey
  from touches
),

periods as (
  select substr(cast(day as varchar), 1, 7) as period, journey
  from intermediate.journey_order
  union all
  select 'lifetime', journey
  from intermediate.journey_order
),

levels as (
  select 'channel' as level
  union all
  select 'campaign'
),

models as (
  select 'first_touch' as model
  union all select 'last_touch'
  union all select 'last_non_direct'
  union all select 'linear'
  union all select 'position_based'
  union all select 'time_decay'
  union all select 'shapley'
),

final as (
  select period, level, model, journey, channel, campaign, share
  from shares
  where share > 0
  union all
  select periods.period, levels.level, models.model, periods.journey, '(no contact known)', '', 1
  from periods
  cross join levels
  cross join models
  left join known
    on known.period = periods.period
    and known.level = levels.level
    and known.journey = periods.journey
  where known.journey is null
)

select * from final
