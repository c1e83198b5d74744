import { instantOf, instantOfSeconds } from '../../instant.ts';
import { memberOf } from '../../json.ts';
import { digitsOf, objectOf, type RawRecord, type StagingRow, textOf } from '../../staging/row.ts';

/** A creative as last seen: what an ad says and where it leads. */
export function flattenCreative(raw: RawRecord): readonly StagingRow[] {
  const text = (name: string): string | null => textOf(raw.record, name);
  return [
    {
      account_id: raw.accountId,
      creative_id: text('id'),
      creative_name: text('name'),
      status: text('status'),
      object_type: text('object_type'),
      title: text('title'),
      body: text('body'),
      call_to_action_type: text('call_to_action_type'),
      link: linkOf(raw.record),
      url_tags: text('url_tags'),
      image_hash: text('image_hash'),
      video_id: text('video_id'),
      effective_object_story_id: text('effective_object_story_id'),
      instagram_user_id: text('instagram_user_id'),
      instagram_permalink_url: text('instagram_permalink_url'),
      product_set_id: text('product_set_id'),
      object_story_spec: jsonOf(raw, 'object_story_spec'),
      asset_feed_spec: jsonOf(raw, 'asset_feed_spec'),
      pulled_on: raw.lineage.pulled_on,
    },
  ];
}

/** A custom audience as last seen. Meta sends -1 for a size that it does not tell: NULL here. */
export function flattenAudience(raw: RawRecord): readonly StagingRow[] {
  const { record } = raw;
  const text = (name: string): string | null => textOf(record, name);
  const lookalike = objectOf(record, 'lookalike_spec');
  return [
    {
      account_id: raw.accountId,
      audience_id: text('id'),
      audience_name: text('name'),
      description: text('description'),
      subtype: text('subtype'),
      approximate_count_lower_bound: sizeOf(record, 'approximate_count_lower_bound'),
      approximate_count_upper_bound: sizeOf(record, 'approximate_count_upper_bound'),
      ...statusOf(record, 'delivery_status'),
      ...statusOf(record, 'operation_status'),
      retention_days: digitsOf(record, 'retention_days'),
      customer_file_source: text('customer_file_source'),
      is_value_based: flagOf(record, 'is_value_based'),
      pixel_id: text('pixel_id'),
      lookalike_country: textOf(lookalike, 'country'),
      lookalike_ratio: decimalOf(lookalike, 'ratio'),
      lookalike_spec: jsonOf(raw, 'lookalike_spec'),
      lookalike_audience_ids: jsonOf(raw, 'lookalike_audience_ids'),
      rule: text('rule'),
      time_created: secondsOf(record, 'time_created'),
      time_updated: secondsOf(record, 'time_updated'),
      time_content_updated: secondsOf(record, 'time_content_updated'),
      pulled_on: raw.lineage.pulled_on,
    },
  ];
}

/** A custom conversion as last seen. */
export function flattenCustomConversion(raw: RawRecord): readonly StagingRow[] {
  const { record } = raw;
  const text = (name: string): string | null => textOf(record, name);
  return [
    {
      account_id: raw.accountId,
      custom_conversion_id: text('id'),
      custom_conversion_name: text('name'),
      description: text('description'),
      custom_event_type: text('custom_event_type'),
      event_source_type: text('event_source_type'),
      pixel_id: textOf(objectOf(record, 'pixel'), 'id'),
      data_sources: jsonOf(raw, 'data_sources'),
      rule: text('rule'),
      aggregation_rule: text('aggregation_rule'),
      default_conversion_value: decimalOf(record, 'default_conversion_value'),
      retention_days: digitsOf(record, 'retention_days'),
      is_archived: flagOf(record, 'is_archived'),
      is_unavailable: flagOf(record, 'is_unavailable'),
      creation_time: instantOf(text('creation_time')),
      first_fired_time: instantOf(text('first_fired_time')),
      last_fired_time: instantOf(text('last_fired_time')),
      pulled_on: raw.lineage.pulled_on,
    },
  ];
}

/** A pixel as last seen. */
export function flattenPixel(raw: RawRecord): readonly StagingRow[] {
  const { record } = raw;
  const text = (name: string): string | null => textOf(record, name);
  return [
    {
      account_id: raw.accountId,
      pixel_id: text('id'),
      pixel_name: text('name'),
      creation_time: instantOf(text('creation_time')),
      last_fired_time: instantOf(text('last_fired_time')),
      is_unavailable: flagOf(record, 'is_unavailable'),
      is_created_by_business: flagOf(record, 'is_created_by_business'),
      data_use_setting: text('data_use_setting'),
      first_party_cookie_status: text('first_party_cookie_status'),
      enable_automatic_matching: flagOf(record, 'enable_automatic_matching'),
      automatic_matching_fields: jsonOf(raw, 'automatic_matching_fields'),
      pulled_on: raw.lineage.pulled_on,
    },
  ];
}

type Fields = Readonly<Record<string, unknown>>;

/**
 * Where a creative leads: its own address, else that of its post (a link, a catalogue, a video's
 * button), else the first one of its asset feed.
 */
function linkOf(record: Fields): string | null {
  const story = objectOf(record, 'object_story_spec');
  const button = objectOf(objectOf(objectOf(story, 'video_data'), 'call_to_action'), 'value');
  return (
    textOf(record, 'link_url') ??
    textOf(objectOf(story, 'link_data'), 'link') ??
    textOf(objectOf(story, 'template_data'), 'link') ??
    textOf(button, 'link') ??
    firstAddress(objectOf(record, 'asset_feed_spec').link_urls)
  );
}

function firstAddress(list: unknown): string | null {
  const first: unknown = Array.isArray(list) ? list[0] : null;
  return textOf(objectOf({ first }, 'first'), 'website_url');
}

function sizeOf(record: Fields, name: string): string | null {
  const size = digitsOf(record, name);
  return size === '-1' ? null : size;
}

function statusOf(record: Fields, name: string): StagingRow {
  const status = objectOf(record, name);
  return { [`${name}_code`]: digitsOf(status, 'code'), [name]: textOf(status, 'description') };
}

/** Small fractions and whole numbers come as JSON numbers; written out they are what was sent. */
function decimalOf(record: Fields, name: string): string | null {
  const value = record[name];
  return typeof value === 'number' ? String(value) : textOf(record, name);
}

function flagOf(record: Fields, name: string): boolean | null {
  const value = record[name];
  return typeof value === 'boolean' ? value : null;
}

function secondsOf(record: Fields, name: string): string | null {
  return instantOfSeconds(digitsOf(record, name));
}

/** A member's own text: parsing would round long numbers in it. */
function jsonOf(raw: RawRecord, name: string): string | null {
  if (!Object.hasOwn(raw.record, name) || raw.record[name] === null) return null;
  return memberOf(raw.text, name) ?? null;
}
