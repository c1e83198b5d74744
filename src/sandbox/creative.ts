import type { Day } from './calendar.ts';
import { statusOn } from './campaign.ts';
import type { Fields } from './entity-part.ts';
import { digits, mix } from './random.ts';
import type { Ad } from './tree.ts';

/** The synthetic page in whose name all ads run. */
const PAGE_ID = '101530027418836';

/** Every field of an ad's creative. One creative in four is put together from an asset feed. */
export function creativeFields(ad: Ad, today: Day): Fields {
  const status = statusOn(ad.campaign, today);
  const hash = mix(ad.salt, 9).toString(16).padStart(8, '0').repeat(4);
  const link = `https://shop.example/landing?utm_source=facebook&utm_campaign=${ad.campaign.id}`;
  return {
    id: () => ad.creativeId,
    account_id: () => ad.campaign.account.id,
    name: () => `${ad.name} creative`,
    status: () => (status === 'DELETED' ? 'DELETED' : 'ACTIVE'),
    object_type: () => 'SHARE',
    title: () => `Synthetic title, "${ad.name}"`,
    body: () => 'Synthetic body\nsecond line 🎈',
    call_to_action_type: () => 'SHOP_NOW',
    image_hash: () => hash,
    image_url: () => `https://images.example/${hash}.jpg`,
    thumbnail_url: () => `https://images.example/${hash}_64.jpg`,
    object_story_spec: () => ({ link_data: { link, image_hash: hash } }),
    url_tags: () => `utm_content=${ad.id}`,
    asset_feed_spec: () => (ad.salt % 4 === 0 ? assetFeed(ad, { link, hash }) : undefined),
    effective_object_story_id: () => `${PAGE_ID}_${digits(mix(ad.salt, 10), 15)}`,
    actor_id: () => PAGE_ID,
    video_id: () => (ad.name.includes('UGC') ? `12026${digits(mix(ad.salt, 11), 12)}` : undefined),
    authorization_category: () => 'NONE',
    thumbnail_id: () => `12027${digits(mix(ad.salt, 12), 12)}`,
  };
}

/** What Meta puts an ad together from, as the API gives it. */
function assetFeed(ad: Ad, of: { readonly link: string; readonly hash: string }): object {
  return {
    images: [{ hash: of.hash }],
    bodies: [{ text: 'Synthetic body, first' }, { text: 'Synthetic body; "second" 🎈' }],
    titles: [{ text: `Synthetic title, "${ad.name}"` }, { text: '合成タイトル' }],
    link_urls: [{ website_url: of.link }],
    call_to_action_types: ['SHOP_NOW'],
    ad_formats: ['AUTOMATIC_FORMAT'],
    optimization_type: 'DEGREES_OF_FREEDOM',
  };
}
