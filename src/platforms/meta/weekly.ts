import type { MetaConfig } from '../../config.ts';
import { hashOf } from '../../file.ts';
import type { Batch } from '../../landing/batch.ts';
import { addDays, daysBetween } from '../../window.ts';
import type { MetaDataset } from './datasets.ts';
import { lookbackRows } from './lookback-rows.ts';
import { PAGE_LIMIT } from './requests.ts';

/** Days of a dataset that are old enough to be asked for once a week. */
export interface Weekly {
  /** Once a day was asked for when it was so many days old, it waits for the week's turn. */
  readonly fromAge: number;
  /** The newest day up to today (account days) that was the dataset's turn. */
  readonly turn: string;
}

/** Whose turns are meant, and on which of the account's days it is asked. */
export interface WeeklyScope {
  readonly config: Pick<MetaConfig, 'detailDays' | 'lookbackDays' | 'enableActivityFiltering'>;
  /** Digits, without `act_`. */
  readonly accountId: string;
  /** The account's own day. */
  readonly today: string;
}

/** Waiting spares calls only where there is more to bring than this many pages. */
export const MOST_DAILY_PAGES = 2;

/** A week's turn comes again after so many days. */
export const WEEK_DAYS = 7;

/**
 * What of an insights dataset is asked for weekly, or null where every day of the lookback is asked for
 * daily: for account and campaign days, by which all else is judged, where the lookback is short enough
 * to be had daily (`batches` are the dataset's answers, oldest first), and where the settings say so.
 */
export function weeklyOf(
  scope: WeeklyScope,
  dataset: MetaDataset,
  batches: readonly Batch[],
): Weekly | null {
  const turn = isDetail(dataset) ? turnOf(scope, dataset) : null;
  if (turn === null) return null;
  const rows = lookbackRows(batches, { ...scope, lookbackDays: scope.config.lookbackDays });
  if (rows <= MOST_DAILY_PAGES * PAGE_LIMIT) return null;
  return { fromAge: scope.config.detailDays, turn };
}

/**
 * The newest day up to today on which it was the dataset's turn; null where nothing waits for turns.
 * Datasets and accounts have theirs on different days of the week, which follow from their names, so
 * that each day costs about the same.
 */
export function turnOf(scope: WeeklyScope, { name }: MetaDataset): string | null {
  const { config, accountId, today } = scope;
  const { detailDays, lookbackDays, enableActivityFiltering } = config;
  if (!enableActivityFiltering || detailDays >= lookbackDays) return null;
  const digits = hashOf(Buffer.from(`${accountId}/${name}`)).slice(0, 8);
  const phase = Number.parseInt(digits, 16) % WEEK_DAYS;
  return addDays(today, -((daysBetween(EPOCH, today) + phase) % WEEK_DAYS));
}

const EPOCH = '1970-01-01';

/** Ads, ad sets and all breakdowns: what campaign days are made of. */
function isDetail({ name, request }: MetaDataset): boolean {
  if (request.kind !== 'insights' || request.level === 'account') return false;
  return name !== 'insights_campaign_day';
}
