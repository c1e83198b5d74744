import { accountsLanded, listBatches } from '../landing/batch.ts';
import { datasetNamed } from '../platforms/meta/named.ts';
import { type Asked, askedOf } from '../pull/asked.ts';
import { landedBatches } from '../pull/landed.ts';
import { addDays } from '../window.ts';
import type { Lake } from '../zone.ts';
import {
  type Activity,
  type ActivitySettings,
  activityOf,
  type CampaignFacts,
  DEFAULT_SETTINGS,
} from './activity.ts';
import { ActivityStore } from './store.ts';

/** A campaign with what is known of it and what follows. */
export interface CampaignActivity {
  readonly facts: CampaignFacts;
  readonly activity: Activity;
}

/** From where and as of when to look. */
export interface ActivityQuery {
  readonly lake: Lake;
  /** Digits, without `act_`. */
  readonly accountId: string;
  /** The account's own day. */
  readonly today: string;
  readonly settings: ActivitySettings;
  /** The current instant, UTC. */
  readonly now: string;
  readonly ttlHours: number;
}

/** Every campaign of an account with its state on `today`, by id; brings the store up to date. */
export function campaignActivity(
  store: ActivityStore,
  query: ActivityQuery,
): readonly CampaignActivity[] {
  const { lake, accountId, today } = query;
  const sources = {
    campaigns: datasetNamed('campaigns'),
    campaignDays: datasetNamed('insights_campaign_day'),
  };
  const batches = {
    campaigns: landedBatches(lake, sources.campaigns, accountId),
    campaignDays: landedBatches(lake, sources.campaignDays, accountId),
  };
  store.update({ lake, sources, accountId }, batches, query);
  const asked = askedOf(batches.campaignDays);
  const found = store.facts(accountId).map((stored) => {
    const facts = { ...stored, ...askedAbout(asked, stored, today) };
    return { facts, activity: activityOf(facts, today, query.settings) };
  });
  store.together(() => {
    for (const { facts, activity } of found) store.record(facts, activity, today);
  });
  return found;
}

/** A longer search back than any first pull reaches. */
const LONGEST_SEARCH_DAYS = 1200;

function askedAbout(
  asked: Asked,
  campaign: Pick<CampaignFacts, 'campaign_id' | 'deliveryDays'>,
  today: string,
): Pick<CampaignFacts, 'knownUntil' | 'lastAsked'> {
  const last = campaign.deliveryDays.at(-1);
  return {
    knownUntil: newestDay(asked, campaign.campaign_id, today),
    lastAsked: last === undefined ? null : asked.lastAsked(last, campaign.campaign_id),
  };
}

function newestDay(asked: Asked, campaignId: string, today: string): string | null {
  if (asked.firstToday === null) return null;
  let day = addDays(today, -1);
  for (let back = 0; back < LONGEST_SEARCH_DAYS; back++) {
    if (asked.lastAsked(day, campaignId) !== null) return day;
    day = addDays(day, -1);
  }
  return null;
}

/** One line of `activity list`. Days are the account's own. */
export interface ActivityLine {
  readonly account_id: string;
  readonly campaign_id: string;
  readonly campaign_name: string | null;
  readonly effective_status: string | null;
  readonly stop_time: string | null;
  readonly state: Activity['state'];
  /** The day the state began. */
  readonly since: string;
  readonly last_delivery: string | null;
  readonly inactive_days: number;
  readonly last_asked: string | null;
  readonly why: string;
}

/** When and by which limits to look; a null day is the day of the account's last answer. */
export interface ActivityView {
  readonly today: string | null;
  readonly settings?: ActivitySettings;
}

/**
 * Where every campaign stands, by account and id, from landing alone: it writes nothing. `accounts`
 * are ids as digits; absent: all that have landed.
 */
export function listActivity(
  lake: Lake,
  accounts?: readonly string[],
  view: ActivityView = { today: null },
): readonly ActivityLine[] {
  return lookAt(lake, accounts, view).map(({ facts, activity }) => ({
    account_id: facts.account_id,
    campaign_id: facts.campaign_id,
    campaign_name: facts.campaign_name,
    effective_status: facts.effective_status,
    stop_time: facts.stop_time,
    state: activity.state,
    since: activity.day,
    last_delivery: activity.last_delivery,
    inactive_days: activity.inactive_days,
    last_asked: facts.lastAsked,
    why: activity.why,
  }));
}

/**
 * A paragraph in words: whether a campaign is in the daily requests, why, what it did before and when
 * it is asked for next; null when no such campaign has landed. `today` is the account's day, null
 * for the day of its last answer.
 */
export function explainActivity(
  lake: Lake,
  campaignId: string,
  today: string | null | ActivityView,
): string | null {
  const view = typeof today === 'string' || today === null ? { today } : today;
  const found = lookAt(lake, undefined, view).find(({ facts }) => facts.campaign_id === campaignId);
  return found === undefined ? null : paragraph(found);
}

function paragraph({ facts, activity }: CampaignActivity): string {
  const name = facts.campaign_name === null ? '' : ` (${JSON.stringify(facts.campaign_name)})`;
  const isIn = activity.state === 'active';
  const place = isIn ? 'is in the daily requests' : 'is left out of the daily requests';
  const status = facts.effective_status === null ? '' : ` Meta calls it ${facts.effective_status}.`;
  const end = facts.stop_time === null ? '' : ` Its end is set to ${facts.stop_time}.`;
  const believed = status + end === '' ? '' : ' Only delivery decides here.';
  const next = isIn
    ? ''
    : ' One request a day looks for new delivery, and it comes back by itself when there is some.';
  const past = activity.history.slice(0, -1).map(({ day, state }) => `${state} from ${day}`);
  const before = past.length === 0 ? '' : ` Before that it was ${past.slice(-5).join(', ')}.`;
  return `Campaign ${facts.campaign_id}${name} of account ${facts.account_id} ${place}: it is ${activity.state} since ${activity.day}. ${activity.why}${status}${end}${believed}${next}${before}`;
}

function lookAt(
  lake: Lake,
  accounts: readonly string[] | undefined,
  view: ActivityView,
): readonly CampaignActivity[] {
  const store = ActivityStore.inMemory();
  try {
    const landed = accountsLanded(lake, datasetNamed('campaigns'));
    return landed
      .filter((accountId) => accounts?.includes(accountId) ?? true)
      .flatMap((accountId) => {
        const today = view.today ?? lastDay(lake, accountId);
        if (today === null) return [];
        const settings = view.settings ?? DEFAULT_SETTINGS;
        const at = { now: UNIMPORTANT, ttlHours: 1 };
        return campaignActivity(store, { lake, accountId, today, settings, ...at });
      });
  } finally {
    store.close();
  }
}

/** A store in memory is always as new as landing, so its age does not matter. */
const UNIMPORTANT = '1970-01-01T00:00:00.000Z';

function lastDay(lake: Lake, accountId: string): string | null {
  const days = ['ad_accounts', 'campaigns', 'insights_campaign_day'].flatMap((name) =>
    listBatches(lake, datasetNamed(name), accountId).map((batch) => batch.today),
  );
  return days.sort().at(-1) ?? null;
}
