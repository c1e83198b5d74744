import type { CampaignScope } from '../../landing/batch.ts';
import type { Asked } from '../../pull/asked.ts';
import { isDayDue, reachOf, runsOf } from '../../pull/due-days.ts';
import { addDays, chunks, daysOf, intersect, SETTLEMENT_DAYS, type Window } from '../../window.ts';
import type { MetaDataset } from './datasets.ts';
import type { Question } from './requests.ts';
import { TOTAL_DAYS } from './retention.ts';
import type { Weekly } from './weekly.ts';

/** A campaign that is left out of the daily requests, and what its sweeps need to know. */
export interface IdleCampaign {
  readonly id: string;
  /** Days with delivery (account days), oldest first. */
  readonly deliveryDays: readonly string[];
  /** The newest day, up to today, on which it was due to be asked for although idle; null: none. */
  readonly sweepOn: string | null;
}

/** What the questions of one insights dataset and account follow from. */
export interface InsightPlanInput {
  readonly dataset: MetaDataset;
  readonly accountId: string;
  readonly asked: Asked;
  /** The account's current day. */
  readonly today: string;
  readonly lookbackDays: number;
  readonly chunkDays: number;
  readonly firstPullDays: number;
  /** Asked for by a person: exactly this window, fresh or not, with no campaign left out. */
  readonly explicit: Window | null;
  /** Days before today that the dataset can be asked about; absent: those of totals. */
  readonly historyDays?: number;
  /** Campaigns to leave out, as far as nothing of them would be missed. */
  readonly idle: readonly IdleCampaign[];
  /** Which days wait for the week's turn; absent or null: none, each due day is asked for daily. */
  readonly weekly?: Weekly | null;
}

/**
 * Campaign ids that go into one filter. From about 200 on, the address gets too long for a server, and
 * the client sends the question in the body of a batch; 500 take about 14 kB there.
 */
export const MAX_FILTER_IDS = 500;

/** A click can bring a conversion for this many days: the longest attribution window. */
export const CONVERSION_DAYS = 28;

/**
 * The questions that bring a dataset up to date. Each day is asked for until it was asked for at an
 * age of `lookbackDays`; a day that was asked for today is fresh. With a run every day that is the
 * lookback and nothing else; after a pause it is also what had not settled before. Idle campaigns
 * are left out of these and asked for by name when their sweep is due, and a campaign that is idle
 * no longer is asked for by name for what was missed meanwhile. Days that wait for the week's turn are
 * then asked for with everybody, which is as good as a sweep. Pure.
 */
export function insightQuestions(input: InsightPlanInput): readonly Question[] {
  if (input.explicit !== null) {
    const within = intersect(input.explicit, { ...input.explicit, since: oldestOf(input) });
    return within === null ? [] : ask(input, daysOf(within), { kind: 'all' });
  }
  const days = daysOf(spanOf(input)).map((day): DayState => ({ day }));
  const due = days.filter((day) => isDue(input, day, input.asked.lastAsked(day.day, null)));
  const left = input.idle.filter((campaign) => canBeLeftOut(input, campaign, due));
  const isOfAll = (day: DayState): boolean => isMissed(input, day) || isOfWeek(input, day);
  const filtered: CampaignScope =
    left.length === 0 ? { kind: 'all' } : { kind: 'not_in', ids: idsOf(left) };
  return [
    ...ask(input, due.filter(isOfAll).map(textOf), { kind: 'all' }),
    ...ask(input, due.filter((day) => !isOfAll(day)).map(textOf), filtered),
    ...byName(input, { days, due, left }),
  ];
}

/** Days (the account's own, oldest first) that would be asked for today, did they not wait for the week's turn. */
export function waitingDays(input: InsightPlanInput): readonly string[] {
  if (input.explicit !== null) return [];
  return daysOf(spanOf(input)).filter((day) => {
    const lastAsked = input.asked.lastAsked(day, null);
    return isDayDue(day, { ...input, lastAsked }) && isWaiting(input, day, lastAsked);
  });
}

/** The days a first pull or the lookback can reach, as far as Meta keeps them. */
export function spanOf(
  input: Pick<
    InsightPlanInput,
    'asked' | 'today' | 'firstPullDays' | 'lookbackDays' | 'historyDays'
  >,
): Window {
  return reachOf({ ...input, historyDays: input.historyDays ?? TOTAL_DAYS });
}

function oldestOf({ today, historyDays }: Pick<InsightPlanInput, 'today' | 'historyDays'>): string {
  return addDays(today, -(historyDays ?? TOTAL_DAYS));
}

interface DayState {
  readonly day: string;
}

function isDue(input: InsightPlanInput, { day }: DayState, lastAsked: string | null): boolean {
  return isDayDue(day, { ...input, lastAsked }) && !isWaiting(input, day, lastAsked);
}

/** Old enough when it was asked for last, which was since the last turn. */
function isWaiting({ weekly = null }: InsightPlanInput, day: string, lastAsked: string | null) {
  if (weekly === null || lastAsked === null) return false;
  return lastAsked >= addDays(day, weekly.fromAge) && lastAsked >= weekly.turn;
}

/** Past the age up to which days are asked for daily: until then those who sleep were left out. */
function isOfWeek({ weekly = null, today }: InsightPlanInput, { day }: DayState): boolean {
  return weekly !== null && today > addDays(day, weekly.fromAge);
}

/**
 * A day that could have been asked about before and was not (a first pull, or one that was cut
 * short): nobody knows who delivered on it, so nobody is left out.
 */
function isMissed(input: InsightPlanInput, { day }: DayState): boolean {
  const { lastToday, lastAsked } = input.asked;
  return lastAsked(day, null) === null && (lastToday === null || day < lastToday);
}

/** A campaign stays in until every day of its delivery that is asked about has been asked once. */
function canBeLeftOut(
  input: InsightPlanInput,
  campaign: IdleCampaign,
  due: readonly DayState[],
): boolean {
  const days = new Set(due.map(textOf));
  return campaign.deliveryDays
    .filter((day) => days.has(day))
    .every((day) => input.asked.lastAsked(day, campaign.id) !== null);
}

/** Campaigns that are asked for by name: idle ones whose sweep is due, and those that are back. */
function byName(
  input: InsightPlanInput,
  state: {
    readonly days: readonly DayState[];
    readonly due: readonly DayState[];
    readonly left: readonly IdleCampaign[];
  },
): readonly Question[] {
  const covered = new Set(state.due.map(textOf));
  const leftIds = new Set(idsOf(state.left));
  const dueDays = (id: string): readonly DayState[] =>
    state.days.filter((day) => isDue(input, day, input.asked.lastAsked(day.day, id)));
  const swept = state.left
    .map((campaign) => ({
      campaign,
      days: dueDays(campaign.id).filter((day) => needsSweep(input, day)),
    }))
    .filter(({ campaign, days }) => isSweepDue(input, campaign, days))
    .map(({ campaign, days }) => ({ id: campaign.id, days: days.map(textOf) }));
  const back = [...input.asked.named]
    .filter((id) => !leftIds.has(id))
    .map((id) => ({
      id,
      days: dueDays(id)
        .map(textOf)
        .filter((day) => !covered.has(day)),
    }));
  return nameQuestions(
    input,
    [...swept, ...back].filter(({ days }) => days.length > 0),
  );
}

/** A day that is still to come up weekly, with everybody, needs no sweep; one that is final for all others does. */
function needsSweep({ weekly = null, asked, lookbackDays }: InsightPlanInput, { day }: DayState) {
  if (weekly === null) return true;
  return (asked.lastAsked(day, null) ?? '') >= addDays(day, lookbackDays);
}

/**
 * A sweep asks for the days before it. Only those on which the campaign can still have conversions
 * make it due.
 */
function isSweepDue(
  input: InsightPlanInput,
  campaign: IdleCampaign,
  days: readonly DayState[],
): boolean {
  const last = campaign.deliveryDays.at(-1);
  const { sweepOn } = campaign;
  if (last === undefined || sweepOn === null) return false;
  const from = addDays(last, 1 - SETTLEMENT_DAYS);
  const to = addDays(last, CONVERSION_DAYS);
  return days
    .filter(({ day }) => day >= from && day <= to && day < sweepOn)
    .some(({ day }) => (input.asked.lastAsked(day, campaign.id) ?? '') < sweepOn);
}

/** Few campaigns bring few rows, so questions about named ones take this many chunks at once. */
const NAMED_CHUNKS = 4;

/** An account has one row a day. */
function chunksAtOnce({ dataset: { request } }: InsightPlanInput): number {
  return request.kind === 'insights' && request.level === 'account' ? NAMED_CHUNKS : 1;
}

interface NamedDays {
  readonly id: string;
  readonly days: readonly string[];
}

function nameQuestions(input: InsightPlanInput, wanted: readonly NamedDays[]): readonly Question[] {
  const all = wanted.flatMap(({ days }) => days).sort();
  const since = all[0];
  const until = all.at(-1);
  if (since === undefined || until === undefined) return [];
  const days = atMost(input, input.chunkDays * NAMED_CHUNKS);
  return chunks({ since, until }, days).flatMap((window) => {
    const ids = wanted
      .filter(({ days }) => days.some((day) => day >= window.since && day <= window.until))
      .map(({ id }) => id)
      .sort();
    return groupsOf(ids).map((group) => questionOf(input, window, { kind: 'in', ids: group }));
  });
}

/** Some datasets take fewer days in a request than is cheap, whoever it names. */
function atMost({ dataset }: InsightPlanInput, days: number): number {
  const { request } = dataset;
  return request.kind === 'insights' ? Math.min(days, request.mostDays ?? days) : days;
}

/** Cuts a list of ids into groups that fit a filter. */
export function groupsOf(ids: readonly string[]): readonly (readonly string[])[] {
  const count = Math.ceil(ids.length / MAX_FILTER_IDS);
  return Array.from({ length: count }, (_, index) =>
    ids.slice(index * MAX_FILTER_IDS, (index + 1) * MAX_FILTER_IDS),
  );
}

function ask(
  input: InsightPlanInput,
  days: readonly string[],
  scope: CampaignScope,
): readonly Question[] {
  return runsOf(days)
    .flatMap((window) => chunks(window, atMost(input, input.chunkDays * chunksAtOnce(input))))
    .map((window) => questionOf(input, window, scope));
}

function questionOf(input: InsightPlanInput, window: Window, campaigns: CampaignScope): Question {
  const { dataset, accountId } = input;
  return { dataset, accountId, objectId: null, window, campaigns, timezone: null };
}

function idsOf(campaigns: readonly IdleCampaign[]): readonly string[] {
  return campaigns.map(({ id }) => id).sort();
}

function textOf(state: DayState): string {
  return state.day;
}
