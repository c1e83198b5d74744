import { join } from 'node:path';
import { type Batch, readBatchIn, rowsIn } from '../../../landing/batch.ts';
import { landedNotes } from '../../../landing/landed-index.ts';
import { daysOf } from '../../../window.ts';
import { type Lake, landingDir } from '../../../zone.ts';
import type { MetaDataset } from '../datasets.ts';
import { datasetNamed } from '../named.ts';
import type { PullScope } from '../pull-plan.ts';
import type { SizeFacts } from './report-rule.ts';

/** Earlier answers that are looked at: those of about the last two runs. */
const RECENT_ANSWERS = 12;

/**
 * What is known of an account's size from landing. `active` campaigns of `known` ones are expected to
 * deliver; where nothing of that is known yet, all that are listed. Each dataset is looked at once.
 */
export function sizeFacts(
  scope: Pick<PullScope, 'lake' | 'accountId'>,
  activity: { readonly active: number; readonly known: number },
): SizeFacts {
  const { lake, accountId } = scope;
  const recent = (name: string): readonly Batch[] =>
    recentAnswers(lake, datasetNamed(name), accountId);
  const perDay = remembered((name) => rowsPerDay(recent(name)));
  const listed = remembered((name) =>
    Math.max(0, ...recent(name).map(({ pages }) => rowsIn(pages))),
  );
  const share = activity.known === 0 ? 1 : activity.active / activity.known;
  return {
    rowsPerDay: ({ name }) => perDay(name),
    campaigns: Math.max(activity.known, listed('campaigns')),
    objects: (level) => {
      const edge = EDGES[level];
      return edge === undefined ? 1 : Math.max(1, listed(edge) * share);
    },
  };
}

/** Where the objects of a level of insights are listed. */
const EDGES: Readonly<Record<string, string>> = {
  campaign: 'campaigns',
  adset: 'ad_sets',
  ad: 'ads',
};

/** The newest answers, without opening the others. */
function recentAnswers(lake: Lake, dataset: MetaDataset, accountId: string): readonly Batch[] {
  const folder = landingDir(lake, dataset, accountId);
  return landedNotes(lake, dataset, accountId)
    .slice(-RECENT_ANSWERS)
    .map((note) => readBatchIn(join(folder, note.folder)))
    .filter((batch): batch is Batch => batch?.source === 'api');
}

function rowsPerDay(batches: readonly Batch[]): number | null {
  const perDay = batches.flatMap((batch) => {
    const { since, until, campaigns } = batch.scope;
    if (since === null || until === null || campaigns.kind === 'in') return [];
    return [rowsIn(batch.pages) / daysOf({ since, until }).length];
  });
  return perDay.length === 0 ? null : Math.max(...perDay);
}

function remembered<T>(look: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (name) => {
    const found = known.get(name) ?? { value: look(name) };
    known.set(name, found);
    return found.value;
  };
}
