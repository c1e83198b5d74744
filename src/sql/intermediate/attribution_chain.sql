-- Grain: one row per period, level and member of journeys: what share of the conversions would be lost without
-- it, in a Markov chain of the first order over all journeys, those without an order included.
-- A chain begins at 'start', moves from contact to contact as often as journeys did, and ends in 'order' or
-- 'none'. Without a member, whoever would have come to it goes to 'none'. Contacts with the same member one
-- after the other are one: a loop changes no chance. Beyond the 50 with most contacts, members are one, ('others').
-- The chance is what has arrived at 'order' after so many steps that less than 1e-12 is still under way.
with recursive touches as (
  select period, level, journey, is_converted, place, channel, campaign
  from intermediate.attribution_member
),

sizes as (
  select
    period,
    level,
    channel,
    campaign,
    row_number() over (partition by period, level order by count(*) desc, channel, campaign) as rank
  from touches
  group by period, level, channel, campaign
),

named as (
  select
    touches.period as period,
    touches.level as level,
    touches.journey as journey,
    touches.is_converted as is_converted,
    touches.place as place,
    least(sizes.rank, 51) as member
  from touches
  inner join sizes
    on sizes.period = touches.period
    and sizes.level = touches.level
    and sizes.channel = touches.channel
    and sizes.campaign = touches.campaign
),

-- 'start' is 0, 'order' is -1, 'none' is -2.
moves as (
  select
    period,
    level,
    coalesce(lag(member) over journey, 0) as origin,
    member as goal
  from named
  window journey as (partition by period, level, journey order by place)
  union all
  select period, level, member, case when is_converted then -1 else -2 end
  from (
    select
      named.*,
      row_number() over (partition by period, level, journey order by place desc) as from_last
    from named
  ) as lasts
  where from_last = 1
),

counts as (
  select period, level, origin, goal, cast(count(*) as double) as moves
  from moves
  where origin <> goal
  group by period, level, origin, goal
),

chances as (
  select
    counts.*,
    moves / sum(moves) over (partition by period, level, origin) as chance
  from counts
),

removed as (
  select distinct period, level, member as without
  from named
  union all
  select distinct period, level, cast(-9 as bigint)
  from named
),

flow as (
  select period, level, without, 0 as step, cast(0 as bigint) as state, cast(1 as double) as mass
  from removed
  union all
  select
    flow.period, flow.level, flow.without, flow.step + 1, chances.goal,
    sum(flow.mass * chances.chance)
  from flow
  inner join chances
    on chances.period = flow.period
    and chances.level = flow.level
    and chances.origin = flow.state
  where chances.goal <> flow.without and flow.step < 1000 and flow.mass > 1e-12
  group by flow.period, flow.level, flow.without, flow.step + 1, chances.goal
),

arrived as (
  select
    period,
    level,
    without,
    coalesce(sum(case when state = -1 then mass end), 0) as chance
  from flow
  group by period, level, without
),

-- Members that were put together share evenly what is lost without all of them.
lost as (
  select
    arrived.period as period,
    arrived.level as level,
    arrived.without as member,
    case when whole.chance > 0 then greatest(1 - arrived.chance / whole.chance, 0) end as share_lost
  from arrived
  inner join arrived as whole
    on whole.period = arrived.period
    and whole.level = arrived.level
    and whole.without = -9
  where arrived.without <> -9
),

final as (
  select
    sizes.period as period,
    sizes.level as level,
    sizes.channel as channel,
    sizes.campaign as campaign,
    round(
      lost.share_lost * case when sizes.rank > 50 then sizes_of.share else 1 end, 10
    ) as share_lost
  from sizes
  inner join lost
    on lost.period = sizes.period
    and lost.level = sizes.level
    and lost.member = least(sizes.rank, 51)
  left join (
    select period, level, cast(1 as double) / count(*) as share
    from sizes
    where rank > 50
    group by period, level
  ) as sizes_of
    on sizes_of.period = sizes.period
    and sizes_of.level = sizes.level
  where lost.share_lost is not null
)

select * from final
