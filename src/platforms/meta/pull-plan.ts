import type { MetaConfig } from '../../config.ts';
import { AdlakeError } from '../../errors.ts';
import { askedOf, isAskedToday } from '../../pull/asked.ts';
import { landedBatches } from '../../pull/landed.ts';
import type { Selection } from '../../stage.ts';
import { addDays, intersect, type Window } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import { wanted } from './chosen.ts';
import { listWaitsUntil } from './creative-list.ts';
import { type MetaDataset, PIXEL_DAYS } from './datasets.ts';
import {
  type IdleCampaign,
  type InsightPlanInput,
  insightQuestions,
  waitingDays,
} from './insight-plan.ts';
import { datasetNamed } from './named.ts';
import type { Question } from './requests.ts';
import { historyDays, retentionNotes } from './retention.ts';
import type { Waiting } from './waiting.ts';
import { WEEK_DAYS, weeklyOf } from './weekly.ts';

/** What the questions about one account follow from, beside what is in landing. */
export interface PullScope {
  readonly lake: Lake;
  readonly config: MetaConfig;
  /** Digits, without `act_`. */
  readonly accountId: string;
  /** The account's own day. */
  readonly today: string;
  readonly firstPullDays: number;
  readonly selection: Selection;
}

/** True when the account itself was asked today. */
export function isAccountFresh(scope: PullScope): boolean {
  return isFresh(scope, datasetNamed('ad_accounts'));
}

/** The question who the account is. */
export function accountQuestion(accountId: string): Question {
  return undatedQuestion(accountId, datasetNamed('ad_accounts'));
}

/** Campaigns, ad sets and ads, each unless asked today. */
export function entityQuestions(scope: PullScope): readonly Question[] {
  return wanted(scope, 'entity')
    .filter((dataset) => !isFresh(scope, dataset))
    .map((dataset) => undatedQuestion(scope.accountId, dataset));
}

/** What is asked for, and what of it is left for the week's turn. */
export interface Planned {
  readonly questions: readonly Question[];
  readonly waiting: readonly Waiting[];
}

/** Creatives, audiences and the like, each list unless asked today or, if not named, worth no call yet. */
export function objectPlan(scope: PullScope): Planned {
  const isNamed = ({ name }: MetaDataset) => scope.selection.datasets?.includes(name) === true;
  const plans = wanted(scope, 'object')
    .filter((dataset) => !isFresh(scope, dataset))
    .map((dataset): Planned => {
      const until = isNamed(dataset) ? null : listWaitsUntil(scope, dataset);
      if (until === null) {
        return { questions: [undatedQuestion(scope.accountId, dataset)], waiting: [] };
      }
      const waiting = { dataset: dataset.name, window: null, asked_on: until };
      return { questions: [], waiting: [waiting] };
    });
  return joinPlans(plans);
}

/** Several plans as one, in their order. */
export function joinPlans(plans: readonly Planned[]): Planned {
  return {
    questions: plans.flatMap(({ questions }) => questions),
    waiting: plans.flatMap(({ waiting }) => waiting),
  };
}

/** What is due of the change log. A day is final once it was asked about `ACTIVITY_DAYS` later. */
export function activityQuestions(scope: PullScope, timezone: string): readonly Question[] {
  return wanted(scope, 'activities').flatMap((dataset) =>
    insightQuestions({
      ...insightInput(scope, dataset),
      lookbackDays: ACTIVITY_DAYS,
      chunkDays: ACTIVITY_CHUNK_DAYS,
      idle: [],
    }).map((question) => ({ ...question, timezone })),
  );
}

/** The log is written at once; entries of Meta's own reviews are given some time to come in. */
const ACTIVITY_DAYS = 3;

/** Days of the log in one request: it has few entries a day. */
const ACTIVITY_CHUNK_DAYS = 90;

/** What is due of one insights dataset, with the idle campaigns left out where they can be. */
export function insightPlan(
  scope: PullScope,
  dataset: MetaDataset,
  idle: readonly IdleCampaign[],
): Planned {
  const left = dataset.campaignField === undefined ? [] : idle;
  const input = { ...insightInput(scope, dataset), idle: left };
  return { questions: insightQuestions(input), waiting: waitingOf(input) };
}

function waitingOf(input: InsightPlanInput): readonly Waiting[] {
  const { dataset, weekly = null } = input;
  const days = weekly === null ? [] : waitingDays(input);
  const [since, until] = [days[0], days.at(-1)];
  if (weekly === null || since === undefined || until === undefined) return [];
  const askedOn = addDays(weekly.turn, WEEK_DAYS);
  return [{ dataset: dataset.name, window: { since, until }, asked_on: askedOn }];
}

/**
 * Sentences on days that a first pull, or a window that a person named, wants and Meta does not keep.
 */
export function historyNotes(scope: PullScope): readonly string[] {
  const first = { since: addDays(scope.today, -scope.firstPullDays), until: scope.today };
  return wanted(scope, 'insights').flatMap((dataset) => {
    const isFirst = landedBatches(scope.lake, dataset, scope.accountId).length === 0;
    const window = explicitWindow(scope) ?? (isFirst ? first : null);
    if (window === null) return [];
    const days = historyDays(scope.lake, dataset);
    return retentionNotes(dataset, { window, today: scope.today, historyDays: days });
  });
}

function insightInput(scope: PullScope, dataset: MetaDataset): Omit<InsightPlanInput, 'idle'> {
  const batches = landedBatches(scope.lake, dataset, scope.accountId);
  return {
    dataset,
    accountId: scope.accountId,
    asked: askedOf(batches),
    today: scope.today,
    lookbackDays: scope.config.lookbackDays,
    chunkDays: scope.config.chunkDays,
    firstPullDays: scope.firstPullDays,
    explicit: explicitWindow(scope),
    historyDays: historyDays(scope.lake, dataset),
    weekly: weeklyOf(scope, dataset, batches),
  };
}

/** One question for each pixel; null stands for an account that has none. */
export function pixelQuestions(
  scope: PullScope,
  from: {
    readonly dataset: MetaDataset;
    readonly pixelIds: readonly (string | null)[];
    readonly timezone: string;
  },
): readonly Question[] {
  const window = pixelWindow(scope);
  if (window === null) return [];
  return from.pixelIds.map((objectId) => ({
    dataset: from.dataset,
    accountId: scope.accountId,
    objectId,
    window: withoutOldest(scope, { ...from, objectId, window }),
    campaigns: { kind: 'all' },
    timezone: from.timezone,
  }));
}

/**
 * Meta forgets by the hour: of the oldest day that can be had, one hour comes cut in two. A day that
 * was asked about before is better known than that, so it is left alone.
 */
function withoutOldest(
  scope: PullScope,
  of: {
    readonly dataset: MetaDataset;
    readonly objectId: string | null;
    readonly window: Window;
  },
): Window {
  const oldest = addDays(scope.today, -PIXEL_DAYS);
  const { since, until } = of.window;
  if (since !== oldest || until === oldest) return of.window;
  const batches = landedBatches(scope.lake, of.dataset, scope.accountId);
  const asked = askedOf(batches.filter((batch) => batch.object_id === of.objectId));
  return asked.lastAsked(oldest, null) === null ? of.window : { since: addDays(oldest, 1), until };
}

/** True when pixel statistics are to be asked for: a window was named, or nothing came today. */
export function arePixelsDue(scope: PullScope, dataset: MetaDataset): boolean {
  if (pixelWindow(scope) === null) return false;
  return explicitWindow(scope) !== null || !arePixelsFresh(scope, dataset);
}

/** Pixels that landing has answers of, sorted. */
export function knownPixels(scope: PullScope, dataset: MetaDataset): readonly string[] {
  const ids = landedBatches(scope.lake, dataset, scope.accountId).map((batch) => batch.object_id);
  return [...new Set(ids.filter((id): id is string => id !== null))].sort();
}

/** The window a person named, in account days; null when none was named. Throws `USAGE`. */
export function explicitWindow(
  scope: Pick<PullScope, 'selection' | 'today' | 'firstPullDays'>,
): Window | null {
  const { since, until } = scope.selection;
  if (since === undefined && until === undefined) return null;
  const window = {
    since: since ?? addDays(scope.today, -scope.firstPullDays),
    until: until ?? addDays(scope.today, -1),
  };
  if (window.since <= window.until) return window;
  throw new AdlakeError({
    code: 'USAGE',
    message: `The window begins on ${window.since}, after it ends on ${window.until}; both days belong to it.`,
    remedy: 'Give --since a day that is not after --until.',
  });
}

function pixelWindow(scope: PullScope): Window | null {
  const all = { since: addDays(scope.today, -PIXEL_DAYS), until: addDays(scope.today, -1) };
  const explicit = explicitWindow(scope);
  return explicit === null ? all : intersect(explicit, all);
}

/** Fresh when every pixel that was ever asked about, and the account, has been asked today. */
function arePixelsFresh(scope: PullScope, dataset: MetaDataset): boolean {
  const batches = landedBatches(scope.lake, dataset, scope.accountId);
  const ofPixel = (id: string) => batches.filter((batch) => batch.object_id === id);
  return (
    isAskedToday(batches, scope.today) &&
    knownPixels(scope, dataset).every((id) => isAskedToday(ofPixel(id), scope.today))
  );
}

function isFresh(scope: PullScope, dataset: MetaDataset): boolean {
  return isAskedToday(landedBatches(scope.lake, dataset, scope.accountId), scope.today);
}

/** A question about an account that has no days. */
export function undatedQuestion(accountId: string, dataset: MetaDataset): Question {
  const campaigns = { kind: 'all' } as const;
  return { dataset, accountId, objectId: null, window: null, campaigns, timezone: null };
}
