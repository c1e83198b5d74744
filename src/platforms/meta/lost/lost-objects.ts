import { memberOf } from '../../../json.ts';
import { type Batch, readPage } from '../../../landing/batch.ts';
import { readRecords } from '../../../landing/page.ts';
import { landedBatches } from '../../../pull/landed.ts';
import { daysBetween } from '../../../window.ts';
import type { Lake } from '../../../zone.ts';
import type { MetaDataset } from '../datasets.ts';

/** For so many days, an object that could not be read is not asked for again. */
export const UNREADABLE_DAYS = 7;

/**
 * Those of the ids that no list of the account has, that were not read by id before, and were not
 * found unreadable lately; and those that got no answer before. None while no list has landed, because then all would be.
 */
export function lostObjects(
  from: {
    readonly lake: Lake;
    readonly dataset: MetaDataset;
    readonly accountId: string;
    /** The account's own day. */
    readonly today: string;
  },
  ids: readonly string[],
): readonly string[] {
  const { lake, dataset, accountId, today } = from;
  const batches = landedBatches(lake, dataset, accountId);
  const list = batches.findLast(({ source, scope }) => source === 'api' && scope.complete);
  if (list === undefined) return [];
  const byId = batches.filter(isById);
  const wanted = new Set([...ids, ...byId.flatMap((batch) => idsMissing(batch, true))]);
  if (wanted.size === 0) return [];
  const known = new Set([list, ...byId].flatMap((batch) => idsOf(lake, dataset, batch)));
  for (const batch of byId) {
    if (daysBetween(batch.today, today) >= UNREADABLE_DAYS) continue;
    for (const id of idsMissing(batch, false)) known.add(id);
  }
  return [...wanted].filter((id) => !known.has(id)).sort();
}

/** Why an object is missing that got no answer: it is asked for again by the next run. */
export const UNANSWERED = 'no answer came';

/** What the request of such a batch is described by. */
export const BY_ID = 'by_id';

function isById(batch: Batch): boolean {
  return batch.source === 'api' && batch.request[BY_ID] === true;
}

function idsOf(lake: Lake, dataset: MetaDataset, batch: Batch): readonly string[] {
  return batch.pages.flatMap((page) => {
    const bytes = readPage(lake, dataset, { batch, page });
    const content = bytes === null ? null : readRecords(dataset, bytes);
    const records = content?.ok === true ? content.records : [];
    return records.map((text) => (memberOf(text, 'id') ?? '').replaceAll('"', ''));
  });
}

function idsMissing(batch: Batch, isUnanswered: boolean): readonly string[] {
  const parts = (batch.scope.missing ?? []).filter(
    ({ why }) => (why === UNANSWERED) === isUnanswered,
  );
  return parts.flatMap(({ campaigns, ad_sets, ads }) =>
    [campaigns, ad_sets, ads].flatMap((scope) => (scope.kind === 'in' ? scope.ids : [])),
  );
}
