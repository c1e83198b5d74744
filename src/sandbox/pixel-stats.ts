import { Temporal } from 'temporal-polyfill';
import type { Account } from './account.ts';
import { stampOf } from './calendar.ts';
import { noon } from './entity-part.ts';
import { invalid } from './graph-error.ts';
import { mix, roundBy, saltOf, uniform } from './random.ts';
import type { World } from './world.ts';

const HOUR_SECONDS = 3600;
/** Meta keeps pixel statistics for 7 days. */
const KEPT_HOURS = 7 * 24;
/** Events of a busy hour. */
const EVENTS_PER_HOUR: readonly (readonly [string, number])[] = [
  ['PageView', 420],
  ['ViewContent', 160],
  ['AddToCart', 31],
  ['InitiateCheckout', 14],
  ['Purchase', 7],
  ['Lead', 3],
  ['CompleteRegistration', 2],
  ['SyntheticQuiz', 1.4],
];

/**
 * Hourly buckets of a pixel, oldest first: the last 7 days up to noon of `today`, cut to
 * `start_time` and `end_time` (unix seconds or ISO 8601, a bucket belongs when it starts in between,
 * end not included). Throws a `GraphError` (100) for another aggregation or a time it cannot read.
 */
export function pixelStats(world: World, params: URLSearchParams): readonly object[] {
  const aggregation = params.get('aggregation') ?? 'event';
  if (aggregation !== 'event') {
    throw invalid(`aggregation ${aggregation} is not served by the sandbox; it serves event.`);
  }
  const now = noon(world.today, world.account);
  const from = timeOf('start_time', params.get('start_time')) ?? 0;
  const to = timeOf('end_time', params.get('end_time')) ?? now;
  const first = Math.max(
    Math.ceil(from / HOUR_SECONDS),
    Math.floor(now / HOUR_SECONDS) - KEPT_HOURS,
  );
  const last = Math.min(Math.ceil(to / HOUR_SECONDS), Math.floor(now / HOUR_SECONDS)) - 1;
  const buckets: object[] = [];
  for (let hour = first; hour <= last; hour++) {
    const data = eventsOf(world, hour);
    if (data.length === 0) continue;
    const start_time = stampOf(hour * HOUR_SECONDS, world.account.zone);
    buckets.push({ start_time, aggregation, data });
  }
  return buckets;
}

function eventsOf(world: World, hour: number): readonly object[] {
  const salt = mix(saltOf(`${world.seed}/pixel/${world.account.id}`), hour);
  const local = localHour(hour, world.account);
  const busy = local < 6 ? 0.12 : 0.6 + 0.4 * uniform(salt, 1);
  return EVENTS_PER_HOUR.flatMap(([value, rate], place) => {
    const count = roundBy(
      rate * busy * (0.7 + 0.6 * uniform(salt, 2, place)),
      uniform(salt, 3, place),
    );
    return count === 0 ? [] : [{ value, count }];
  });
}

function localHour(hour: number, account: Account): number {
  return Number(stampOf(hour * HOUR_SECONDS, account.zone).slice(11, 13));
}

function timeOf(name: string, text: string | null): number | undefined {
  if (text === null || text === '') return undefined;
  if (/^\d{1,12}$/.test(text)) return Number(text);
  try {
    return Math.floor(Temporal.Instant.from(text).epochMilliseconds / 1000);
  } catch {
    throw invalid(`Param ${name} must be unix seconds or an ISO 8601 time with its offset.`);
  }
}
