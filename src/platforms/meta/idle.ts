import type { ActivityStore } from '../../activity/store.ts';
import { type CampaignActivity, campaignActivity } from '../../activity/view.ts';
import { askedOf } from '../../pull/asked.ts';
import { landedBatches } from '../../pull/landed.ts';
import { addDays } from '../../window.ts';
import { wanted } from './chosen.ts';
import { groupsOf, type IdleCampaign, MAX_FILTER_IDS } from './insight-plan.ts';
import { datasetNamed } from './named.ts';
import { explicitWindow, type PullScope } from './pull-plan.ts';
import { PAGE_LIMIT, type Question } from './requests.ts';

/** Campaigns of an account as they stand, and those of them that leave the daily requests. */
export interface Standing {
  readonly campaigns: readonly CampaignActivity[];
  readonly idle: readonly CampaignActivity[];
}

/** Nobody is left out: a window was named, filtering is off, or the probe would not be asked. */
export const EVERYBODY_IN: Standing = { campaigns: [], idle: [] };

/**
 * Who stands where on the account's day. Campaigns are left out only when campaign insights are
 * pulled too, because these find those that deliver again. At most `MAX_FILTER_IDS` are left out,
 * those that delivered last: the others have no rows in the lookback, so leaving them in costs
 * nothing.
 */
export function standingOf(scope: PullScope, store: ActivityStore, now: string): Standing {
  const { lake, accountId, today, config } = scope;
  const campaigns = campaignActivity(store, {
    lake,
    accountId,
    today,
    settings: { thresholdDays: config.inactiveThresholdDays },
    now,
    ttlHours: config.activityCacheTtlHours,
  });
  if (!isFiltering(scope)) return { campaigns, idle: [] };
  const idle = campaigns
    .filter(({ activity }) => activity.state !== 'active')
    .toSorted(byLastDelivery)
    .slice(0, MAX_FILTER_IDS);
  return { campaigns, idle };
}

/** What the planner needs of those left out. */
export function idleOf(standing: Standing): readonly IdleCampaign[] {
  return standing.idle.map(({ facts, activity }) => ({
    id: facts.campaign_id,
    deliveryDays: facts.deliveryDays,
    sweepOn: activity.sweepOn,
  }));
}

/**
 * The cheap question of the day: did any campaign that is left out deliver since it was last looked
 * at, and on the threshold's days before yesterday? None about campaigns that were asked about
 * yesterday's delivery today already.
 */
export function probeQuestions(scope: PullScope, standing: Standing): readonly Question[] {
  const { lake, accountId, today, config } = scope;
  const dataset = datasetNamed('insights_campaign_day');
  const asked = askedOf(landedBatches(lake, dataset, accountId));
  const yesterday = addDays(today, -1);
  const unseen = standing.idle.filter(
    ({ facts }) => (asked.lastAsked(yesterday, facts.campaign_id) ?? '') < today,
  );
  const starts = unseen.map(({ facts }) => addDays(facts.knownUntil ?? yesterday, 1));
  const since = [addDays(yesterday, -config.inactiveThresholdDays), ...starts].sort()[0];
  if (since === undefined) return [];
  const ids = unseen.map(({ facts }) => facts.campaign_id).sort();
  return groupsOf(ids).map((group) => ({
    dataset,
    accountId,
    objectId: null,
    window: { since, until: yesterday },
    campaigns: { kind: 'in', ids: group },
    timezone: null,
  }));
}

/**
 * Pages that an answer would have had more, had nobody been left out. The rows of those left out are
 * not known; they are taken to be as many for each campaign and day with delivery as the answer has.
 * An estimate from what is known, and not a bit more: most days it is 0.
 */
export function pagesSaved(question: Question, rows: number, standing: Standing): number {
  const { campaigns, window } = question;
  if (campaigns.kind !== 'not_in' || window === null) return 0;
  const left = new Set(campaigns.ids);
  let daysIn = 0;
  let daysOut = 0;
  for (const { facts } of standing.campaigns) {
    const { since, until } = window;
    const days = facts.deliveryDays.filter((day) => day >= since && day <= until).length;
    if (left.has(facts.campaign_id)) daysOut += days;
    else daysIn += days;
  }
  const more = daysIn === 0 ? 0 : Math.round((rows * daysOut) / daysIn);
  return pagesOf(rows + more) - pagesOf(rows);
}

function pagesOf(rows: number): number {
  return Math.max(1, Math.ceil(rows / PAGE_LIMIT));
}

function isFiltering(scope: PullScope): boolean {
  const isProbed = wanted(scope, 'insights').some(({ name }) => name === 'insights_campaign_day');
  return scope.config.enableActivityFiltering && explicitWindow(scope) === null && isProbed;
}

function byLastDelivery(left: CampaignActivity, right: CampaignActivity): number {
  const a = left.activity.last_delivery ?? '';
  const b = right.activity.last_delivery ?? '';
  if (a !== b) return a > b ? -1 : 1;
  return left.facts.campaign_id < right.facts.campaign_id ? -1 : 1;
}
