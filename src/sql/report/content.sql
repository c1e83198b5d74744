-- Grain: one row per creative that spent in the account's last complete days (7, 28 or 90, whichever is nearest to
-- $period) and that was read with `adlake enrich`: what it says and shows beside what it did. The words of a text
-- sound positive from a sentiment of 0.1 on, negative from -0.1 down.
select
  content.creative_id as creative_id,
  coalesce(content.creative_name, performance.creative_name) as creative_name,
  content.text as text,
  case
    when content.sentiment >= 0.1 then 'positive'
    when content.sentiment <= -0.1 then 'negative'
    when content.sentiment is not null then 'neutral'
  end as tone,
  content.sentiment as sentiment_score,
  content.topics as topics,
  content.image_width as image_width,
  content.image_height as image_height,
  case
    when content.image_ratio > 1.05 then 'landscape'
    when content.image_ratio < 0.95 then 'portrait'
    when content.image_ratio is not null then 'square'
  end as image_shape,
  content.image_brightness as image_brightness_share,
  content.image_colours as image_colours,
  performance.since as since,
  performance.until as until,
  performance.spend as spend,
  performance.impressions as impressions,
  performance.clicks as clicks,
  performance.conversions as conversions,
  performance.purchase_value as purchase_value,
  performance.ctr as ctr,
  performance.roas as roas
from creative_content as content
inner join creative_performance as performance
  on performance.account_id = content.account_id
  and performance.creative_id = content.creative_id
where
  content.account_id = $account_id
  and performance.period = case when cast($period as varchar) = '14d' then '28d' else $period end
  and performance.spend > 0
  and (content.words is not null or content.image_sha256 is not null)
order by performance.spend desc, content.creative_id
