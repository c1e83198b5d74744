import { addDays, daysBetween, SETTLEMENT_DAYS } from '../window.ts';

/**
 * - `active`: delivered lately, or nothing is known yet; it is in the daily requests.
 * - `inactive`: it never delivered, as far as is known.
 * - `settling`: idle, but its last delivery is recent enough that conversions still come in.
 * - `retired`: idle, and what it last delivered has settled.
 *
 * All but `active` are left out of the daily requests.
 */
export type ActivityState = 'active' | 'inactive' | 'settling' | 'retired';

/** What landing says of one campaign. Days are the account's own. */
export interface CampaignFacts {
  readonly account_id: string;
  readonly campaign_id: string;
  readonly campaign_name: string | null;
  readonly effective_status: string | null;
  /** As sent. Shown, never believed: delivery decides, whatever status and end say. */
  readonly stop_time: string | null;
  /** The day it was created, or else first seen; null when neither is known. */
  readonly created: string | null;
  /** Days with impressions or spend, oldest first. */
  readonly deliveryDays: readonly string[];
  /** The newest day a whole answer spoke of; null when none did. */
  readonly knownUntil: string | null;
  /** The newest day on which its last day of delivery was asked about; null: never. */
  readonly lastAsked: string | null;
}

/** The limits that decide. */
export interface ActivitySettings {
  /** Complete days without delivery after which a campaign leaves the daily requests. */
  readonly thresholdDays: number;
}

/** A change of state, for the history. `day` is the account's day on which it takes effect. */
export interface StateChange {
  readonly day: string;
  readonly state: ActivityState;
  /** In words, with dates. */
  readonly why: string;
}

/** What follows from the facts. */
export interface Activity extends StateChange {
  readonly last_delivery: string | null;
  /** Complete days without delivery at the end of what is known, `knownUntil` included. */
  readonly inactive_days: number;
  /** The newest day, up to today, on which an idle campaign was due to be asked for; null: none. */
  readonly sweepOn: string | null;
  /** Every change so far, oldest first; the last one is the present state. */
  readonly history: readonly StateChange[];
}

/** Used where no setting is at hand: the default of META_INACTIVE_THRESHOLD_DAYS. */
export const DEFAULT_SETTINGS: ActivitySettings = { thresholdDays: 7 };

/** Days between two sweeps of a settling campaign. */
export const SWEEP_DAYS = 7;

/** A click can bring a conversion for so many days (the longest attribution window). */
const CONVERSION_DAYS = 28;

/**
 * Where a campaign stands on the account's day `today`. Pure: the same with or without any cache.
 * Days that nobody has asked about count neither as delivery nor as silence, so a pause between runs
 * makes no campaign idle.
 */
export function activityOf(
  known: CampaignFacts,
  today: string,
  settings: ActivitySettings,
): Activity {
  const facts = { ...known, deliveryDays: known.deliveryDays.filter((day) => day <= today) };
  const last = facts.deliveryDays.at(-1) ?? null;
  const history = historyOf(facts, today, settings);
  const present = history.at(-1) ?? { day: today, state: 'active', why: UNKNOWN };
  const isSweeping = present.state === 'settling' || present.state === 'retired';
  return {
    ...present,
    last_delivery: last,
    inactive_days: silentDays(last ?? facts.created, asOf(facts, today)),
    sweepOn: last !== null && isSweeping ? lastSweepDay(last, today, settings) : null,
    history,
  };
}

const UNKNOWN = 'Nothing is known of its delivery yet.';

/** What has been seen of the campaign, yesterday at most: today is not over. */
function asOf(facts: CampaignFacts, today: string): string | null {
  const yesterday = addDays(today, -1);
  const { knownUntil } = facts;
  return knownUntil !== null && knownUntil > yesterday ? yesterday : knownUntil;
}

function silentDays(since: string | null, until: string | null): number {
  return since === null || until === null ? 0 : Math.max(0, daysBetween(since, until));
}

function historyOf(
  facts: CampaignFacts,
  today: string,
  settings: ActivitySettings,
): readonly StateChange[] {
  const until = asOf(facts, today);
  if (until === null) return [];
  const changes: StateChange[] = [];
  let before: string | null = null;
  for (const day of facts.deliveryDays) {
    if (before === null) changes.push(began(facts, day, settings));
    else if (silentDays(before, day) > settings.thresholdDays) {
      changes.push(...idleChanges(before, day, settings), cameBack(before, day));
    }
    before = day;
  }
  if (before === null) return neverDelivered(facts, until, settings);
  const idle = idleChanges(before, addDays(until, 1), settings).filter(
    ({ state }) => state !== 'retired' || isRetired(facts, before, today),
  );
  return [...changes, ...idle];
}

function began(facts: CampaignFacts, day: string, settings: ActivitySettings): StateChange {
  const { created } = facts;
  const wasIdle = created !== null && daysBetween(created, day) > settings.thresholdDays;
  const before = wasIdle ? `, ${daysBetween(created, day)} days after it was made` : '';
  return { day, state: 'active', why: `It delivered on ${day}${before}.` };
}

function cameBack(before: string, day: string): StateChange {
  const silence = daysBetween(before, day) - 1;
  const why = `It delivered again on ${day}, after ${silence} days of silence.`;
  return { day: addDays(day, 1), state: 'active', why };
}

/** What happens after delivery on `last` when there is none before `next`. */
function idleChanges(
  last: string,
  next: string,
  settings: ActivitySettings,
): readonly StateChange[] {
  const leaves = leavesOn(last, settings);
  const settles = addDays(last, SETTLEMENT_DAYS);
  if (next < leaves) return [];
  const silence = `${settings.thresholdDays} complete days without impressions or spend since ${last}`;
  const settling: StateChange = {
    day: leaves,
    state: 'settling',
    why: `${silence}. Conversions can still come in, so it is asked for every ${SWEEP_DAYS} days and on ${settles}.`,
  };
  if (next < settles) return [settling];
  const why = `No impressions or spend since ${last}, and that day has settled (${SETTLEMENT_DAYS} days).`;
  return [settling, { day: settles > leaves ? settles : leaves, state: 'retired', why }];
}

function neverDelivered(
  facts: CampaignFacts,
  until: string,
  settings: ActivitySettings,
): readonly StateChange[] {
  const { created } = facts;
  if (created === null) return [];
  const began: StateChange = {
    day: created,
    state: 'active',
    why: `It is known since ${created} and may begin to deliver.`,
  };
  if (silentDays(created, until) < settings.thresholdDays) return [began];
  const why = `It is known since ${created} and has not delivered in ${settings.thresholdDays} complete days.`;
  return [began, { day: leavesOn(created, settings), state: 'inactive', why }];
}

/** The first day on which the threshold of complete silent days lies behind. */
function leavesOn(last: string, settings: ActivitySettings): string {
  return addDays(last, settings.thresholdDays + 1);
}

/** Retired needs both: the days have passed, and somebody asked after they had. */
function isRetired(facts: CampaignFacts, last: string, today: string): boolean {
  const settles = addDays(last, SETTLEMENT_DAYS);
  return today >= settles && facts.lastAsked !== null && facts.lastAsked >= settles;
}

/**
 * The newest day up to `today` on which the sweep plan asks for the campaign: every `SWEEP_DAYS` after
 * it left, on the day its last delivery settles, and a last time when everything that a click of
 * that day could still bring has settled too.
 */
function lastSweepDay(last: string, today: string, settings: ActivitySettings): string | null {
  const settles = addDays(last, SETTLEMENT_DAYS);
  const closes = addDays(settles, CONVERSION_DAYS);
  if (today >= closes) return closes;
  if (today >= settles) return settles;
  const since = daysBetween(leavesOn(last, settings), today);
  const sweeps = Math.floor(since / SWEEP_DAYS);
  return sweeps < 1 ? null : addDays(leavesOn(last, settings), sweeps * SWEEP_DAYS);
}
