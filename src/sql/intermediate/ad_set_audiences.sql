-- Grain: one row per ad account, ad set and custom audience that the ad set's targeting names, as last
-- seen; one row with 'none' for an ad set that names no audience. Ad sets whose targeting is not known
-- have no row. `place` numbers the audiences of an ad set from 1, `audiences` is how many it has.
with recursive ad_sets as (
  select
    cast(account_id as varchar) as account_id,
    cast(ad_set_id as varchar) as ad_set_id,
    coalesce(nullif(cast(custom_audience_ids as varchar), ''), 'none') as ids
  from staging.ad_sets
  where targeting is not null
),

-- The list is cut at its commas, one id in each round.
cut as (
  select
    account_id,
    ad_set_id,
    1 as place,
    case
      when position(',' in ids) = 0 then ids
      else substring(ids from 1 for position(',' in ids) - 1)
    end as audience_id,
    case when position(',' in ids) > 0 then substring(ids from position(',' in ids) + 1) end as rest
  from ad_sets
  union all
  select
    account_id,
    ad_set_id,
    place + 1 as place,
    case
      when position(',' in rest) = 0 then rest
      else substring(rest from 1 for position(',' in rest) - 1)
    end as audience_id,
    case when position(',' in rest) > 0 then substring(rest from position(',' in rest) + 1) end as rest
  from cut
  where rest is not null
),

final as (
  select
    account_id,
    ad_set_id,
    audience_id,
    place,
    max(place) over (partition by account_id, ad_set_id) as audiences
  from cut
)

select * from final
