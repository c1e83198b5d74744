import { unixOf } from './calendar.ts';
import { WORLD_START } from './campaign.ts';
import { type Fields, noon } from './entity-part.ts';
import { between, digits, mix, saltOf, uniform } from './random.ts';
import type { World } from './world.ts';

/** How an audience comes about. */
type Kind = 'site' | 'file' | 'lookalike' | 'small';

const KINDS: readonly Kind[] = ['site', 'file', 'lookalike', 'small'];
const NAMES: Readonly<Record<Kind, string>> = {
  site: 'Web 180d, "all visitors"',
  file: '=Customers; synthetic file',
  lookalike: 'Lookalike (1 %) – 顧客',
  small: 'Engaged 30d, too few',
};
const SUBTYPES: Readonly<Record<Kind, string>> = {
  site: 'WEBSITE',
  file: 'CUSTOM',
  lookalike: 'LOOKALIKE',
  small: 'ENGAGEMENT',
};
const DAY_SECONDS = 86_400;
const RETENTION: Readonly<Partial<Record<Kind, number>>> = { site: 180, small: 30 };

/** How many custom audiences every account has. */
export const AUDIENCES = KINDS.length;

/** The id of the audience at a place, 0 to 3, of an account. */
export function audienceId(world: World, place: number): string {
  return `12025${digits(mix(saltOf(`audience/${world.account.id}`), place), 13)}`;
}

/**
 * Every field of a custom audience. Times are unix seconds; sizes are bounds that move a little from
 * day to day, and -1 for an audience that is too small to be told.
 */
export function audienceFields(world: World, place: number): Fields {
  const { account, today } = world;
  const kind = KINDS[place] ?? 'site';
  const created = unixOf({ day: WORLD_START + 40 + place, second: 40_000, zone: 'UTC' });
  const updated = kind === 'file' ? created + 300 : noon(today, account) - DAY_SECONDS;
  const lower = sizeOf(world, place);
  return {
    id: () => audienceId(world, place),
    account_id: () => account.id,
    name: () => NAMES[kind],
    description: () => (kind === 'file' ? 'Synthetic list' : undefined),
    subtype: () => SUBTYPES[kind],
    approximate_count_lower_bound: () => lower,
    approximate_count_upper_bound: () => (lower < 0 ? -1 : Math.ceil((lower * 1.18) / 100) * 100),
    delivery_status: () =>
      lower < 0
        ? { code: 300, description: 'Audience too small.' }
        : { code: 200, description: 'This audience is ready for use.' },
    operation_status: () => ({ code: 200, description: 'Normal' }),
    retention_days: () => RETENTION[kind],
    time_created: () => created,
    time_updated: () => updated,
    time_content_updated: () => updated,
    customer_file_source: () => (kind === 'file' ? 'USER_PROVIDED_ONLY' : undefined),
    is_value_based: () => false,
    pixel_id: () => (kind === 'site' ? account.pixelId : undefined),
    rule: () => (kind === 'site' ? ruleOf(account.pixelId) : undefined),
    lookalike_spec: () => (kind === 'lookalike' ? lookalikeOf(world) : undefined),
    lookalike_audience_ids: () =>
      kind === 'file' ? [audienceId(world, KINDS.indexOf('lookalike'))] : undefined,
  };
}

/** Of four ad sets one names no audience, one names two, two name one, and one of these keeps buyers out. */
export function audienceTargeting(world: World, salt: number): object {
  const named = (...kinds: readonly Kind[]) =>
    kinds.map((kind) => ({ id: audienceId(world, KINDS.indexOf(kind)), name: NAMES[kind] }));
  const kind = mix(salt, 15) % 4;
  if (kind === 0) return {};
  if (kind === 1) return { custom_audiences: named('site', 'lookalike') };
  if (kind === 2) return { custom_audiences: named('lookalike') };
  return { custom_audiences: named('site'), excluded_custom_audiences: named('file') };
}

function sizeOf(world: World, place: number): number {
  if (KINDS[place] === 'small') return -1;
  const salt = mix(saltOf(`${world.seed}/audience/${world.account.id}`), place);
  const people = between(uniform(salt, 1), 40, 4000);
  return 100 * (people + between(uniform(salt, world.today), 0, Math.ceil(people / 20)));
}

function lookalikeOf(world: World): object {
  const origin = { id: audienceId(world, KINDS.indexOf('file')), name: NAMES.file };
  return {
    type: 'similarity',
    country: world.account.countries[0]?.code,
    ratio: 0.01,
    starting_ratio: 0,
    origin: [{ ...origin, type: 'custom_audience' }],
  };
}

function ruleOf(pixelId: string): string {
  const filters = [{ field: 'url', operator: 'i_contains', value: '' }];
  const rule = {
    event_sources: [{ id: pixelId, type: 'pixel' }],
    retention_seconds: 180 * DAY_SECONDS,
    filter: { operator: 'and', filters },
  };
  return JSON.stringify({ inclusions: { operator: 'or', rules: [rule] } });
}
