import { Temporal } from 'temporal-polyfill';
import { stampOf, unixOf } from './calendar.ts';
import { changedOn, statusOn } from './campaign.ts';
import { noon } from './entity-part.ts';
import { invalid } from './graph-error.ts';
import { parseDayOrUnix } from './parameter.ts';
import { between, digits, mix, uniform } from './random.ts';
import type { World } from './world.ts';

/** An entry of the change log of an account, in all its fields. */
export type Activity = Readonly<Record<string, unknown>>;

interface Change {
  readonly at: number;
  readonly eventType: string;
  readonly translated: string;
  readonly category: string;
  readonly objectType: string;
  readonly objectId: string;
  readonly objectName: string;
  readonly extra: object;
}

/** What Meta looks back when no time is given, about. */
const DEFAULT_SECONDS = 7 * 86_400;
const CATEGORIES = [
  ...['ACCOUNT', 'AD', 'AD_KEYWORDS', 'AD_SET', 'AUDIENCE', 'BID', 'BUDGET', 'CAMPAIGN'],
  ...['DATE', 'STATUS', 'TARGETING'],
];

/**
 * The changes in an account, newest first, from `since` to `until` (days, both inclusive, or unix
 * seconds); without them the last 7 days. Throws a `GraphError` (100) for a time or a category that
 * does not exist.
 */
export function activitiesOf(world: World, params: URLSearchParams): readonly Activity[] {
  const { zone } = world.account;
  const now = noon(world.today, world.account);
  const until = parseDayOrUnix('until', params.get('until'), { zone, second: 86_399 }) ?? now;
  const since =
    parseDayOrUnix('since', params.get('since'), { zone, second: 0 }) ?? until - DEFAULT_SECONDS;
  const category = params.get('category');
  if (category !== null && !CATEGORIES.includes(category)) {
    throw invalid(`category must be one of the following values: ${CATEGORIES.join(', ')}`);
  }
  const object = params.get('oid');
  return changesOf(world)
    .filter(({ at }) => at >= since && at <= Math.min(until, now))
    .filter((change) => category === null || change.category === category)
    .filter((change) => object === null || change.objectId === object)
    .sort((a, b) => b.at - a.at)
    .map((change) => written(change, world));
}

function changesOf(world: World): readonly Change[] {
  const campaigns = world.campaigns.flatMap((campaign) => {
    const at = (day: number, place: number) =>
      unixOf({
        day,
        second: between(uniform(mix(campaign.salt, 60), place), 0, 43_000),
        zone: world.account.zone,
      });
    const object = {
      objectType: 'CAMPAIGN_GROUP',
      objectId: campaign.id,
      objectName: campaign.name,
    };
    const status = statusOn(campaign, world.today);
    const ended = status === 'ACTIVE' ? [] : [{ day: changedOn(campaign, world.today), status }];
    return [
      {
        ...object,
        at: at(campaign.created, 1),
        eventType: 'create_campaign_group',
        translated: 'Campaign created',
        category: 'CAMPAIGN',
        extra: { type: 'campaign_group' },
      },
      ...ended.map(({ day, status: newStatus }) => ({
        ...object,
        at: at(day, 2),
        eventType: 'update_campaign_run_status',
        translated: 'Campaign status updated',
        category: 'STATUS',
        extra: { old_value: 'Active', new_value: titled(newStatus), type: 'run_status' },
      })),
    ];
  });
  return [...campaigns, ...chargesOf(world)];
}

/** The account is charged every third day of the last 90. */
function chargesOf(world: World): readonly Change[] {
  const { account, today } = world;
  const days = Array.from({ length: 90 }, (_, age) => today - age).filter((day) => day % 3 === 0);
  return days.map((day) => ({
    at: unixOf({ day, second: 23_447, zone: account.zone }),
    eventType: 'ad_account_billing_charge',
    translated: 'Account billed',
    category: 'ACCOUNT',
    objectType: 'ACCOUNT',
    objectId: account.id,
    objectName: account.name,
    extra: {
      currency: account.currency,
      new_value: between(uniform(mix(account.zoneId, 61), day), 1000, 90_000),
      transaction_id: digits(mix(account.zoneId, day), 16),
      type: 'payment_amount',
    },
  }));
}

function written(change: Change, world: World): Activity {
  const machine = change.category === 'ACCOUNT';
  return {
    actor_id: machine ? '100000000000001' : '10240000000000007',
    actor_name: machine ? 'Synthetic billing' : 'Synthetic system user',
    application_id: '0',
    date_time_in_timezone: localText(change.at, world.account.zone),
    event_time: stampOf(change.at, 'UTC'),
    event_type: change.eventType,
    extra_data: JSON.stringify(change.extra),
    object_id: change.objectId,
    object_name: change.objectName,
    object_type: change.objectType,
    translated_event_type: change.translated,
  };
}

/** `03/13/2023 at 6:30 AM` on the account's clock. */
function localText(unix: number, zone: string): string {
  const at = Temporal.Instant.fromEpochMilliseconds(unix * 1000).toZonedDateTimeISO(zone);
  const two = (value: number) => String(value).padStart(2, '0');
  const hour = at.hour % 12 === 0 ? 12 : at.hour % 12;
  const half = at.hour < 12 ? 'AM' : 'PM';
  return `${two(at.month)}/${two(at.day)}/${at.year} at ${hour}:${two(at.minute)} ${half}`;
}

function titled(status: string): string {
  return `${status.slice(0, 1)}${status.slice(1).toLowerCase()}`;
}
