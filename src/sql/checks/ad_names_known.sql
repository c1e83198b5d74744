-- Grain: one row per ad account and ad of ad_day. Its name was found.
with final as (
  select
    account_id,
    'ad ' || ad_id as place,
    'a name' as expected,
    ad_name as found,
    ad_name <> 'unknown ad ' || ad_id as is_ok,
    count(*) as rows
  from curated.ad_day
  group by account_id, ad_id, ad_name
)

select * from final
