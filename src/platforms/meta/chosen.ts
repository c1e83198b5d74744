import type { MetaConfig } from '../../config.ts';
import { AdlakeError } from '../../errors.ts';
import { didYouMean } from '../../nearest.ts';
import type { Selection } from '../../stage.ts';
import { META_DATASETS, type MetaDataset } from './datasets.ts';

/** What a command and the settings say of the datasets to pull. */
export interface Choice {
  readonly selection: Selection;
  readonly config: Pick<MetaConfig, 'datasets'>;
}

/**
 * The datasets of one kind of request that are pulled, in the order of `META_DATASETS`: those the
 * command names, whatever the settings say, else those of the settings. Throws `CONFIG_INVALID`.
 */
export function wanted(
  choice: Choice,
  kind: MetaDataset['request']['kind'],
): readonly MetaDataset[] {
  const names = choice.selection.datasets ?? chosenDatasets(choice.config.datasets);
  return META_DATASETS.filter(({ name, request }) => request.kind === kind && names.includes(name));
}

/**
 * The names that META_DATASETS stands for: a list of names is that list; `+name` and `-name` add to
 * the usual ones and take away from them. Null stands for the usual ones, all but those that are
 * optional. Throws `CONFIG_INVALID` for a name that is none.
 */
export function chosenDatasets(terms: readonly string[] | null): readonly string[] {
  const names = (terms ?? []).map((term) => known(term.replace(/^[+-]/, '')));
  const isChange = (terms ?? []).every((term) => /^[+-]/.test(term));
  if (!isChange) return names.filter((_, at) => !terms?.[at]?.startsWith('-'));
  const left = new Set(names.filter((_, at) => terms?.[at]?.startsWith('-')));
  return META_DATASETS.filter(({ name, isOptional }) => names.includes(name) || isOptional !== true)
    .map(({ name }) => name)
    .filter((name) => !left.has(name));
}

function known(name: string): string {
  const names = META_DATASETS.map((dataset) => dataset.name);
  if (names.includes(name)) return name;
  throw new AdlakeError({
    code: 'CONFIG_INVALID',
    message: `META_DATASETS names ${JSON.stringify(name)}, which is no dataset of Meta.${didYouMean(name, names)}`,
    remedy: `Use names of this list, each with + or - in front to change the usual choice: ${names.join(', ')}.`,
  });
}
