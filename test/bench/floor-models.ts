import { MODELS, type Model, modelSql, tablesIn, withAncestors } from '../../src/model.ts';
import { FACTS } from './floor-staging.ts';

/** Staging that the floor makes. */
export const STAGED: ReadonlySet<string> = new Set([
  ...FACTS,
  'campaign_day_versions',
  'batches',
  'fx_rates',
]);

/**
 * The models that the floor makes, too: all of them. The benchmark's landing has nothing of datasets other
 * than `STAGED`, which both sides take for empty, and nothing of dumps, whose table neither makes.
 */
export const FLOOR_MODELS: readonly Model[] = MODELS.filter(({ isOfDump }) => isOfDump !== true);

/** Curated tables that others are built on; all others go straight into their file. */
export const READ_AGAIN: ReadonlySet<string> = new Set(
  FLOOR_MODELS.flatMap((model) => withAncestors({ layer: 'curated', name: model.name }))
    .filter(({ layer }) => layer !== 'staging')
    .flatMap((table) => tablesIn(modelSql(table)))
    .filter(({ layer }) => layer === 'curated')
    .map(({ name }) => name),
);
