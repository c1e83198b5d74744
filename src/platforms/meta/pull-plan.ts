import type { MetaConfig } from '../../config.ts';
import { AdlakeError } from '../../errors.ts';
import type { Selection } from '../../stage.ts';
import { addDays, intersect, type Window } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import { askedOf, isAskedToday } from './asked.ts';
import { wanted } from './chosen.ts';
import type { MetaDataset } from './datasets.ts';
import { type IdleCampaign, insightQuestions } from './insight-plan.ts';
import { landedBatches } from './landed.ts';
import { datasetNamed } from './named.ts';
import type { Question } from './requests.ts';

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

/** Pixel statistics can be had for the last 7 days only (Meta, pixel stats reference). */
export const PIXEL_DAYS = 7;

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

/** What is due of one insights dataset, with the idle campaigns left out where they can be. */
export function insightQuestionsOf(
  scope: PullScope,
  dataset: MetaDataset,
  idle: readonly IdleCampaign[],
): readonly Question[] {
  return insightQuestions({
    dataset,
    accountId: scope.accountId,
    asked: askedOf(landedBatches(scope.lake, dataset, scope.accountId)),
    today: scope.today,
    lookbackDays: scope.config.lookbackDays,
    chunkDays: scope.config.chunkDays,
    firstPullDays: scope.firstPullDays,
    explicit: explicitWindow(scope),
    idle: dataset.campaignField === undefined ? [] : idle,
  });
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
    window,
    campaigns: { kind: 'all' },
    timezone: from.timezone,
  }));
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

function undatedQuestion(accountId: string, dataset: MetaDataset): Question {
  const campaigns = { kind: 'all' } as const;
  return { dataset, accountId, objectId: null, window: null, campaigns, timezone: null };
}
