import { memberOf } from '../../../json.ts';
import { campaignInScope, readPage } from '../../../landing/batch.ts';
import { readRecords } from '../../../landing/page.ts';
import { landedBatches } from '../../../pull/landed.ts';
import type { Lake } from '../../../zone.ts';
import { datasetNamed } from '../named.ts';
import type { IdScope, KnownObjects } from './part.ts';

/** An object as landing knows it; what it has no place in is empty. */
export interface LandedObject {
  readonly id: string;
  readonly campaignId: string;
  readonly adSetId: string;
}

/** Lists of objects of one account, by the dataset that holds them. */
export type ObjectDataset = 'campaigns' | 'ad_sets' | 'ads';

/**
 * Every object of a dataset that any answer in landing listed, sorted by id. Reads the pages, so it is
 * only for when something has to be split or looked for. Ids that were not sent as text are left out.
 */
export function landedObjects(
  lake: Lake,
  name: ObjectDataset,
  accountId: string,
): readonly LandedObject[] {
  const dataset = datasetNamed(name);
  const objects = new Map<string, LandedObject>();
  for (const batch of landedBatches(lake, dataset, accountId)) {
    for (const page of batch.pages) {
      const bytes = readPage(lake, dataset, { batch, page });
      const content = bytes === null ? null : readRecords(dataset, bytes);
      for (const text of content?.ok === true ? content.records : []) {
        const id = idIn(text, 'id');
        if (id === '') continue;
        const campaignId = idIn(text, 'campaign_id');
        objects.set(id, { id, campaignId, adSetId: idIn(text, 'adset_id') });
      }
    }
  }
  return [...objects.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

/** What an account's landing knows of its objects; each list is read when it is first asked for. */
export function knownObjects(lake: Lake, accountId: string): KnownObjects {
  const lists = new Map<ObjectDataset, readonly LandedObject[]>();
  const list = (name: ObjectDataset): readonly LandedObject[] => {
    const found = lists.get(name) ?? landedObjects(lake, name, accountId);
    lists.set(name, found);
    return found;
  };
  return {
    get campaigns() {
      return list('campaigns').map(({ id }) => id);
    },
    adSetsOf: (campaigns) =>
      list('ad_sets')
        .filter(({ campaignId }) => isIn(campaigns, campaignId))
        .map(({ id }) => id),
    adsOf: (campaigns, adSets) =>
      list('ads')
        .filter(({ campaignId, adSetId }) => isIn(campaigns, campaignId) && isIn(adSets, adSetId))
        .map(({ id }) => id),
  };
}

function isIn(scope: IdScope, id: string): boolean {
  return campaignInScope(scope, id === '' ? null : id);
}

function idIn(text: string, name: string): string {
  return /^"(\d+)"$/.exec(memberOf(text, name) ?? '')?.[1] ?? '';
}
