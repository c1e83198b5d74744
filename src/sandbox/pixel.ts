import { stampOf, unixOf } from './calendar.ts';
import { WORLD_START } from './campaign.ts';
import { type Fields, noon } from './entity-part.ts';
import type { World } from './world.ts';

/** Every field of the pixel of an account. Its times are in UTC. */
export function pixelFields({ account, today }: World): Fields {
  return {
    id: () => account.pixelId,
    name: () => `Synthetic pixel ${account.currency}`,
    creation_time: () => stampOf(unixOf({ day: WORLD_START, second: 32_400, zone: 'UTC' }), 'UTC'),
    last_fired_time: () => stampOf(noon(today, account), 'UTC'),
    is_unavailable: () => false,
    data_use_setting: () => 'ADVERTISING_AND_ANALYTICS',
    first_party_cookie_status: () => 'FIRST_PARTY_COOKIE_ENABLED',
    enable_automatic_matching: () => true,
    automatic_matching_fields: () => ['em', 'ph', 'fn', 'ln'],
    can_proxy: () => true,
    is_created_by_business: () => true,
    is_crm: () => false,
    is_consolidated_container: () => false,
    is_mta_use: () => false,
    is_restricted_use: () => false,
    has_1p_pixel_event: () => true,
    match_rate_approx: () => 71,
    owner_ad_account: () => ({ id: `act_${account.id}`, account_id: account.id }),
  };
}

/** Every field of the custom conversion that some campaigns of an account count. Times in UTC. */
export function customConversionFields({ account, today }: World): Fields {
  const created = unixOf({ day: WORLD_START + 30, second: 36_000, zone: 'UTC' });
  const source = { id: account.pixelId, source_type: 'PIXEL', name: 'Synthetic pixel' };
  const rule = { and: [{ event: { eq: 'SyntheticQuiz' } }, { URL: { i_contains: '/quiz' } }] };
  return {
    id: () => account.customConversionId,
    account_id: () => account.id,
    name: () => `Synthetic quiz, "done" (${account.currency})`,
    description: () => 'Somebody finished the synthetic quiz',
    custom_event_type: () => 'OTHER',
    event_source_type: () => 'pixel',
    rule: () => JSON.stringify(rule),
    aggregation_rule: () => undefined,
    pixel: () => ({ id: account.pixelId }),
    data_sources: () => [source],
    creation_time: () => stampOf(created, 'UTC'),
    first_fired_time: () => stampOf(created + 7200, 'UTC'),
    last_fired_time: () => stampOf(noon(today, account) - 5400, 'UTC'),
    default_conversion_value: () => 0,
    is_archived: () => false,
    is_unavailable: () => false,
    retention_days: () => 0,
  };
}
