import { type Batch, readPage } from '../../landing/batch.ts';
import { readRecords } from '../../landing/page.ts';
import { landedBatches } from '../../pull/landed.ts';
import type { Lake } from '../../zone.ts';
import type { MetaDataset } from './datasets.ts';
import { datasetNamed } from './named.ts';
import { turnOf, type WeeklyScope } from './weekly.ts';

/**
 * True when the list of creatives can wait for the week's turn: it came since the last turn, and no ad
 * has a creative that no ad had when it came. It is the longest of all lists, since its pages are
 * small, and what a creative says hardly ever changes: a new text makes a new creative.
 */
export function canListWait(
  scope: WeeklyScope & { readonly lake: Lake },
  dataset: MetaDataset,
): boolean {
  const { request } = dataset;
  if (request.kind !== 'object' || request.edge !== 'adcreatives') return false;
  const turn = turnOf(scope, dataset);
  const list = newestWhole(landedBatches(scope.lake, dataset, scope.accountId));
  if (turn === null || list === undefined || list.today < turn) return false;
  return !hasNewCreatives(scope, list);
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
