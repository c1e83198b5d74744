-- Grain: one row per ad account and creative: what it says, and what was read out of it as English
-- (`adlake enrich`); what was read out of a text that the creative no longer has is left out.
with creatives as (
  select
    cast(account_id as varchar) as account_id,
    cast(creative_id as varchar) as creative_id,
    cast(creative_name as varchar) as creative_name,
    cast(title as varchar) as title,
    cast(body as varchar) as body,
    case
      when title is null then cast(body as varchar)
      when body is null then cast(title as varchar)
      else cast(title as varchar) || '. ' || cast(body as varchar)
    end as text
  from staging.ad_creatives
),

texts as (
  select
    cast(account_id as varchar) as account_id,
    cast(creative_id as varchar) as creative_id,
    cast(text as varchar) as text,
    cast(words as bigint) as words,
    cast(rated_words as bigint) as rated_words,
    cast(sentiment as double) as sentiment,
    cast(topics as varchar) as topics,
    cast(people as varchar) as people,
    cast(places as varchar) as places,
    cast(organizations as varchar) as organizations,
    cast(read_by as varchar) as read_by
  from staging.creative_texts
),

images as (
  select
    cast(account_id as varchar) as account_id,
    cast(creative_id as varchar) as creative_id,
    cast(image_sha256 as varchar) as image_sha256,
    cast(width as bigint) as width,
    cast(height as bigint) as height,
    cast(ratio as double) as ratio,
    cast(brightness as double) as brightness,
    cast(colours as varchar) as colours,
    cast(colour_share as double) as colour_share,
    cast(read_by as varchar) as read_by
  from staging.creative_images
),

final as (
  select
    creatives.account_id as account_id,
    creatives.creative_id as creative_id,
    creatives.creative_name as creative_name,
    creatives.title as title,
    creatives.body as body,
    creatives.text as text,
    texts.words as words,
    texts.rated_words as rated_words,
    texts.sentiment as sentiment,
    texts.topics as topics,
    texts.people as people,
    texts.places as places,
    texts.organizations as organizations,
    texts.read_by as read_by,
    images.image_sha256 as image_sha256,
    images.width as image_width,
    images.height as image_height,
    images.ratio as image_ratio,
    images.brightness as image_brightness,
    images.colours as image_colours,
    images.colour_share as image_colour_share,
    images.read_by as image_read_by
  from creatives
  left join texts
    on texts.account_id = creatives.account_id
    and texts.creative_id = creatives.creative_id
    and texts.text = creatives.text
  left join images
    on images.account_id = creatives.account_id
    and images.creative_id = creatives.creative_id
)

select * from final
