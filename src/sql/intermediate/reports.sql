-- Grain: one row per row of an export, or of an answer of a platform beside Meta. All platforms have the same columns.
-- Kept as a view: its rows are those of staging, and need not be held twice.
-- A file that does not name its account is kept under `unknown`, or under its name (`name-…`).
with together as (
  select 'export' as source, amazon.* from staging.amazon_report as amazon
  union all
  select 'export' as source, google.* from staging.google_report as google
  union all
  select 'export' as source, linkedin.* from staging.linkedin_report as linkedin
  union all
  select 'export' as source, meta.* from staging.meta_report as meta
  union all
  select 'export' as source, microsoft.* from staging.microsoft_report as microsoft
  union all
  select 'export' as source, pinterest.* from staging.pinterest_report as pinterest
  union all
  select 'export' as source, reddit.* from staging.reddit_report as reddit
  union all
  select 'export' as source, snapchat.* from staging.snapchat_report as snapchat
  union all
  select 'export' as source, tiktok.* from staging.tiktok_report as tiktok
  union all
  select 'export' as source, x.* from staging.x_report as x
  union all
  select 'api' as source, amazon.* from staging.amazon_insights as amazon
  union all
  select 'api' as source, google.* from staging.google_insights as google
  union all
  select 'api' as source, tiktok.* from staging.tiktok_insights as tiktok
),

final as (
  select
    together.*,
    together.account_id = 'unknown' or together.account_id like 'name-%' as is_unnamed
  from together
)

select * from final
