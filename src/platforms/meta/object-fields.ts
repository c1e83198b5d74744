import type { ObjectEdge } from './datasets.ts';

/**
 * Fields of objects that insights do not name, as Meta's SDK 26.0.0 has them. Addresses of images are
 * left out: they stop working after some days.
 */
export const OBJECT_FIELDS: Readonly<Record<ObjectEdge, readonly string[]>> = {
  adcreatives: [
    'id',
    'account_id',
    'name',
    'status',
    'object_type',
    'title',
    'body',
    'call_to_action_type',
    'link_url',
    'url_tags',
    'image_hash',
    'video_id',
    'effective_object_story_id',
    'instagram_user_id',
    'instagram_permalink_url',
    'product_set_id',
    'object_story_spec',
    'asset_feed_spec',
  ],
  customaudiences: [
    'id',
    'account_id',
    'name',
    'description',
    'subtype',
    'approximate_count_lower_bound',
    'approximate_count_upper_bound',
    'delivery_status',
    'operation_status',
    'retention_days',
    'customer_file_source',
    'is_value_based',
    'pixel_id',
    'rule',
    'lookalike_spec',
    'lookalike_audience_ids',
    'time_created',
    'time_updated',
    'time_content_updated',
  ],
  customconversions: [
    'id',
    'account_id',
    'name',
    'description',
    'custom_event_type',
    'event_source_type',
    'rule',
    'aggregation_rule',
    'pixel',
    'data_sources',
    'default_conversion_value',
    'creation_time',
    'first_fired_time',
    'last_fired_time',
    'is_archived',
    'is_unavailable',
    'retention_days',
  ],
  adspixels: [
    'id',
    'name',
    'creation_time',
    'last_fired_time',
    'is_unavailable',
    'is_created_by_business',
    'data_use_setting',
    'first_party_cookie_status',
    'enable_automatic_matching',
    'automatic_matching_fields',
  ],
};

/** Every field of an entry of the change log. */
export const ACTIVITY_FIELDS: readonly string[] = [
  'event_time',
  'date_time_in_timezone',
  'event_type',
  'translated_event_type',
  'object_id',
  'object_name',
  'object_type',
  'actor_id',
  'actor_name',
  'application_id',
  'application_name',
  'extra_data',
];

/** Objects on a page: creatives carry all their texts, and Meta refuses more of them at once. */
export const OBJECT_LIMITS: Readonly<Record<ObjectEdge, number>> = {
  adcreatives: 50,
  customaudiences: 200,
  customconversions: 200,
  adspixels: 100,
};
