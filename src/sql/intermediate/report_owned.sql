-- Grain: one row per row of a report that does not name its account, but whose account is told by its ids.
-- Ids of campaigns and ads belong to one account: rows of an unnamed one whose objects are known under exactly
-- one account are that account's. Without this their spend would be there twice. Of a row that a file of the
-- account itself has too (`is_told`), that file's counts.
with placed as (
  select
    unnamed.source as source,
    unnamed.platform as platform,
    unnamed.account_id as account_id,
    unnamed.date_start as date_start,
    unnamed.date_stop as date_stop,
    unnamed.level as level,
    unnamed.object_key as object_key,
    unnamed.occurrence as occurrence,
    unnamed.age as age,
    unnamed.gender as gender,
    unnamed.country as country,
    unnamed.region as region,
    unnamed.publisher_platform as publisher_platform,
    unnamed.platform_position as platform_position,
    unnamed.device_platform as device_platform,
    unnamed.hour as hour,
    unnamed.segment as segment,
    coalesce(ads.account_id, campaigns.account_id) as owner_id
  from intermediate.reports as unnamed
  left join intermediate.report_owners as ads
    on ads.platform = unnamed.platform
    and ads.kind = 'ad'
    and ads.object_id = unnamed.ad_id
  left join intermediate.report_owners as campaigns
    on campaigns.platform = unnamed.platform
    and campaigns.kind = 'campaign'
    and campaigns.object_id = unnamed.campaign_id
  where unnamed.is_unnamed
    and (ads.account_id is not null or campaigns.account_id is not null)
),

final as (
  select
    placed.source as source,
    placed.platform as platform,
    placed.account_id as account_id,
    placed.date_start as date_start,
    placed.date_stop as date_stop,
    placed.level as level,
    placed.object_key as object_key,
    placed.occurrence as occurrence,
    placed.age as age,
    placed.gender as gender,
    placed.country as country,
    placed.region as region,
    placed.publisher_platform as publisher_platform,
    placed.platform_position as platform_position,
    placed.device_platform as device_platform,
    placed.hour as hour,
    placed.segment as segment,
    placed.owner_id as owner_id,
    told.account_id is not null as is_told
  from placed
  left join intermediate.reports as told
    on told.source = placed.source
    and told.platform = placed.platform
    and told.account_id = placed.owner_id
    and told.date_start = placed.date_start
    and told.date_stop = placed.date_stop
    and told.level = placed.level
    and told.object_key = placed.object_key
    and told.occurrence = placed.occurrence
    and told.age is not distinct from placed.age
    and told.gender is not distinct from placed.gender
    and told.country is not distinct from placed.country
    and told.region is not distinct from placed.region
    and told.publisher_platform is not distinct from placed.publisher_platform
    and told.platform_position is not distinct from placed.platform_position
    and told.device_platform is not distinct from placed.device_platform
    and told.hour is not distinct from placed.hour
    and told.segment is not distinct from placed.segment
)

select * from final
