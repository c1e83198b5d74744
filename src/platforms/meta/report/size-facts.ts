import type { Batch } from '../../../batch.ts';
import { daysOf } from '../../../window.ts';
import type { MetaDataset } from '../datasets.ts';
import { landedBatches } from '../landed.ts';
import { datasetNamed } from '../named.ts';
import type { PullScope } from '../pull-plan.ts';
import type { SizeFacts } from './report-rule.ts';

/** Earlier answers that are looked at: those of about the last two runs. */
const RECENT_ANSWERS = 8;

/**
 * What is known of an account's size from landing. `active` campaigns of `known` ones are expected to
 * deliver; where nothing of that is known yet, all that are listed. Each dataset is looked at once.
 */
export function sizeFacts(
  scope: Pick<PullScope, 'lake' | 'accountId'>,
  activity: { readonly active: number; readonly known: number },
): SizeFacts {
  const { lake, accountId } = scope;
  const batches = (dataset: MetaDataset): readonly Batch[] =>
    landedBatches(lake, dataset, accountId).filter(({ source }) => source === 'api');
  const perDay = remembered((name) => rowsPerDay(batches(datasetNamed(name))));
  const listed = remembered((name) => rowsOf(batches(datasetNamed(name)).at(-1)));
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

function rowsPerDay(batches: readonly Batch[]): number | null {
  const recent = batches
    .filter(({ scope }) => scope.campaigns.kind !== 'in')
    .slice(-RECENT_ANSWERS)
    .flatMap((batch) => {
      const { since, until } = batch.scope;
      return since === null || until === null
        ? []
        : [rowsOf(batch) / daysOf({ since, until }).length];
    });
  return recent.length === 0 ? null : Math.max(...recent);
}

function rowsOf(batch: Batch | undefined): number {
  return batch?.pages.reduce((sum, { rows }) => sum + (rows ?? 0), 0) ?? 0;
}

function remembered<T>(look: (name: string) => T): (name: string) => T {
  const known = new Map<string, { readonly value: T }>();
  return (name) => {
    const found = known.get(name) ?? { value: look(name) };
    known.set(name, found);
    return found.value;
  };
}
