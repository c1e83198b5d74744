import { MODELS, type Model, modelSql, tablesIn, withAncestors } from '../../src/model.ts';
import { FACTS } from './floor-staging.ts';

/** Staging that the floor makes. */
export const STAGED: ReadonlySet<string> = new Set([...FACTS, 'batches', 'fx_rates']);

/** Staging that is made of the answers' history, which the floor does not keep. */
const OF_HISTORY: ReadonlySet<string> = new Set(['campaign_day_versions']);

/**
 * The models that the floor makes, too: all that are not built on the history of answers. The
 * benchmark's landing has nothing of datasets other than `STAGED`: both sides take them for empty.
 */
export const FLOOR_MODELS: readonly Model[] = MODELS.filter(isKnown);

/** Names of the models that only adlake makes: they cost it time, and the floor none. */
export const BEYOND_FLOOR: readonly string[] = MODELS.filter(
  (model) => !isKnown(model) && model.isOfDump !== true,
).map(({ name }) => name);

/** Curated tables that others are built on; all others go straight into their file. */
export const READ_AGAIN: ReadonlySet<string> = new Set(
  FLOOR_MODELS.flatMap((model) => withAncestors({ layer: 'curated', name: model.name }))
    .filter(({ layer }) => layer !== 'staging')
    .flatMap((table) => tablesIn(modelSql(table)))
    .filter(({ layer }) => layer === 'curated')
    .map(({ name }) => name),
);

/** The benchmark dumps nothing, so a table of dumps is made by neither side. */
function isKnown(model: Model): boolean {
  if (model.isOfDump === true) return false;
  return withAncestors({ layer: 'curated', name: model.name }).every(
    ({ layer, name }) => layer !== 'staging' || !OF_HISTORY.has(name),
  );
}
