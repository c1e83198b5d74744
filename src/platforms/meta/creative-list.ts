import { type Batch, readPage, rowsIn } from '../../landing/batch.ts';
import { readRecords } from '../../landing/page.ts';
import { landedBatches } from '../../pull/landed.ts';
import { addDays } from '../../window.ts';
import type { Lake } from '../../zone.ts';
import type { MetaDataset } from './datasets.ts';
import { datasetNamed } from './named.ts';
import { OBJECT_LIMITS } from './object-fields.ts';
import { MOST_DAILY_PAGES, turnOf, WEEK_DAYS, type WeeklyScope } from './weekly.ts';

/**
 * The account's day up to which the list of creatives can wait: the week's next turn, when it is too
 * long to be had daily, came since the last turn, and no ad has a creative that no ad had when it came;
 * else, and for other lists, null. It is the longest of all lists, since its pages are small, and what a
 * creative says hardly ever changes: a new text makes a new creative.
 */
export function listWaitsUntil(
  scope: WeeklyScope & { readonly lake: Lake },
  dataset: MetaDataset,
): string | null {
  const { request } = dataset;
  if (request.kind !== 'object' || request.edge !== 'adcreatives') return null;
  const turn = turnOf(scope, dataset);
  const list = newestWhole(landedBatches(scope.lake, dataset, scope.accountId));
  if (turn === null || list === undefined || list.today < turn) return null;
  if (rowsIn(list.pages) <= MOST_DAILY_PAGES * OBJECT_LIMITS[request.edge]) return null;
  return hasNewCreatives(scope, list) ? null : addDays(turn, WEEK_DAYS);
}

function hasNewCreatives(
  { lake, accountId }: { readonly lake: Lake; readonly accountId: string },
  list: Batch,
): boolean {
  const ads = datasetNamed('ads');
  const batches = landedBatches(lake, ads, accountId);
  const now = newestWhole(batches);
  const then = newestWhole(batches.filter(({ landed_at: at }) => at <= list.landed_at));
  if (now === undefined || then === undefined) return true;
  if (now.batch_id === then.batch_id) return false;
  const known = new Set(creativesOf(lake, ads, then));
  return creativesOf(lake, ads, now).some((id) => !known.has(id));
}

function newestWhole(batches: readonly Batch[]): Batch | undefined {
  return batches.findLast(({ source, scope }) => source === 'api' && scope.complete);
}

function creativesOf(lake: Lake, ads: MetaDataset, batch: Batch): readonly string[] {
  return batch.pages.flatMap((page) => {
    const bytes = readPage(lake, ads, { batch, page });
    const content = bytes === null ? null : readRecords(ads, bytes);
    const records = content?.ok === true ? content.records : [];
    return records.flatMap((text) => creativeOf(JSON.parse(text) as unknown));
  });
}

function creativeOf(ad: unknown): readonly string[] {
  const { creative } = (ad ?? {}) as { readonly creative?: { readonly id?: unknown } };
  return typeof creative?.id === 'string' ? [creative.id] : [];
}
